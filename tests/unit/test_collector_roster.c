// SPDX-License-Identifier: GPL-2.0-or-later
#define _GNU_SOURCE 1 /* unshare(), setns() */
/*
 * What a roster hears and says of places that are not there, or come and go.
 * Nothing is attached here: that is tests/netns/test_follow.c.
 */
#include "netns_place.h"

#include <poll.h>
#include <stdio.h>

#include "../../src/collector/follow.h"
#include "../../src/collector/roster.h"

#define PATIENCE_MS 5000

static int event_within(struct follow *follow, int ms)
{
	struct pollfd descriptor = {.fd = *follow_descriptor(follow), .events = POLLIN};

	return poll(&descriptor, 1, ms) > 0 ? (int)follow_read(follow) : (int)FOLLOW_NOTHING;
}

static void test_hears_links(void **state)
{
	_cleanup_netns_ struct netns own = {.fd = -1};
	struct follow *follow = NULL;

	need_isolation(state);
	assert_int_equal(follow_open(&follow), 0);
	assert_int_equal(netns_open_own(&own), 0);
	follow_begin(follow);
	assert_int_equal(follow_want(follow, &own), 0);
	assert_int_equal(follow_want(follow, &own), 0);
	follow_end(follow);
	assert_int_equal(event_within(follow, 0), FOLLOW_NOTHING);
	if (make_bridge("heard")) {
		assert_int_equal(event_within(follow, 0), FOLLOW_LINKS);
		assert_int_equal(event_within(follow, 0), FOLLOW_NOTHING);
		/* not wanted any more */
		follow_begin(follow);
		follow_end(follow);
		make_bridge("unheard");
		assert_int_equal(event_within(follow, 0), FOLLOW_NOTHING);
	}
	follow_close(follow);
}

static void test_hears_names(void **state)
{
	struct follow *follow = NULL;

	need_isolation(state);
	assert_int_equal(rmdir("/run/netns"), 0);
	assert_int_equal(follow_open(&follow), 0);
	touch("/run/unrelated");
	assert_int_equal(event_within(follow, 0), FOLLOW_NOTHING);
	assert_int_equal(mkdir("/run/netns", 0755), 0);
	assert_int_equal(event_within(follow, 0), FOLLOW_NAMES);
	follow_begin(follow);
	follow_end(follow);
	make_netns("/run/netns/blue", NULL);
	assert_int_equal(event_within(follow, 0), FOLLOW_NAMES);
	release("/run/netns/blue");
	assert_int_equal(event_within(follow, 0), FOLLOW_NAMES);
	assert_int_equal(event_within(follow, 0), FOLLOW_NOTHING);
	follow_close(follow);
	assert_int_equal(unlink("/run/unrelated"), 0);
}

/* The sooner of two, once. */
static void test_wakes(void **state)
{
	struct follow *follow = NULL;

	(void)state;
	assert_int_equal(follow_open(&follow), 0);
	follow_wake(follow, 3600ull * 1000000000);
	assert_int_equal(event_within(follow, 0), FOLLOW_NOTHING);
	follow_wake(follow, 1000);
	follow_wake(follow, 3600ull * 1000000000);
	assert_int_equal(event_within(follow, PATIENCE_MS), FOLLOW_LINKS);
	assert_int_equal(event_within(follow, 0), FOLLOW_NOTHING);
	follow_close(follow);
}

static bool there(const char *path)
{
	struct netns *list;
	size_t count, i;
	bool found = false;
	struct netns_identity identity = identity_of(path);

	assert_int_equal(netns_list(&list, &count), 0);
	for (i = 0; i < count; i++)
		found |= list[i].inode == identity.inode && list[i].device == identity.device;
	netns_list_free(list, count);
	return found;
}

struct heard {
	struct voice voice;
	unsigned int notices, others;
	char last[512];
};

static void hear(void *context, enum voice_level level, const char *what, const char *sentence)
{
	struct heard *heard = context;

	assert_non_null(what);
	if (level == VOICE_NOTICE)
		heard->notices++;
	else
		heard->others++;
	snprintf(heard->last, sizeof(heard->last), "%s", sentence);
}

static void roster_begin(struct roster *roster, struct config *config, struct heard *heard)
{
	*heard = (struct heard){.voice = {hear, heard}};
	config->history = "/run/history.db";
	assert_int_equal(roster_open(roster, config, &heard->voice), 0);
}

static bool event_of(struct roster *roster, int ms)
{
	size_t count = 0;
	const int *descriptors = roster_descriptors(roster, &count);
	struct pollfd descriptor = {.fd = descriptors[0], .events = POLLIN};

	assert_int_equal(count, 1);
	return poll(&descriptor, 1, ms) > 0 && roster_event(roster);
}

static void test_absence_is_said_once(void **state)
{
	struct config_instance instances[] = {
		{.name = "a", .interface = "nowhere"},
		{.name = "b", .interface = "eth0", .namespace = "nowhere"},
		{.name = "c", .interface = "nothing*"},
	};
	struct config config = {.instances = instances, .count = ARRAY_SIZE(instances)};
	struct roster roster;
	struct heard heard;
	int i;

	need_isolation(state);
	roster_begin(&roster, &config, &heard);
	for (i = 0; i < 3; i++)
		assert_int_equal(roster_update(&roster), 0);
	assert_int_equal(heard.notices, ARRAY_SIZE(instances));
	assert_int_equal(heard.others, 0);
	assert_non_null(strstr(heard.last, "waited for"));
	assert_int_equal(roster.count, 0);
	roster_close(&roster);
}

static void test_what_cannot_be_a_name(void **state)
{
	struct config_instance instances[] = {{.name = "a", .interface = "white space"}};
	struct config config = {.instances = instances, .count = 1};
	struct heard heard = {.voice = {hear, &heard}};
	struct roster roster;

	(void)state;
	assert_int_equal(roster_open(&roster, &config, &heard.voice), -EINVAL);
	assert_int_equal(heard.others, 1);
}

/* A namespace that only the roster hears of is let go of, and goes. */
static void test_lets_namespaces_go(void **state)
{
	struct config_instance instances[] = {
		{.name = "a", .interface = "nothing", .namespace = "blue"}};
	struct config config = {.instances = instances, .count = 1};
	struct roster roster;
	struct heard heard;

	need_isolation(state);
	roster_begin(&roster, &config, &heard);
	make_netns("/run/netns/blue", NULL);
	assert_true(event_of(&roster, 0));
	assert_int_equal(roster_update(&roster), 0);
	assert_true(there("/run/netns/blue"));
	release("/run/netns/blue");
	assert_true(event_of(&roster, 0));
	assert_int_equal(roster_update(&roster), 0);
	assert_false(event_of(&roster, 0));
	roster_close(&roster);
}

/* The file comes first, and no event tells when it becomes a namespace: it is looked at again. */
static void test_a_name_that_settles(void **state)
{
	struct config_instance instances[] = {
		{.name = "a", .interface = "nothing", .namespace = "blue"}};
	struct config config = {.instances = instances, .count = 1};
	struct roster roster;
	struct heard heard;

	need_isolation(state);
	roster_begin(&roster, &config, &heard);
	assert_int_equal(roster_update(&roster), 0);
	touch("/run/netns/blue");
	assert_true(event_of(&roster, 0));
	assert_int_equal(roster_update(&roster), 0);
	assert_true(event_of(&roster, PATIENCE_MS));
	assert_int_equal(roster_update(&roster), 0);
	assert_int_equal(mount(HERE, "/run/netns/blue", "none", MS_BIND, NULL), 0);
	assert_true(event_of(&roster, PATIENCE_MS));
	assert_int_equal(roster_update(&roster), 0);
	assert_false(event_of(&roster, 0));
	release("/run/netns/blue");
	roster_close(&roster);
}

static void test_where_it_looks_each_second(void **state)
{
	static const struct {
		const char *namespace, *interface;
		bool scans;
	} cases[] = {
		{NULL, "eth0", false},	 {NULL, "veth*", false},	   {NULL, "@default", true},
		{"blue", "eth0", false}, {"blue*", "eth0", false},	   {"*", "eth0", true},
		{"n*", "eth0", true},	 {"net-40[12]*", "eth0", true},	   {"nest*", "eth0", false},
		{"pid:1", "eth0", true}, {"/proc/1/ns/net", "eth0", true},
	};
	size_t i;

	need_isolation(state);
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct config_instance instance = {.name = "a",
						   .namespace = (char *)cases[i].namespace,
						   .interface = (char *)cases[i].interface};
		struct config config = {.instances = &instance, .count = 1};
		struct roster roster;
		struct heard heard;

		roster_begin(&roster, &config, &heard);
		assert_int_equal(roster_scans(&roster), cases[i].scans);
		roster_close(&roster);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hears_links),
		cmocka_unit_test(test_hears_names),
		cmocka_unit_test(test_wakes),
		cmocka_unit_test(test_absence_is_said_once),
		cmocka_unit_test(test_what_cannot_be_a_name),
		cmocka_unit_test(test_lets_namespaces_go),
		cmocka_unit_test(test_a_name_that_settles),
		cmocka_unit_test(test_where_it_looks_each_second),
	};

	return cmocka_run_group_tests(tests, isolate, NULL);
}
