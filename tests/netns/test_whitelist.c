// SPDX-License-Identifier: GPL-2.0-or-later
/* Traffic of whitelisted addresses is counted, and in no flow. */
#define _GNU_SOURCE 1
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include <netacct/cleanup.h>

#include "dump.h"
#include "harness.h"
#include "pair.h"
#include "tool.h"

static const char list[] =
	"{\"metadata\": {\"version\": \"1.0\"}, \"whitelist\": {"
	"\"hosts\": {\"enabled\": true, \"ips\": [\"10.0.0.9\", \"fd00::9\"], \"cidrs\": []},"
	"\"nets\": {\"enabled\": true, \"ips\": [], "
	"\"cidrs\": [\"192.168.0.0/16\", \"fd01:2::/32\", \"10.5.5.128/25\"]},"
	"\"off\": {\"enabled\": false, \"ips\": [\"10.0.0.1\"], \"cidrs\": [\"10.0.0.0/8\"]}}}";

static struct packet between(const char *source, const char *destination)
{
	return (struct packet){
		.family = strchr(source, ':') ? AF_INET6 : AF_INET,
		.source = source,
		.destination = destination,
		.protocol = IPPROTO_UDP,
		.source_port = 1,
		.destination_port = 2,
		.payload = 200,
	};
}

/* Pairs of addresses, and whether the whitelist has one of them. */
static const struct {
	const char *source, *destination;
	bool excluded;
} traffic[] = {
	{"10.0.0.1", "10.0.0.2", false},    {"10.0.0.9", "10.0.0.2", true},
	{"10.0.0.2", "10.0.0.9", true},	    {"10.0.0.8", "10.0.0.10", false},
	{"192.168.3.4", "10.0.0.2", true},  {"192.167.255.255", "10.0.0.2", false},
	{"192.169.0.0", "10.0.0.2", false}, {"10.5.5.127", "10.0.0.2", false},
	{"10.5.5.128", "10.0.0.2", true},   {"10.5.5.255", "10.0.0.2", true},
	{"10.5.6.0", "10.0.0.2", false},    {"fd00::9", "fd00::1", true},
	{"fd00::8", "fd00::1", false},	    {"fd01:2:ffff::1", "fd00::1", true},
	{"fd01:3::1", "fd00::1", false},    {"fd00::1", "fd01:2::", true},
	{"a00:9::", "fd00::1", false}, /* the bytes of 10.0.0.9 at the start of an IPv6 address */
	{"::a00:9", "fd00::1", false}, /* and at its end */
};

static void expect_exclusion(struct pair *pair, const struct ledger *excluded, enum ledger_key key)
{
	_cleanup_ledger_ struct ledger expected = {0};

	ledger_coarsen(&pair->ledger, key, &expected);
	count_add(&expected.seen, &excluded->seen);
	count_add(&expected.excluded, &excluded->seen);
	meter_expect(PAIR_ID, &expected, key);
}

static void check_whitelist(const char *key, enum ledger_key kind, const char *hook)
{
	_cleanup_free_ char *file = write_file("whitelist.json", list);
	_cleanup_ledger_ struct ledger excluded = {0};
	_cleanup_pair_ struct pair pair;

	pair_make(&pair, 0);
	if (hook)
		netacct("attach", "--whitelist", file, "--key", key, hook, PAIR_SOURCE);
	else
		netacct("attach", "--whitelist", file, "--key", key, PAIR_SOURCE);
	for (size_t i = 0; i < ARRAY_SIZE(traffic); i++) {
		struct packet packet = between(traffic[i].source, traffic[i].destination);

		pair.in.received = pair.out.sent = traffic[i].excluded ? &excluded : &pair.ledger;
		pair_exchange(&pair, &packet, 3 + (unsigned int)i);
	}
	expect_exclusion(&pair, &excluded, kind);
	netacct("verify");
}

TEST(whitelist, total)
{
	check_whitelist("total", KEY_TOTAL, NULL);
}

TEST(whitelist, host)
{
	check_whitelist("host", KEY_HOST, NULL);
}

TEST(whitelist, remote)
{
	check_whitelist("remote", KEY_REMOTE, NULL);
}

TEST(whitelist, host_pair)
{
	check_whitelist("host-pair", KEY_HOST_PAIR, NULL);
}

TEST(whitelist, flow_xdp)
{
	check_whitelist("flow", KEY_FLOW, "--xdp=native");
}

/* One local host, two remotes in turn, one of them whitelisted: the slot of the host has both. */
TEST(whitelist, host_with_one_of_two_remotes)
{
	_cleanup_free_ char *file = write_file("whitelist.json", list);
	struct packet counted = between("10.0.0.1", "10.0.0.2");
	struct packet passed = between("10.0.0.9", "10.0.0.2");
	_cleanup_ledger_ struct ledger excluded = {0};
	_cleanup_pair_ struct pair pair;

	pair_make(&pair, 0);
	netacct("attach", "--whitelist", file, "--key", "host", PAIR_SOURCE);
	for (unsigned int i = 0; i < 200; i++) {
		pair.in.received = pair.out.sent = &pair.ledger;
		pair_exchange(&pair, &counted, 1);
		pair.in.received = pair.out.sent = &excluded;
		pair_exchange(&pair, &passed, 1);
	}
	expect_exclusion(&pair, &excluded, KEY_HOST);
}

/* Excluded is decided before overflow. */
TEST(whitelist, before_overflow)
{
	_cleanup_free_ char *file = write_file("whitelist.json", list);
	struct packet counted = between("10.1.0.0", "10.2.0.2");
	struct packet passed = between("192.168.0.0", "10.2.0.2");
	_cleanup_ledger_ struct ledger excluded = {0}, got = {0};
	_cleanup_pair_ struct pair pair;

	pair_make(&pair, 0);
	netacct("attach", "--whitelist", file, "--max-flows", "100", PAIR_SOURCE);
	sender_flows(&pair.in, &counted, 5000);
	pair.in.received = &excluded;
	sender_flows(&pair.in, &passed, 5000);
	ledger_merge(&pair.ledger, &excluded);
	meter_settle(PAIR_ID, &pair.ledger, &got);
	expect_count("excluded", &excluded.seen, &got.excluded);
	CHECK(got.overflow.packets[LEDGER_RX], "5,000 flows and no overflow");
	expect_balance(&got);
}

TEST(whitelist, is_shown)
{
	_cleanup_free_ char *file = write_file("whitelist.json", list);
	_cleanup_dump_ struct dump dump = {0};
	_cleanup_pair_ struct pair pair;
	struct json_object *source;

	pair_make(&pair, 0);
	netacct("attach", "--whitelist", file, PAIR_SOURCE);
	dump_run(&dump, ARGUMENTS("dump", "-j"));
	source = dump_source(&dump, PAIR_ID);
	expect_text("enabled", "true", json_text(source, "whitelist_info.enabled"));
	expect_number("count", 5, json_number(source, "whitelist_info.count"));
	expect_number("whitelisted_ips_count", 5,
		      json_number(source, "metadata.whitelisted_ips_count"));
}
