// SPDX-License-Identifier: GPL-2.0-or-later
#define _GNU_SOURCE 1
#include "collecting.h"

#ifdef HAVE_SQLITE3

#include <glob.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include <netacct/cleanup.h>

#include "../../src/history/history.h"
#include "dump.h"
#include "harness.h"
#include "pair.h"

#define NOTIFY "/run/notify"
#define PATIENCE 30000

static const char configuration[] =
	"{\"polling_interval\": 0.2, \"history\": {\"path\": \"" COLLECTING_HISTORY "\"},\n"
	" \"instances\": [{\"namespace\": \"right\", \"interface\": \"v1\", \"key\": \"flow\",\n"
	"  \"output_file\": \"" COLLECTING_OUTPUT "\"%s}]}\n";

void collecting_traffic(struct pair *pair, unsigned int in, unsigned int out)
{
	sender_flows(&pair->in, &packet_datagram, in);
	sender_flows(&pair->out, &packet_datagram, out);
}

void collecting_write(const char *path, const char *text)
{
	char fresh[128];
	FILE *file;

	snprintf(fresh, sizeof(fresh), "%s.new", path);
	file = fopen(fresh, "we");
	CHECK(file && fputs(text, file) >= 0 && !fclose(file), "%s: %m", fresh);
	CHECK(!rename(fresh, path), "%s: %m", path);
}

void collecting_configure(const char *more)
{
	char text[2048];

	snprintf(text, sizeof(text), configuration, more);
	collecting_write(COLLECTING_CONFIG, text);
}

static int listen_for_it(void)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = NOTIFY};
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	unlink(NOTIFY);
	CHECK(fd >= 0 && !bind(fd, (const struct sockaddr *)&address, sizeof(address)),
	      NOTIFY ": %m");
	return fd;
}

void collecting_await(struct collecting *collecting, const char *part)
{
	uint64_t deadline = now_ms() + (slow() ? 10 : 1) * PATIENCE;
	struct pollfd fd = {.fd = collecting->notify, .events = POLLIN};
	char heard[2048];

	while (now_ms() < deadline) {
		_cleanup_run_ struct run run = {0};
		ssize_t length;

		if (poll(&fd, 1, 100) == 1) {
			length = recv(fd.fd, heard, sizeof(heard) - 1, 0);
			heard[length > 0 ? length : 0] = '\0';
			if (strstr(heard, part))
				return;
		}
		if (!kill(collecting->tool.pid, 0) &&
		    poll(&(struct pollfd){.fd = collecting->tool.out}, 1, 0) != 1)
			continue;
		tool_finish(&collecting->tool, &run);
		fail("collect ended with %d; stderr: %s", run.status, run.err);
	}
	fail("collect did not say %s", part);
}

void collecting_ready(struct collecting *collecting)
{
	collecting_await(collecting, "READY=1");
}

void collecting_start(struct collecting *collecting, const char *const *argv)
{
	collecting->notify = listen_for_it();
	setenv("NOTIFY_SOCKET", NOTIFY, 1);
	tool_start(&collecting->tool, argv);
	unsetenv("NOTIFY_SOCKET");
	collecting_ready(collecting);
}

void collecting_begin(struct collecting *collecting)
{
	collecting_start(collecting, ARGUMENTS("collect", "-c", COLLECTING_CONFIG, "--debug"));
}

void collecting_end(struct collecting *collecting, int signal, struct run *ret)
{
	kill(collecting->tool.pid, signal);
	tool_finish(&collecting->tool, ret);
	close(collecting->notify);
	CHECK(ret->status == (signal == SIGKILL ? 128 + SIGKILL : 0),
	      "collect ended with %d; stderr: %s", ret->status, ret->err);
}

void collecting_stop(struct collecting *collecting)
{
	_cleanup_run_ struct run run = {0};

	collecting_end(collecting, SIGTERM, &run);
}

static char *read_whole(const char *path)
{
	_cleanup_fclose_ FILE *file = fopen(path, "re");
	char *text = NULL;
	size_t size = 0;

	CHECK(file && getdelim(&text, &size, '\0', file) > 0, "%s: %m", path);
	return text;
}

void collecting_file(struct ledger *ret)
{
	_cleanup_free_ char *text = read_whole(COLLECTING_OUTPUT);
	_cleanup_dump_ struct dump dump = {0};

	dump_parse(&dump, text);
	json_flows(dump_source(&dump, PAIR_ID), ret);
}

unsigned int collecting_meters(void)
{
	unsigned int count;
	glob_t found = {0};

	glob("/sys/fs/bpf/netacct/m-*", 0, NULL, &found);
	count = (unsigned int)found.gl_pathc;
	globfree(&found);
	return count;
}

static int add_row(void *context, const struct history_row *row)
{
	struct ledger_count *sum = context;

	sum->packets[LEDGER_RX] += row->rx.packets;
	sum->bytes[LEDGER_RX] += row->rx.bytes;
	sum->packets[LEDGER_TX] += row->tx.packets;
	sum->bytes[LEDGER_TX] += row->tx.bytes;
	return 0;
}

struct ledger_count collecting_history(const char *path)
{
	struct history_error why = {0};
	struct history *history = NULL;
	struct ledger_count sum = {0};
	int64_t now = time(NULL);
	int error = history_open_readonly(path, &history, &why);

	if (!error)
		error = history_rows(history, now - 86400, now + 86400, HISTORY_5MIN, UINT32_MAX,
				     add_row, &sum, &why);
	CHECK(!error, "%s: %s", path, why.text);
	history_close(history);
	return sum;
}

void collecting_expect(const struct ledger *sent)
{
	_cleanup_ledger_ struct ledger wanted = {0}, got = {0};
	struct ledger_count stored = collecting_history(COLLECTING_HISTORY);

	expect_count("the history", &sent->accounted, &stored);
	ledger_coarsen(sent, KEY_FLOW, &wanted);
	collecting_file(&got);
	expect_flows(&wanted, &got);
	expect_number("meters that are left", 0, collecting_meters());
}

#endif
