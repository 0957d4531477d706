// SPDX-License-Identifier: GPL-2.0-or-later
/* Who stands in the way of a source. */
#include "../../src/meter/conflict.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define ROOM 3

static struct na_source sources[2][ROOM];
static const struct meter meters[2] = {
	{.meta = {.sources = ROOM, .group = "first"}, .sources = sources[0]},
	{.meta = {.sources = ROOM, .group = "second"}, .sources = sources[1]},
};

static struct source wanted(uint64_t inode, uint32_t ifindex, const char *id)
{
	struct source source = {.netns = {.fd = -1, .device = 4, .inode = inode, .cookie = 7},
				.link = {.ifindex = ifindex}};

	snprintf(source.id, sizeof(source.id), "%s", id);
	return source;
}

static void put(struct na_source *to, enum na_source_state state, uint64_t inode, uint32_t ifindex,
		const char *id)
{
	*to = (struct na_source){.state = state,
				 .kind = NA_SOURCE_INTERFACE,
				 .netns_device = 4,
				 .netns_inode = inode,
				 .netns_cookie = 7,
				 .ifindex = ifindex};
	snprintf(to->id, sizeof(to->id), "%s", id);
}

static int begin(void **state)
{
	(void)state;
	memset(sources, 0, sizeof(sources));
	return 0;
}

static void expect(const struct source *source, enum conflict_kind kind, size_t meter,
		   uint32_t number)
{
	struct conflict conflict = conflict_find(meters, 2, source);

	assert_int_equal(conflict.kind, kind);
	assert_int_equal(conflict.meter, meter);
	assert_int_equal(conflict.number, number);
}

static void test_nobody(void **state)
{
	struct source source = wanted(1, 2, "host--eth0");

	(void)state;
	expect(&source, CONFLICT_NONE, 0, 0);
	put(&sources[0][1], NA_SOURCE_LIVE, 1, 3, "host--eth1");
	put(&sources[1][0], NA_SOURCE_LIVE, 2, 2, "blue--eth0");
	/* its id was left behind when it went free */
	put(&sources[1][1], NA_SOURCE_FREE, 1, 2, "host--eth0");
	expect(&source, CONFLICT_NONE, 0, 0);
}

static void test_same_place_comes_before_same_id(void **state)
{
	struct source source = wanted(1, 2, "host--eth0");

	(void)state;
	put(&sources[0][0], NA_SOURCE_DEPARTED, 1, 1, "host--eth0");
	expect(&source, CONFLICT_DEPARTED, 0, 0);
	put(&sources[1][2], NA_SOURCE_LIVE, 1, 2, "host--another");
	expect(&source, CONFLICT_PLACE, 1, 2);
	sources[1][2].state = NA_SOURCE_ATTACHING;
	expect(&source, CONFLICT_PLACE, 1, 2);
}

static void test_departed_are_no_place(void **state)
{
	struct source source = wanted(1, 2, "host--eth0");

	(void)state;
	put(&sources[0][2], NA_SOURCE_DEPARTED, 1, 2, "host--before");
	expect(&source, CONFLICT_NONE, 0, 0);
	put(&sources[1][0], NA_SOURCE_LIVE, 9, 2, "host--eth0");
	expect(&source, CONFLICT_ID, 1, 0);
}

static void test_tags(void **state)
{
	struct source source = wanted(1, 2, "host--eth0");

	(void)state;
	put(&sources[0][0], NA_SOURCE_LIVE, 9, 2, "host--eth0");
	conflict_add_tag(&source, "red");
	assert_string_equal(source.id, "host--eth0--red");
	expect(&source, CONFLICT_NONE, 0, 0);
	memset(source.id, 'x', sizeof(source.id) - 1);
	conflict_add_tag(&source, "red");
	assert_int_equal(strlen(source.id), sizeof(source.id) - 1);
	assert_string_equal(source.id + sizeof(source.id) - 1 - strlen("x--red"), "x--red");
}

static void test_groups(void **state)
{
	struct meter list[2] = {meters[0], meters[1]};

	(void)state;
	assert_ptr_equal(conflict_group(list, 2, "second"), &list[1]);
	assert_null(conflict_group(list, 2, "third"));
	assert_null(conflict_group(NULL, 0, "first"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_nobody, begin),
		cmocka_unit_test_setup(test_same_place_comes_before_same_id, begin),
		cmocka_unit_test_setup(test_departed_are_no_place, begin),
		cmocka_unit_test_setup(test_tags, begin),
		cmocka_unit_test_setup(test_groups, begin),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
