// SPDX-License-Identifier: GPL-2.0-or-later
/* What goes wrong in this field and has no suite of its own; tests/README.md lists the rest. */
#define _GNU_SOURCE 1
#include <bpf/bpf.h>
#include <errno.h>
#include <glob.h>
#include <linux/bpf.h>
#include <linux/pkt_cls.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <netacct/cleanup.h>

#include "dump.h"
#include "foreign.h"
#include "harness.h"
#include "pair.h"
#include "state.h"
#include "tool.h"
#include "world.h"

/* The map that is pinned there; false: a program or a link is. */
static bool pinned_map(const char *path, struct bpf_map_info *ret)
{
	_cleanup_close_ int fd = bpf_obj_get(path);
	uint32_t size = sizeof(*ret);
	char link[64], what[64] = "";

	CHECK(fd >= 0, "%s: %s", path, strerror(errno));
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	CHECK(readlink(link, what, sizeof(what) - 1) > 0, "%s: %s", link, strerror(errno));
	if (!strstr(what, "bpf-map"))
		return false;
	memset(ret, 0, sizeof(*ret));
	CHECK(!bpf_obj_get_info_by_fd(fd, ret, &size), "%s: %s", path, strerror(errno));
	return true;
}

/* An LRU map evicts before it is full; a name that is cut to 15 characters may be another's. */
TEST(traps, maps_evict_nothing_and_have_names)
{
	char names[64][BPF_OBJ_NAME_LEN];
	_cleanup_pair_ struct pair pair;
	unsigned int maps = 0;
	glob_t paths;

	pair_make(&pair, 0);
	netacct("attach", "--key", "flow", PAIR_SOURCE);
	CHECK(!glob("/sys/fs/bpf/netacct/*/*", GLOB_NOSORT, NULL, &paths), "there are no pins");
	for (size_t i = 0; i < paths.gl_pathc; i++) {
		struct bpf_map_info info;

		if (!pinned_map(paths.gl_pathv[i], &info))
			continue;
		CHECK(info.type != BPF_MAP_TYPE_LRU_HASH &&
			      info.type != BPF_MAP_TYPE_LRU_PERCPU_HASH,
		      "%s evicts", info.name);
		CHECK(info.name[0] && maps < ARRAY_SIZE(names), "%s has no name",
		      paths.gl_pathv[i]);
		for (unsigned int j = 0; j < maps; j++)
			CHECK(strcmp(names[j], info.name) != 0, "two maps are %s", info.name);
		memcpy(names[maps++], info.name, BPF_OBJ_NAME_LEN);
	}
	globfree(&paths);
	CHECK(maps > 2, "%u maps are pinned", maps);
}

/* As README.md says: past the queueing layer is past tc egress, though the interface counts it. */
TEST(traps, bypass_goes_past_egress)
{
	_cleanup_ledger_ struct ledger got = {0};
	_cleanup_sender_ struct sender sender;
	struct world_counters before, after;
	_cleanup_pair_ struct pair pair;

	pair_make(&pair, 0);
	sender_open(&sender, "right", "v1", SENDER_BYPASS);
	netacct("attach", "--key", "flow", PAIR_SOURCE);
	world_counters("right", "v1", &before);
	sender_send(&sender, &packet_datagram, 100);
	world_counters("right", "v1", &after);
	sender_send(&pair.out, &packet_datagram, 7);
	meter_settle(PAIR_ID, &pair.ledger, &got);
	expect_number("sent by the interface", 100, after.tx_packets - before.tx_packets);
	expect_number("seen at tc egress", 7, got.seen.packets[LEDGER_TX]);
}

/* A queueing discipline that sends nothing on. */
static void blackhole(const char *ns, const char *name)
{
	int error = world_qdisc_try(ns, name, "blackhole", NULL, 0);

	if (error == -EOPNOTSUPP)
		skip("no blackhole in this kernel");
	CHECK(!error, "blackhole on %s: %s", name, strerror(-error));
}

/* As README.md says: what a qdisc drops was counted before. */
TEST(traps, egress_is_before_the_qdisc)
{
	_cleanup_ledger_ struct ledger got = {0};
	struct world_counters counters;
	_cleanup_pair_ struct pair pair;

	pair_make(&pair, 0);
	blackhole("right", "v1");
	netacct("attach", "--key", "flow", PAIR_SOURCE);
	world_counters("left", "v0", &counters);
	expect_number("received by the peer before", 0, counters.rx_packets);
	sender_send(&pair.out, &packet_datagram, 1000);
	meter_settle(PAIR_ID, &pair.ledger, &got);
	expect_number("seen at tc egress", 1000, got.seen.packets[LEDGER_TX]);
	world_counters("left", "v0", &counters);
	expect_number("received by the peer", 0, counters.rx_packets);
}

/* As README.md says: who asks for both gets both; list-all shows what stands on what. */
TEST(traps, bridge_and_port_see_the_same)
{
	_cleanup_ledger_ struct ledger port = {0}, bridge = {0};
	_cleanup_sender_ struct sender sender = {0};
	_cleanup_dump_ struct dump list = {0};
	_cleanup_pair_ struct pair pair;
	int error;

	pair_make(&pair, 0);
	error = world_link_try("right", "br0", "bridge");
	if (error == -EOPNOTSUPP)
		skip("no bridges in this kernel");
	CHECK(!error, "bridge: %s", strerror(-error));
	world_master("right", "v1", "br0");
	world_up("right", "br0", true);
	sleep_ms(3000); /* a new bridge reports its multicast groups twice, within two seconds */
	netacct("attach", "--key", "flow", PAIR_SOURCE, "right/br0");
	sender_open(&sender, "right", "br0", 0);
	sender.sent = &pair.ledger;
	sender_send(&sender, &packet_datagram, 10);
	meter_settle(PAIR_ID, &pair.ledger, &port);
	meter_settle("right--br0", &pair.ledger, &bridge);
	expect_ledger(&pair.ledger, &port);
	expect_ledger(&pair.ledger, &bridge);
	dump_run(&list, ARGUMENTS("list-all", "-j"));
	expect_text("master of the port", "br0",
		    json_text(list_interface(&list, "right", "v1"), "master.name"));
}

/* bpffs takes no dot in a name, interfaces do. */
TEST(traps, a_dot_in_the_name)
{
	_cleanup_ledger_ struct ledger ledger = {0};
	_cleanup_sender_ struct sender sender;

	world_netns_add("left");
	world_netns_add("right");
	world_veth("left", "v0", "right", "eth0.100");
	sender_open(&sender, "left", "v0", 0);
	sender.received = &ledger;
	netacct("attach", "--key", "flow", "right/eth0.100");
	sender_flows(&sender, &packet_datagram, 20);
	meter_expect("right--eth0.100", &ledger, KEY_FLOW);
	netacct("verify");
	netacct("drain", "right/eth0.100");
	netacct("detach", "right/eth0.100");
}

/* The priority of our filter of ingress. */
static uint16_t own_priority(void)
{
	_cleanup_free_ char *text = state_text("right", "v1");
	const char *at = strstr(text, "ingress filter ");
	unsigned int priority;

	CHECK(at && sscanf(at, "ingress filter %u", &priority) == 1, "no filter in:\n%s", text);
	return (uint16_t)priority;
}

/* A delete by priority alone takes everybody's filters of that priority. */
TEST(traps, a_guest_of_the_same_priority)
{
	_cleanup_foreign_ struct foreign guest;
	_cleanup_pair_ struct pair pair;
	uint16_t priority;

	pair_make(&pair, 0);
	foreign_load(&guest, FOREIGN_TC, TC_ACT_UNSPEC);
	netacct("attach", "--key", "flow", "--hook", "clsact", PAIR_SOURCE);
	priority = own_priority();
	foreign_filter(&guest, "right", "v1", false, priority);
	foreign_filter(&guest, "right", "v1", true, priority);
	netacct("attach", "--replace", PAIR_SOURCE);
	netacct("detach", PAIR_SOURCE);
	expect_number("filters after detach", 2, filters_there("right", "v1"));
	sender_send(&pair.in, &packet_datagram, 10);
	sender_send(&pair.out, &packet_datagram, 10);
	expect_number("packets of the guest", 20, foreign_count(&guest));
}

/* A packet of several buffers is longer than data_end - data. */
TEST(traps, xdp_of_large_packets)
{
	struct packet packet = packet_datagram;
	_cleanup_run_ struct run run = {0};
	_cleanup_pair_ struct pair pair;

	pair_make(&pair, 0);
	world_mtu("left", "v0", 9000);
	world_mtu("right", "v1", 9000);
	tool_run(&run, ARGUMENTS("attach", "--key", "flow", "--xdp=native", PAIR_SOURCE));
	if (run.status)
		skip("no xdp.frags in this kernel: %s", run.err);
	for (packet.payload = 100; packet.payload < 8900; packet.payload += 400)
		sender_send(&pair.in, &packet, 3);
	pair_expect(&pair, KEY_FLOW);
	netacct("verify");
}

/* As `ip netns exec right` does: another mount namespace, and a /sys without bpffs. */
static void as_ip_netns_exec_does(const char *ns)
{
	CHECK(!unshare(CLONE_NEWNS) && !mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL),
	      "a mount namespace: %s", strerror(errno));
	world_enter(ns);
	CHECK(!umount2("/sys", MNT_DETACH) && !mount("sysfs", "/sys", "sysfs", 0, NULL),
	      "mount sysfs: %s", strerror(errno));
}

/* Pins made there are gone with the mount namespace, and what is attached stays. */
TEST(traps, pins_do_not_evaporate)
{
	_cleanup_free_ char *before = NULL;
	_cleanup_pair_ struct pair pair;
	int status;
	pid_t pid;

	pair_make(&pair, 0);
	before = state_text("right", "v1");
	pid = fork();
	if (!pid) {
		as_ip_netns_exec_does("right");
		netacct_refuses(1, "bpffs", "attach", "v1");
		_exit(0);
	}
	CHECK(pid > 0 && waitpid(pid, &status, 0) == pid && !status, "the inner one failed");
	expect_state("after the refusal", before, "right", "v1");
}
