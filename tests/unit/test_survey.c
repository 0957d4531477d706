/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which meter stands on an interface, and whether what runs before it may starve it. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

#include "../../src/cmd/survey_netns.h"

#define OTHER 7
#define IN 40
#define EG 41

static struct meter_sighting sighting;
static struct filter filters[2];
static struct survey_program ingress[2], egress[2], tcx[2];
static struct survey_interface interface;
static struct netns netns;
static struct survey survey;

static int setup(void **state)
{
	(void)state;
	sighting = (struct meter_sighting){.netns_inode = 100,
					   .netns_cookie = 5,
					   .ifindex = 3,
					   .in_prog_id = IN,
					   .eg_prog_id = EG,
					   .live = true};
	netns = (struct netns){.fd = -1, .inode = 100, .cookie = 5};
	ingress[0] = (struct survey_program){.id = IN, .ours = true};
	egress[0] = (struct survey_program){.id = EG, .ours = true};
	interface = (struct survey_interface){.link.ifindex = 3};
	interface.tc[FILTER_INGRESS] = (struct survey_filters){filters, ingress, 1};
	interface.tc[FILTER_EGRESS] = (struct survey_filters){filters, egress, 1};
	survey = (struct survey){.sightings = &sighting, .sighting_count = 1};
	return 0;
}

static void assert_state(enum survey_meter_state expected)
{
	survey_meter(&survey, &netns, &interface);
	assert_ptr_equal(interface.meter, &sighting);
	assert_int_equal(interface.meter_state, expected);
}

static void test_alone(void **state)
{
	(void)state;
	assert_state(SURVEY_COUNTING);
}

static void test_behind_a_filter(void **state)
{
	(void)state;
	ingress[1] = ingress[0];
	ingress[0] = (struct survey_program){.id = OTHER};
	interface.tc[FILTER_INGRESS].count = 2;
	assert_state(SURVEY_BEHIND);
}

static void test_before_a_filter(void **state)
{
	(void)state;
	egress[1] = (struct survey_program){.id = OTHER};
	interface.tc[FILTER_EGRESS].count = 2;
	assert_state(SURVEY_COUNTING);
}

static void test_behind_a_classifier_without_a_program(void **state)
{
	(void)state;
	egress[1] = egress[0];
	egress[0] = (struct survey_program){.id = 0};
	interface.tc[FILTER_EGRESS].count = 2;
	assert_state(SURVEY_BEHIND);
}

static void test_behind_tcx(void **state)
{
	(void)state;
	tcx[0] = (struct survey_program){.id = OTHER};
	interface.tcx[FILTER_EGRESS] = (struct survey_tcx){tcx, 1};
	assert_state(SURVEY_BEHIND);
}

static void test_behind_xdp_of_others(void **state)
{
	(void)state;
	interface.xdp = (struct survey_program){.id = OTHER};
	assert_state(SURVEY_BEHIND);
}

static void test_by_xdp(void **state)
{
	(void)state;
	interface.xdp = ingress[0];
	ingress[0] = (struct survey_program){.id = OTHER};
	assert_state(SURVEY_COUNTING);
}

static void test_broken(void **state)
{
	(void)state;
	interface.tc[FILTER_EGRESS].count = 0;
	assert_state(SURVEY_BROKEN);
	setup(state);
	sighting.live = false;
	assert_state(SURVEY_BROKEN);
	setup(state);
	interface.tc[FILTER_INGRESS].count = 0;
	interface.tc[FILTER_EGRESS].count = 0;
	assert_state(SURVEY_BROKEN);
}

static void assert_none(void)
{
	survey_meter(&survey, &netns, &interface);
	assert_null(interface.meter);
}

static void test_departed(void **state)
{
	(void)state;
	sighting.live = false;
	interface.tc[FILTER_INGRESS].count = 0;
	interface.tc[FILTER_EGRESS].count = 0;
	assert_none();
}

static void test_identity(void **state)
{
	(void)state;
	netns.cookie = 6; /* the inode number was used again */
	assert_none();
	netns.cookie = 5;
	netns.inode = 101;
	assert_none();
	netns.inode = 100;
	interface.link.ifindex = 4;
	assert_none();
	interface.link.ifindex = 3;
	netns.cookie = 0; /* a kernel without cookies */
	assert_state(SURVEY_COUNTING);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_alone, setup),
		cmocka_unit_test_setup(test_behind_a_filter, setup),
		cmocka_unit_test_setup(test_before_a_filter, setup),
		cmocka_unit_test_setup(test_behind_a_classifier_without_a_program, setup),
		cmocka_unit_test_setup(test_behind_tcx, setup),
		cmocka_unit_test_setup(test_behind_xdp_of_others, setup),
		cmocka_unit_test_setup(test_by_xdp, setup),
		cmocka_unit_test_setup(test_broken, setup),
		cmocka_unit_test_setup(test_departed, setup),
		cmocka_unit_test_setup(test_identity, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
