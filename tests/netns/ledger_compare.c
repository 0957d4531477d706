// SPDX-License-Identifier: GPL-2.0-or-later
#define _GNU_SOURCE 1
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include <netacct/cleanup.h>

#include "harness.h"
#include "ledger.h"

#define SHOWN 4 /* differences that a message names */

static void count_text(const struct ledger_count *count, char text[static 128])
{
	snprintf(text, 128, "rx %llu packets %llu bytes, tx %llu packets %llu bytes",
		 (unsigned long long)count->packets[LEDGER_RX],
		 (unsigned long long)count->bytes[LEDGER_RX],
		 (unsigned long long)count->packets[LEDGER_TX],
		 (unsigned long long)count->bytes[LEDGER_TX]);
}

static void end_text(const struct ledger_flow_key *key, const uint8_t *address, int32_t port,
		     char text[static 80])
{
	char numeric[INET6_ADDRSTRLEN] = "";

	if (key->family)
		inet_ntop(key->family, address, numeric, sizeof(numeric));
	if (port >= 0)
		snprintf(text, 80, "[%s]:%d", numeric, port);
	else
		snprintf(text, 80, "%s", numeric);
}

static void key_text(const struct ledger_flow_key *key, char text[static 256])
{
	char local[80], remote[80];

	end_text(key, key->local, key->local_port, local);
	end_text(key, key->remote, key->remote_port, remote);
	snprintf(text, 256, "%s <> %s protocol %d%s", local, remote, key->protocol,
		 key->fragment ? " fragment" : "");
}

void expect_count(const char *what, const struct ledger_count *expected,
		  const struct ledger_count *got)
{
	char wanted[128], found[128];

	if (!memcmp(expected, got, sizeof(*expected)))
		return;
	count_text(expected, wanted);
	count_text(got, found);
	fail("%s: expected %s; got %s", what, wanted, found);
}

/* Notes what is in `expected` and not the same in `got`; returns how many. */
static size_t note_wrong(const struct ledger *expected, struct ledger *got, FILE *notes)
{
	size_t wrong = 0;

	for (size_t i = 0; i < expected->count; i++) {
		const struct ledger_flow *flow = &expected->flows[i];
		size_t before = got->count;
		const struct ledger_flow *same = ledger_flow(got, &flow->key);
		char key[256], wanted[128], found[128] = "no such flow";

		if (!memcmp(&flow->count, &same->count, sizeof(flow->count)) || wrong++ >= SHOWN)
			continue;
		key_text(&flow->key, key);
		count_text(&flow->count, wanted);
		if (got->count == before)
			count_text(&same->count, found);
		fprintf(notes, "\n  flow %s: expected %s; got %s", key, wanted, found);
	}
	return wrong;
}

/* Notes the flows in `got` that `expected` does not have. */
static size_t note_surplus(struct ledger *expected, const struct ledger *got, FILE *notes)
{
	size_t wrong = 0;

	for (size_t i = 0; i < got->count; i++) {
		size_t before = expected->count;
		char key[256], found[128];

		ledger_flow(expected, &got->flows[i].key);
		if (expected->count == before || wrong++ >= SHOWN)
			continue;
		key_text(&got->flows[i].key, key);
		count_text(&got->flows[i].count, found);
		fprintf(notes, "\n  flow %s: not expected; got %s", key, found);
	}
	return wrong;
}

void expect_flows(const struct ledger *expected, const struct ledger *got)
{
	_cleanup_ledger_ struct ledger wanted = {0}, found = {0};
	_cleanup_free_ char *text = NULL;
	size_t size, wrong;
	FILE *notes = open_memstream(&text, &size);

	CHECK(notes, "out of memory");
	ledger_merge(&wanted, expected);
	ledger_merge(&found, got);
	wrong = note_surplus(&wanted, got, notes);
	wrong += note_wrong(expected, &found, notes);
	fclose(notes);
	CHECK(!wrong, "%zu of %zu flows differ (%zu got):%s", wrong, expected->count, got->count,
	      text);
}

void expect_ledger(const struct ledger *expected, const struct ledger *got)
{
	expect_flows(expected, got);
	expect_count("seen", &expected->seen, &got->seen);
	expect_count("accounted", &expected->accounted, &got->accounted);
	expect_count("excluded", &expected->excluded, &got->excluded);
	expect_count("overflow", &expected->overflow, &got->overflow);
	expect_count("non_ip", &expected->non_ip, &got->non_ip);
	expect_balance(got);
}

void expect_balance(const struct ledger *got)
{
	struct ledger_count buckets = got->accounted, records = ledger_sum(got);

	count_add(&buckets, &got->excluded);
	count_add(&buckets, &got->overflow);
	count_add(&buckets, &got->non_ip);
	expect_count("the sum of the buckets (expected: seen)", &got->seen, &buckets);
	count_add(&records, &got->handed_out);
	expect_count("flow records and handed out (expected: accounted)", &got->accounted,
		     &records);
}
