/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Source names taken apart, every sentence about wrong ones, and what is known without a kernel. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <errno.h>
#include <netacct/cleanup.h>
#include <string.h>

#include "../../src/source/netns_walk.h"
#include "../../src/source/source.h"

#include <linux/if_arp.h> /* behind <net/if.h>: the two bear only this order */

struct good {
	const char *text, *option; /* option: --netns */
	struct source_name expected;
};

static const struct good good_names[] = {
	{"eth0", NULL, {SOURCE_OWN, "", 0, "eth0", false, false}},
	{"blue/eth0", NULL, {SOURCE_NAME, "blue", 0, "eth0", false, false}},
	{"pid:4711/eth0", NULL, {SOURCE_PID, "pid:4711", 4711, "eth0", false, false}},
	{"pid:2147483647/lo", NULL, {SOURCE_PID, "pid:2147483647", 2147483647, "lo", false, false}},
	{"/proc/4711/ns/net/eth0",
	 NULL,
	 {SOURCE_PATH, "/proc/4711/ns/net", 0, "eth0", false, false}},
	{"./x/eth0", NULL, {SOURCE_PATH, "./x", 0, "eth0", false, false}},
	{"/run/netns/a*b/eth0", NULL, {SOURCE_PATH, "/run/netns/a*b", 0, "eth0", false, false}},
	{"/run/netns/cni:1/eth0", NULL, {SOURCE_PATH, "/run/netns/cni:1", 0, "eth0", false, false}},
	{"10:2/eth0", NULL, {SOURCE_NAME, "10:2", 0, "eth0", false, false}},
	{"blue/@default", NULL, {SOURCE_NAME, "blue", 0, "@default", false, false}},
	{"@default", NULL, {SOURCE_OWN, "", 0, "@default", false, false}},
	{"veth*", NULL, {SOURCE_OWN, "", 0, "veth*", false, true}},
	{"eth[[:digit:]]", NULL, {SOURCE_OWN, "", 0, "eth[[:digit:]]", false, true}},
	{"averylongpatternforaninterface*",
	 NULL,
	 {SOURCE_OWN, "", 0, "averylongpatternforaninterface*", false, true}},
	{"*/eth0", NULL, {SOURCE_NAME, "*", 0, "eth0", true, false}},
	{"*/*", NULL, {SOURCE_NAME, "*", 0, "*", true, true}},
	{"b?ue/eth[01]", NULL, {SOURCE_NAME, "b?ue", 0, "eth[01]", true, true}},
	{"fifteen-bytes-0", NULL, {SOURCE_OWN, "", 0, "fifteen-bytes-0", false, false}},
	{"we\"i\\\033\xff", NULL, {SOURCE_OWN, "", 0, "we\"i\\\033\xff", false, false}},
	{"eth0", "blue", {SOURCE_NAME, "blue", 0, "eth0", false, false}},
	{"eth*", "*", {SOURCE_NAME, "*", 0, "eth*", true, true}},
	{"eth0", "pid:1", {SOURCE_PID, "pid:1", 1, "eth0", false, false}},
	{"eth0",
	 "/run/docker/netns/x",
	 {SOURCE_PATH, "/run/docker/netns/x", 0, "eth0", false, false}},
	{"@default", "blue", {SOURCE_NAME, "blue", 0, "@default", false, false}},
};

static void takes_names_apart(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(good_names); i++) {
		const struct source_name *expected = &good_names[i].expected;
		struct source_name name;
		struct source_error why;

		memset(&name, 0x55, sizeof(name));
		if (source_parse(good_names[i].text, good_names[i].option, &name, &why) != 0)
			fail_msg("%s: %s", good_names[i].text, why.text);
		assert_int_equal(name.place, expected->place);
		assert_string_equal(name.netns, expected->netns);
		assert_int_equal(name.pid, expected->pid);
		assert_string_equal(name.interface, expected->interface);
		assert_int_equal(name.netns_is_pattern, expected->netns_is_pattern);
		assert_int_equal(name.interface_is_pattern, expected->interface_is_pattern);
	}
}

#define UNKNOWN_KIND                                                             \
	" is an unknown kind of source (a namespace of that name is reached as " \
	"/run/netns/NAME/INTERFACE)"

static const struct {
	const char *text, *option, *sentence;
} bad_names[] = {
	{"", NULL, "the name of the interface is empty"},
	{"", "blue", "the interface is missing: \"blue\"/INTERFACE"},
	{"blue/", NULL, "the interface is missing: \"blue\"/INTERFACE"},
	{"\033/", NULL, "the interface is missing: \"\\x1b\"/INTERFACE"},
	{"/eth0", NULL, "the network namespace before the interface is empty"},
	{"/", NULL, "the network namespace before the interface is empty"},
	{"eth0", "", "the network namespace before the interface is empty"},
	{"./eth0", NULL, "\".\" is not the name of a network namespace"},
	{"../eth0", NULL, "\"..\" is not the name of a network namespace"},
	{"eth0", "..", "\"..\" is not the name of a network namespace"},
	{".", NULL, "no interface can be called \".\""},
	{"blue/..", NULL, "no interface can be called \"..\""},
	{"sixteen-bytes-00", NULL,
	 "\"sixteen-bytes-00\" is too long for an interface: at most 15 bytes"},
	{"eth 0", NULL, "no interface can be called \"eth 0\": there is white space in it"},
	{"eth0\n", NULL, "no interface can be called \"eth0\\x0a\": there is white space in it"},
	{"eth0:1", NULL,
	 "no interface can be called \"eth0:1\": a colon belongs to the label of an address"},
	{"cgroup:/system.slice/x.service", NULL, "\"cgroup:\"" UNKNOWN_KIND},
	{"cgroup:x", NULL, "\"cgroup:\"" UNKNOWN_KIND},
	{"container:0b5c/eth0", NULL, "\"container:\"" UNKNOWN_KIND},
	{"eth0", "container:0b5c", "\"container:\"" UNKNOWN_KIND},
	{"cgroup:/x", "blue", "\"cgroup:\"" UNKNOWN_KIND},
	{"PID:1/eth0", NULL, "\"PID:\"" UNKNOWN_KIND},
	{"p:1/eth0", NULL, "\"p:\"" UNKNOWN_KIND},
	{"pid:4711", NULL, "the interface is missing: pid:NUMBER/INTERFACE"},
	{"pid:/eth0", NULL,
	 "\"pid:\" is not a process: pid: takes its number, as in pid:4711/eth0"},
	{"pid:0/eth0", NULL,
	 "\"pid:0\" is not a process: pid: takes its number, as in pid:4711/eth0"},
	{"pid:-1/eth0", NULL,
	 "\"pid:-1\" is not a process: pid: takes its number, as in pid:4711/eth0"},
	{"pid: 1/eth0", NULL,
	 "\"pid: 1\" is not a process: pid: takes its number, as in pid:4711/eth0"},
	{"pid:2147483648/eth0", NULL,
	 "\"pid:2147483648\" is not a process: pid: takes its number, as in pid:4711/eth0"},
	{"pid:99999999999999999999999/eth0", NULL,
	 "\"pid:99999999999999999999999\" is not a process: pid: takes its number, as in "
	 "pid:4711/eth0"},
	{"pid:1/x/eth0", NULL,
	 "\"pid:1/x\" is not a process: pid: takes its number, as in pid:4711/eth0"},
	{"eth0", "pid:*", "\"pid:*\" is not a process: pid: takes its number, as in pid:4711/eth0"},
	{"blue/eth0", "red",
	 "\"blue/eth0\" names a network namespace, and so does --netns \"red\""},
	{"pid:1", "red", "\"pid:1\" names a network namespace, and so does --netns \"red\""},
};

static void says_what_is_wrong(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad_names); i++) {
		struct source_name name, before;
		struct source_error why;

		memset(&name, 0x55, sizeof(name));
		before = name;
		if (source_parse(bad_names[i].text, bad_names[i].option, &name, &why) != -EINVAL)
			fail_msg("%s: accepted", bad_names[i].text);
		assert_string_equal(why.text, bad_names[i].sentence);
		assert_memory_equal(&name, &before, sizeof(name));
	}
}

static void refuses_what_is_too_long(void **state)
{
	static char text[6000];
	struct source_name name;
	struct source_error why;

	(void)state;
	for (size_t length = 1; length < sizeof(text) - 4; length++) {
		bool fits;

		memset(text, 'a', length);
		strcpy(text + length, "/lo");
		fits = length <= 255;
		assert_int_equal(source_parse(text, NULL, &name, &why), fits ? 0 : -EINVAL);
		text[0] = '/';
		fits = length < sizeof(name.netns);
		assert_int_equal(source_parse(text, NULL, &name, &why), fits ? 0 : -EINVAL);
		memset(text, '*', length);
		text[length] = '\0';
		fits = length < sizeof(name.interface);
		assert_int_equal(source_parse(text, NULL, &name, &why), fits ? 0 : -EINVAL);
	}
}

static void knows_header_lengths(void **state)
{
	static const uint16_t ethernet[] = {ARPHRD_ETHER, ARPHRD_LOOPBACK};
	static const uint16_t none[] = {ARPHRD_NONE,  ARPHRD_TUNNEL, ARPHRD_TUNNEL6, ARPHRD_SIT,
					ARPHRD_IPGRE, ARPHRD_IP6GRE, ARPHRD_PPP,     ARPHRD_RAWIP,
					ARPHRD_SLIP,  ARPHRD_CSLIP,  ARPHRD_SLIP6,   ARPHRD_CSLIP6};
	static const uint16_t unknown[] = {ARPHRD_NETROM,    ARPHRD_INFINIBAND, ARPHRD_CAN,
					   ARPHRD_IEEE80211, ARPHRD_NETLINK,	ARPHRD_VSOCKMON,
					   ARPHRD_IEEE1394,  ARPHRD_VOID};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(ethernet); i++)
		assert_int_equal(link_header_length(ethernet[i]), 14);
	for (size_t i = 0; i < ARRAY_SIZE(none); i++)
		assert_int_equal(link_header_length(none[i]), 0);
	for (size_t i = 0; i < ARRAY_SIZE(unknown); i++)
		assert_int_equal(link_header_length(unknown[i]), -EOPNOTSUPP);
}

static void makes_labels_and_ids(void **state)
{
	struct netns own = {.fd = -1, .inode = 7, .own = true};
	struct netns blue = {.fd = -1, .inode = 8, .name = "blue"};
	struct netns bare = {.fd = -1, .inode = 4026532211};
	struct netns longest = {.fd = -1, .inode = 9};
	char label[300], id[304];

	(void)state;
	netns_label(&own, label);
	assert_string_equal(label, "host");
	netns_label(&blue, label);
	assert_string_equal(label, "blue");
	netns_label(&bare, label);
	assert_string_equal(label, "net-4026532211");
	source_id(&own, "eth0", id);
	assert_string_equal(id, "host--eth0");
	source_id(&blue, "we\"i\\rd\xff", id);
	assert_string_equal(id, "blue--we\"i\\rd\xff");
	source_id(&bare, "eth0", id);
	assert_string_equal(id, "net-4026532211--eth0");
	memset(longest.name, 'n', sizeof(longest.name) - 1);
	source_id(&longest, "fifteen-bytes-0", id);
	assert_int_equal(strlen(id), 255 + 2 + 15);
	assert_string_equal(id + 255, "--fifteen-bytes-0");
}

static void reads_mountinfo(void **state)
{
	static const char *const others[] = {
		"",
		"\n",
		"22 27 0:20 / /proc rw,nosuid - proc proc rw\n",
		"601 595 0:4 mnt:[4026532208] /run/m rw - nsfs nsfs rw\n",
		"601 595 0:4 net:[] /run/m rw - nsfs nsfs rw\n",
		"601 595 0:4 net:[99999999999999999999999] /run/m rw - nsfs nsfs rw\n",
		"601 595 0:4 net:[4026532208]/run/m rw - nsfs nsfs rw\n",
		"x 595 0:4 net:[4026532208] /run/m rw - nsfs nsfs rw\n",
		"601 595 0:4 net:[4026532208 - nsfs nsfs",
	};
	char line[] = "601 595 0:4 net:[4026532208] /run/a\\040b\\012c\\134d\\12 rw shared:5 - "
		      "nsfs nsfs rw\n";
	struct netns_mount mount;

	(void)state;
	assert_true(netns_mount_parse(line, &mount));
	assert_int_equal(mount.identity.inode, 4026532208u);
	assert_int_equal(mount.identity.device, 4);
	assert_string_equal(mount.path, "/run/a b\nc\\d\\12");
	for (size_t i = 0; i < ARRAY_SIZE(others); i++) {
		_cleanup_free_ char *copy = strdup(others[i]);

		assert_non_null(copy);
		assert_false(netns_mount_parse(copy, &mount));
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_names_apart),	    cmocka_unit_test(says_what_is_wrong),
		cmocka_unit_test(refuses_what_is_too_long), cmocka_unit_test(knows_header_lengths),
		cmocka_unit_test(makes_labels_and_ids),	    cmocka_unit_test(reads_mountinfo),
	};

	return cmocka_run_group_tests_name("source name", tests, NULL, NULL);
}
