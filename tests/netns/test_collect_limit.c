// SPDX-License-Identifier: GPL-2.0-or-later
/* A limit that is reached is told once, and its command is run; also over a restart. */
#define _GNU_SOURCE 1
#ifdef HAVE_SQLITE3
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <netacct/cleanup.h>

#include "collecting.h"
#include "harness.h"
#include "pair.h"

#define SCRIPT "/run/reached"
#define REACHED "/run/reached.txt"

static const struct packet datagram = {
	.family = AF_INET,
	.source = "10.1.0.0",
	.destination = "10.2.0.1",
	.protocol = IPPROTO_UDP,
	.source_port = 4000,
	.destination_port = 53,
	.payload = 958, /* 1,000 bytes with UDP, IPv4 and Ethernet */
};

static const char configuration[] =
	"{\"polling_interval\": 0.2, \"history\": {\"path\": \"" COLLECTING_HISTORY "\"},\n"
	" \"limits\": [{\"name\": \"small\", \"source\": \"right--*\", \"period\": \"day\",\n"
	"  \"direction\": \"out\", \"bytes\": 100000, \"at\": [50, 100],\n"
	"  \"command\": [\"" SCRIPT "\"]}],\n"
	" \"instances\": [{\"namespace\": \"right\", \"interface\": \"v1\"}]}\n";

static unsigned int lines_of(const char *path)
{
	_cleanup_fclose_ FILE *file = fopen(path, "re");
	unsigned int lines = 0;
	int byte;

	while (file && (byte = fgetc(file)) != EOF)
		lines += byte == '\n';
	return lines;
}

/* One run in which that many packets of 1,000 bytes are sent. */
static void run_with(struct pair *pair, unsigned int packets, struct run *ret)
{
	struct collecting collecting;

	collecting_start(&collecting, ARGUMENTS("collect", "-c", COLLECTING_CONFIG));
	sender_send(&pair->out, &datagram, packets);
	sleep_ms(slow() ? 10000 : 800);
	collecting_end(&collecting, SIGTERM, ret);
}

TEST(collect, limit_is_told_once)
{
	_cleanup_run_ struct run below = {0}, half = {0}, more = {0}, whole = {0};
	_cleanup_pair_ struct pair pair;

	pair_make(&pair, 0);
	collecting_write(COLLECTING_CONFIG, configuration);
	collecting_write(SCRIPT, "#!/bin/sh\necho $NETACCT_LIMIT $NETACCT_PERCENT >>" REACHED "\n");
	CHECK(!chmod(SCRIPT, 0700), SCRIPT ": %m");
	run_with(&pair, 49, &below);
	CHECK(!strstr(below.err, "small"), "told too soon: %s", below.err);
	run_with(&pair, 1, &half);
	expect_contains("at half of it", "small: 50 %", half.err);
	expect_number("runs of the command", 1, lines_of(REACHED));
	run_with(&pair, 49, &more);
	CHECK(!strstr(more.err, "small"), "told again: %s", more.err);
	run_with(&pair, 1, &whole);
	expect_contains("at all of it", "small: 100 %", whole.err);
	expect_number("runs of the command", 2, lines_of(REACHED));
}
#endif
