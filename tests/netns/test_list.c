// SPDX-License-Identifier: GPL-2.0-or-later
/* list-all finds every interface of every namespace, whatever its name. */
#define _GNU_SOURCE 1
#include <bpf/bpf.h>
#include <errno.h>
#include <linux/bpf.h>
#include <netacct/cleanup.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <json-c/json.h>

#include "dump.h"
#include "harness.h"
#include "pair.h"
#include "tool.h"
#include "world.h"

#define NAMESPACES 50

/* One that does nothing with the map but hold it. */
static int load_user_of(int map)
{
	const struct bpf_insn code[] = {
		{.code = BPF_LD | BPF_DW | BPF_IMM,
		 .dst_reg = BPF_REG_1,
		 .src_reg = BPF_PSEUDO_MAP_FD,
		 .imm = map},
		{},
		{.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0},
		{.code = BPF_JMP | BPF_EXIT},
	};

	return bpf_prog_load(BPF_PROG_TYPE_SCHED_CLS, "somebody", "GPL", code, ARRAY_SIZE(code),
			     NULL);
}

/* What the first Python tool left is named, and doctor with it, which finds unused maps, too. */
TEST(list, what_the_first_tool_left)
{
	_cleanup_close_ int map = bpf_map_create(BPF_MAP_TYPE_HASH, "t_m_a_r_eth0", 4, 8, 8, NULL);
	_cleanup_close_ int unused =
		bpf_map_create(BPF_MAP_TYPE_HASH, "t_m_b_t_eth0", 4, 8, 8, NULL);
	_cleanup_close_ int program = load_user_of(map);
	_cleanup_run_ struct run run = {0}, doctor = {0};

	CHECK(map >= 0 && unused >= 0 && program >= 0, "maps, a program: %s", strerror(errno));
	tool_run(&run, ARGUMENTS("list-all"));
	CHECK(!run.status && strstr(run.err, "t_m_a_r_eth0: warning: 2 programs and maps") &&
		      strstr(run.err, "doctor"),
	      "exit status %d, stderr: %s", run.status, run.err);
	tool_run(&doctor, ARGUMENTS("doctor"));
	CHECK(strstr(doctor.out, "t_m_b_t_eth0"), "doctor: %s", doctor.out);
}

TEST(list, fifty_namespaces)
{
	_cleanup_dump_ struct dump list = {0};
	char ns[16], name[16], peer[16];

	for (unsigned int i = 0; i < NAMESPACES; i++) {
		snprintf(ns, sizeof(ns), "ns%u", i);
		snprintf(name, sizeof(name), "in%u", i);
		snprintf(peer, sizeof(peer), "out%u", i);
		world_netns_add(ns);
		world_veth(ns, name, NULL, peer);
	}
	netacct("attach", "ns7/in7", "out8");
	dump_run(&list, ARGUMENTS("list-all", "-j"));
	for (unsigned int i = 0; i < NAMESPACES; i++) {
		snprintf(ns, sizeof(ns), "ns%u", i);
		snprintf(name, sizeof(name), "in%u", i);
		snprintf(peer, sizeof(peer), "out%u", i);
		expect_text("kind", "veth", json_text(list_interface(&list, ns, name), "kind"));
		expect_number("ifindex", world_ifindex(NULL, peer),
			      json_number(list_interface(&list, NULL, peer), "ifindex"));
		list_interface(&list, ns, "lo");
	}
	expect_text("the meter", "ns7--in7",
		    json_text(list_interface(&list, "ns7", "in7"), "meter.id"));
	expect_text("the meter", "host--out8",
		    json_text(list_interface(&list, NULL, "out8"), "meter.id"));
	netacct("list-all");
}

/* What list-all shows of an interface is what it is. */
TEST(list, details)
{
	_cleanup_dump_ struct dump list = {0};
	_cleanup_pair_ struct pair pair;
	struct json_object *interface;

	pair_make(&pair, 0);
	world_address("right", "v1", "192.0.2.1/24");
	world_address("right", "v1", "2001:db8::1/64");
	world_mtu("right", "v1", 1400);
	netacct("attach", "--xdp=native", PAIR_SOURCE);
	dump_run(&list, ARGUMENTS("list-all", "-j"));
	interface = list_interface(&list, "right", "v1");
	expect_text("state", "up", json_text(interface, "state"));
	expect_number("mtu", 1400, json_number(interface, "mtu"));
	expect_contains("addresses", "192.0.2.1/24",
			json_object_to_json_string_ext(json_at(interface, "addresses"),
						       JSON_C_TO_STRING_NOSLASHESCAPE));
	expect_contains("addresses", "2001:db8::1/64",
			json_object_to_json_string_ext(json_at(interface, "addresses"),
						       JSON_C_TO_STRING_NOSLASHESCAPE));
	expect_text("XDP mode", "native", json_text(interface, "xdp.mode"));
	expect_text("XDP ours", "true", json_text(interface, "xdp.ours"));
	expect_number("filters at egress", 1,
		      json_object_array_length(json_at(interface, "tc.egress")));
	expect_number("filters at ingress", 0,
		      json_object_array_length(json_at(interface, "tc.ingress")));
	expect_text("the meter", PAIR_ID, json_text(interface, "meter.id"));
}

/* Names that break careless JSON and careless terminals. */
TEST(list, odd_names)
{
	static const char *const names[] = {"a\"b",	 "c\\d",   "e\033[31m", "f\001\177",
					    "g\xff\xfe", "h{}[],", "i'$(x)"};
	_cleanup_dump_ struct dump list = {0};
	unsigned int found = 0;
	struct json_object *interfaces;
	char peer[16];

	world_netns_add("odd");
	world_netns_add("peers");
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		snprintf(peer, sizeof(peer), "p%zu", i);
		world_veth("odd", names[i], "peers", peer);
		world_alias("odd", names[i], "two\nlines \"and\" \\ \033 \xc3\x28");
	}
	dump_run(&list, ARGUMENTS("list-all", "-j"));
	interfaces = json_at(list_namespace(&list, "odd"), "interfaces");
	found = (unsigned int)json_object_array_length(interfaces);
	expect_number("interfaces (with lo)", 1 + ARRAY_SIZE(names), found);
	list_interface(&list, "odd", "a\"b");
	list_interface(&list, "odd", "c\\d");
	list_interface(&list, "odd", "e\033[31m");
}

/* The same names as sources of meters. */
TEST(list, odd_names_have_meters)
{
	static const char *const names[] = {"a\"b", "c\\d", "e\033[31m", "g\xff\xfe"};
	_cleanup_dump_ struct dump dump = {0};
	char peer[16], source[64];

	world_netns_add("odd");
	world_netns_add("peers");
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		snprintf(peer, sizeof(peer), "p%zu", i);
		snprintf(source, sizeof(source), "odd/%s", names[i]);
		world_veth("odd", names[i], "peers", peer);
		netacct("attach", source);
	}
	dump_run(&dump, ARGUMENTS("dump", "-j"));
	expect_number("sources", ARRAY_SIZE(names), dump_sources(&dump));
	expect_text("interface", "a\"b",
		    json_text(dump_source(&dump, "odd--a\"b"), "metadata.interface"));
	netacct("dump", "--format", "csv");
	netacct("dump", "--format", "table");
	netacct("detach", "--all");
}

/* One namespace with two names is one. */
TEST(list, two_names_are_one_namespace)
{
	_cleanup_dump_ struct dump list = {0};
	struct json_object *namespaces;
	unsigned int found = 0;
	FILE *file;

	world_netns_add("first");
	world_netns_add("peers");
	world_veth("first", "x1", "peers", "y1");
	file = fopen("/run/netns/second", "w");
	CHECK(file && !fclose(file), "/run/netns/second: %s", strerror(errno));
	CHECK(!mount("/run/netns/first", "/run/netns/second", "none", MS_BIND, NULL), "bind: %s",
	      strerror(errno));
	dump_run(&list, ARGUMENTS("list-all", "-j"));
	namespaces = json_at(list.root, "namespaces");
	for (size_t i = 0; i < json_object_array_length(namespaces); i++)
		found +=
			strstr(json_object_to_json_string(json_object_array_get_idx(namespaces, i)),
			       "\"x1\"") != NULL;
	expect_number("namespaces with x1", 1, found);
	netacct("attach", "first/x1");
	netacct_refuses(1, "x1", "attach", "second/x1");
	netacct("detach", "second/x1");
}

/* A child in a namespace that has no name but its process. */
static pid_t nameless(int *ret_go)
{
	int ready[2], go[2];
	char byte;
	pid_t pid;

	CHECK(!pipe(ready) && !pipe(go), "pipe: %s", strerror(errno));
	pid = fork();
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		close(go[1]);
		if (unshare(CLONE_NEWNET) || write(ready[1], "x", 1) != 1)
			_exit(1);
		_exit(read(go[0], &byte, 1) != 0);
	}
	CHECK(pid > 0 && read(ready[0], &byte, 1) == 1, "fork: %s", strerror(errno));
	*ret_go = go[1];
	return pid;
}

TEST(list, by_process_and_path)
{
	_cleanup_dump_ struct dump list = {0}, dump = {0};
	char source[64];
	int go;
	pid_t pid = nameless(&go);

	snprintf(source, sizeof(source), "pid:%d/lo", (int)pid);
	netacct("attach", source);
	netacct_refuses(1, "lo", "attach", source);
	dump_run(&list, ARGUMENTS("list-all", "-j"));
	dump_run(&dump, ARGUMENTS("dump", "-j"));
	expect_number("sources", 1, dump_sources(&dump));
	snprintf(source, sizeof(source), "/proc/%d/ns/net/lo", (int)pid);
	netacct("detach", source);
	netacct("attach", "-n", "/proc/1/ns/net", "lo");
	netacct("detach", "lo");
	close(go);
	waitpid(pid, NULL, 0);
}
