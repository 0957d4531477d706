// SPDX-License-Identifier: GPL-2.0-or-later
#define _GNU_SOURCE 1
#include "life.h"

#include <dirent.h>
#include <linux/veth.h>
#include <netacct/netlink.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <netacct/cleanup.h>

#include "dump.h"
#include "harness.h"
#include "request.h"
#include "tool.h"
#include "world.h"

void life_traffic(struct pair *pair)
{
	sender_flows(&pair->in, &packet_datagram, 5);
	sender_flows(&pair->out, &packet_datagram, 3);
}

void life_make(struct pair *pair, const char *option, const char *value)
{
	pair_make(pair, 0);
	netacct("attach", "--key", "flow", "--max-flows", "64", option, value, PAIR_SOURCE);
	life_traffic(pair);
	pair_expect(pair, KEY_FLOW);
}

void life_veth(const char *ns, const char *name, uint32_t ifindex, const char *peer_ns,
	       const char *peer)
{
	_cleanup_close_ int target = world_netns_open(peer_ns);
	struct ifinfomsg link = {.ifi_index = (int)ifindex}, other = {.ifi_index = 0};
	struct request request;
	size_t info, data, nest;
	int error;

	request_start(&request, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, &link, sizeof(link));
	request_text(&request, IFLA_IFNAME, name);
	info = request_nest(&request, IFLA_LINKINFO);
	request_text(&request, IFLA_INFO_KIND, "veth");
	data = request_nest(&request, IFLA_INFO_DATA);
	nest = request.header.nlmsg_len;
	request_put(&request, VETH_INFO_PEER, &other, sizeof(other));
	request_text(&request, IFLA_IFNAME, peer);
	request_number(&request, IFLA_NET_NS_FD, (uint32_t)target);
	request_end(&request, nest);
	request_end(&request, data);
	request_end(&request, info);
	error = request_send(ns, &request);
	CHECK(!error, "veth %s with ifindex %u: %s", name, ifindex, strerror(-error));
	world_offload(ns, name, OFFLOAD_ALL, false);
	world_offload(peer_ns, peer, OFFLOAD_ALL, false);
	world_up(ns, name, true);
	world_up(peer_ns, peer, true);
	life_await(ns, name, peer_ns, peer);
}

static int read_link(const char *ns, const char *name, struct link *ret)
{
	int previous = world_enter(ns), error;
	_cleanup_rtnl_ struct rtnl *nl = NULL;
	struct nl_error words = {""};

	error = rtnl_open(&nl, &words);
	world_leave(previous);
	CHECK(!error, "rtnetlink: %s %s", strerror(-error), words.text);
	return link_by_name(nl, name, ret, &words);
}

static void await_up(const char *ns, const char *name)
{
	uint64_t deadline = now_ms() + 10000;
	struct link link;

	do {
		CHECK(!read_link(ns, name, &link), "no interface %s", name);
		CHECK(now_ms() < deadline, "%s does not come up", name);
		sleep_ms(1);
	} while (strcmp(link_operstate(link.operstate), "up") != 0);
	/* takes the lock that the kernel's worker holds until the queue is there */
	world_offload(ns, name, OFFLOAD_TX_CHECKSUM, false);
}

void life_await(const char *ns, const char *name, const char *peer_ns, const char *peer)
{
	await_up(ns, name);
	await_up(peer_ns, peer);
}

void life_await_gone(const char *ns, const char *name)
{
	uint64_t deadline = now_ms() + (slow() ? 100000 : 30000);
	struct link link;

	while (!read_link(ns, name, &link)) {
		CHECK(now_ms() < deadline, "%s does not go", name);
		sleep_ms(5);
	}
}

void expect_verdict(const char *id, const char *word)
{
	_cleanup_run_ struct run run = {0};

	tool_run(&run, ARGUMENTS("verify", id));
	CHECK(run.status == 3, "verify %s: expected exit status 3, got %d; %s%s", id, run.status,
	      run.out, run.err);
	expect_contains("verify", word, run.out);
}

void expect_counts(const char *id, const struct ledger *expected)
{
	_cleanup_ledger_ struct ledger wanted = {0}, got = {0};

	ledger_coarsen(expected, KEY_FLOW, &wanted);
	dump_one(id, &got);
	expect_ledger(&wanted, &got);
}

void expect_would_remove(const char *id)
{
	_cleanup_run_ struct run run = {0};
	unsigned int before = pinned_meters();

	tool_run(&run, ARGUMENTS("cleanup", "--dry-run"));
	CHECK(!run.status, "cleanup --dry-run: exit status %d, %s", run.status, run.err);
	expect_contains("cleanup --dry-run", id, run.out);
	expect_number("meters after cleanup --dry-run", before, pinned_meters());
}

void expect_last_words(const char *id, const struct ledger *expected)
{
	_cleanup_ledger_ struct ledger wanted = {0}, got = {0};
	unsigned int before = pinned_meters();
	_cleanup_dump_ struct dump dump = {0};

	ledger_coarsen(expected, KEY_FLOW, &wanted);
	dump_run(&dump, ARGUMENTS("detach", "-j", "--drain", id));
	dump_ledger(&dump, id, &got);
	expect_flows(&wanted, &got);
	expect_count("seen", &expected->seen, &got.seen);
	expect_number("meters after detach", before - 1, pinned_meters());
}

unsigned int pinned_meters(void)
{
	_cleanup_closedir_ DIR *directory = opendir("/sys/fs/bpf/netacct");
	const struct dirent *entry;
	unsigned int found = 0;

	while (directory && (entry = readdir(directory)))
		found += entry->d_name[0] != '.';
	return found;
}

void expect_gone(struct pair *pair)
{
	expect_verdict(PAIR_ID, "gone");
	expect_counts(PAIR_ID, &pair->ledger);
	expect_would_remove(PAIR_ID);
	expect_counts(PAIR_ID, &pair->ledger);
}
