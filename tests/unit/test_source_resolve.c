/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The interfaces that source names mean, live, with names as odd as the kernel takes them. */
#define _GNU_SOURCE 1 /* unshare() */
#include "netns_place.h"

#include "../../src/source/source.h"

/* The ids that a name means, in order and each with a blank behind it; else the errno. */
static int resolve(const char *text, char ids[static 1024], struct source_error *why)
{
	_cleanup_source_list_ struct source_list list = {0};
	struct source_name name;
	int rc;

	*ids = '\0';
	assert_int_equal(source_parse(text, NULL, &name, why), 0);
	rc = source_resolve(&name, &list, why);
	for (size_t i = 0; i < list.count; i++) {
		const struct source *source = &list.sources[i];

		assert_true(source->netns.fd >= 0);
		assert_int_not_equal(source->link.ifindex, 0);
		assert_non_null(strstr(source->id, source->link.name));
		snprintf(ids + strlen(ids), 1024 - strlen(ids), "%s ", source->id);
	}
	return rc;
}

static void assert_means(const char *text, const char *expected)
{
	struct source_error why;
	char ids[1024];

	if (resolve(text, ids, &why) != 0)
		fail_msg("%s: %s", text, why.text);
	assert_string_equal(ids, expected);
	assert_string_equal(why.text, "");
}

static void assert_fails(const char *text, int error, const char *sentence)
{
	struct source_error why;
	char ids[1024];

	assert_int_equal(resolve(text, ids, &why), error);
	assert_string_equal(why.text, sentence);
}

#define QUOTES "we\"i'rd"
#define BACKSLASH "back\\*sl"
#define ESCAPE "\033[1mred"
#define BYTES "\xff\xfe\xc3"

static const char *const odd_bridges[] = {"br0", QUOTES, BACKSLASH, ESCAPE, BYTES, "log", NULL};
static const char *const other_bridges[] = {"br0", "br1", NULL};

static void resolves_interfaces(void **state)
{
	need_isolation(state);
	if (!make_netns("/run/netns/blue", odd_bridges))
		skip();
	assert_means("lo", "host--lo ");
	assert_means("blue/br0", "blue--br0 ");
	assert_means("/run/netns/blue/br0", "blue--br0 ");
	assert_means("blue/" QUOTES, "blue--" QUOTES " ");
	assert_means("blue/" ESCAPE, "blue--" ESCAPE " ");
	assert_means("blue/" BYTES, "blue--" BYTES " ");
	/* by ifindex; not lo, for nobody spelt it out */
	assert_means("blue/*", "blue--br0 blue--" QUOTES " blue--" BACKSLASH " blue--" ESCAPE
			       " blue--" BYTES " blue--log ");
	assert_means("blue/lo*", "blue--lo blue--log ");
	assert_means("blue/l*", "blue--log ");
	/* a backslash is a byte like any other */
	assert_means("blue/back\\*", "blue--" BACKSLASH " ");
	assert_means("blue/back\\[*]sl", "blue--" BACKSLASH " ");
	assert_means("blue/[bw]*", "blue--br0 blue--" QUOTES " blue--" BACKSLASH " ");
	release("/run/netns/blue");
}

static void resolves_over_namespaces(void **state)
{
	struct netns_identity unnamed;
	struct source_error why;
	char ids[1024], expected[128];

	need_isolation(state);
	if (!make_netns("/run/netns/red", other_bridges))
		skip();
	assert_true(make_netns("/run/netns/blue", other_bridges));
	assert_true(make_netns("/run/unnamed", other_bridges));
	unnamed = identity_of("/run/unnamed");
	assert_means("b*/br?", "blue--br0 blue--br1 ");
	assert_means("[br]*/br1", "blue--br1 red--br1 ");
	assert_means("h?st/lo", "host--lo ");
	snprintf(expected, sizeof(expected), "net-%llu--br1 ", (unsigned long long)unnamed.inode);
	snprintf(ids, sizeof(ids), "net-%llu*/br1", (unsigned long long)unnamed.inode);
	assert_means(ids, expected);
	/* other namespaces of the machine may be found as well */
	assert_int_equal(resolve("*/lo", ids, &why), 0);
	assert_int_equal(strncmp(ids, "host--lo blue--lo red--lo ", 26), 0);
	snprintf(expected, sizeof(expected), "net-%llu--lo ", (unsigned long long)unnamed.inode);
	assert_non_null(strstr(ids, expected));
	touch("/run/netns/crashed");
	assert_int_equal(resolve("[cr]*/br0", ids, &why), 0);
	assert_string_equal(ids, "red--br0 ");
	assert_string_equal(why.text, "passed over: \"crashed\" (Invalid argument)");
	unlink("/run/netns/crashed");
	release("/run/unnamed");
	release("/run/netns/blue");
	release("/run/netns/red");
}

static void says_what_is_not_there(void **state)
{
	need_isolation(state);
	make_netns("/run/netns/blue", NULL);
	touch("/run/netns/crashed");
	assert_fails("eth9", -ENODEV, "there is no interface \"eth9\"");
	assert_fails("e\033*", -ENOENT, "no interface matches \"e\\x1b*\"");
	assert_fails("@default", -ENOENT, "there is no default route");
	assert_fails("blue/eth9", -ENODEV,
		     "there is no interface \"eth9\" in network namespace \"blue\"");
	assert_fails("blue/eth*", -ENOENT,
		     "no interface matches \"eth*\" in network namespace \"blue\"");
	assert_fails("blue/@default", -ENOENT,
		     "there is no default route in network namespace \"blue\"");
	assert_fails("green/eth0", -ENOENT,
		     "there is no network namespace \"green\" in /run/netns");
	assert_fails("crashed/eth0", -EINVAL,
		     "the file in /run/netns of the name \"crashed\" is not a network namespace");
	assert_fails("/run/netns/crashed/eth0", -EINVAL,
		     "\"/run/netns/crashed\" is not a network namespace");
	assert_fails("/run/none/eth0", -ENOENT,
		     "cannot open the network namespace \"/run/none\": No such file or directory");
	assert_fails("pid:2147483647/eth0", -ESRCH, "there is no process 2147483647");
	assert_fails("b*/eth9", -ENOENT,
		     "no interface matches \"eth9\" in any network namespace like \"b*\"");
	assert_fails("c*/eth9", -ENOENT,
		     "no interface matches \"eth9\" in any network namespace like \"c*\"; passed "
		     "over: \"crashed\" (Invalid argument)");
	unlink("/run/netns/crashed");
	release("/run/netns/blue");
}

static void resolves_in_the_namespace_of_a_process(void **state)
{
	char text[80], expected[64], path[64];
	pid_t child;

	need_isolation(state);
	child = child_in_netns();
	snprintf(path, sizeof(path), "/proc/%d/ns/net", child);
	snprintf(expected, sizeof(expected), "net-%llu--lo ",
		 (unsigned long long)identity_of(path).inode);
	snprintf(text, sizeof(text), "pid:%d/lo", child);
	assert_means(text, expected);
	snprintf(text, sizeof(text), "%s/lo", path);
	assert_means(text, expected);
	end_child(child);
}

static void reads_offloads(void **state)
{
	struct link_offloads offloads;

	need_isolation(state);
	assert_int_equal(link_offloads("lo", &offloads), 0);
	assert_true(offloads.tso && offloads.gso);
	assert_false(offloads.vlan_rx || offloads.lro);
	assert_int_equal(link_offloads("none", &offloads), -ENODEV);
	assert_int_equal(link_offloads("sixteen-bytes-00", &offloads), -ENODEV);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(resolves_interfaces),
		cmocka_unit_test(resolves_over_namespaces),
		cmocka_unit_test(says_what_is_not_there),
		cmocka_unit_test(resolves_in_the_namespace_of_a_process),
		cmocka_unit_test(reads_offloads),
	};

	return cmocka_run_group_tests_name("source resolve", tests, isolate, NULL);
}
