/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rows of doctor as a table and as JSON, and what they come to. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <json-c/json.h>
#include <netacct/cleanup.h>
#include <string.h>

#include "../../src/cmd/doctor.h"

static struct probes probes;
static struct buffer *out;

static int setup(void **state)
{
	(void)state;
	out = buffer_new(NULL);
	return out ? 0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	probes_clear(&probes);
	free(out);
	return 0;
}

static const char *table(const char *source, bool logs)
{
	out->used = 0;
	assert_int_equal(doctor_table(out, &probes, source, logs), 0);
	buffer_char(out, '\0');
	assert_int_equal(out->error, 0);
	return out->data;
}

static void test_what_is_needed_decides(void **state)
{
	(void)state;
	probe_say(probe_add(&probes, "one", true), PROBE_GOOD, "fine");
	probe_say(probe_add(&probes, "two", false), PROBE_MISSING, "not there");
	probe_unseen(probe_add(&probes, "three", true), "no right to");
	assert_true(doctor_good(&probes));
	assert_non_null(strstr(table(NULL, false), "\nnot seen: three\n"));
	assert_non_null(strstr(table(NULL, false), "missing of what could be seen\n"));
	probe_say(probe_add(&probes, "four", true), PROBE_MISSING, "not there");
	assert_false(doctor_good(&probes));
	assert_non_null(strstr(table(NULL, false), "\nmissing and needed: four\n"));
	assert_null(strstr(table(NULL, false), "nothing"));
}

static void assert_widths(const char *text)
{
	for (; *text; text += strcspn(text, "\n") + 1)
		assert_true(strcspn(text, "\n") <= 100);
}

static void test_fits(void **state)
{
	struct probe *probe;
	int i;

	(void)state;
	for (i = 0; i < 30; i++) {
		probe = probe_add(&probes, i % 2 ? "tc-ingress-program" : "short", i % 3);
		probe_say(probe, i % 2 ? PROBE_MISSING : PROBE_NOTE, "%0200d and many words %0*d",
			  0, i * 5 + 1, 0);
		probe_advise(probe,
			     "%d words that do not fit in one line, so that it takes more "
			     "than one of them",
			     i);
		probe->unseen = i % 2;
		probe->log = strdup("a line of the log that is longer than the table is wide, as "
				    "those of the verifier are now and then\n\nend\n");
	}
	assert_widths(table(NULL, true));
	assert_non_null(strstr(table(NULL, true), "end\n"));
	assert_null(strstr(table(NULL, false), "end\n"));
}

static void test_cannot_move_the_cursor(void **state)
{
	(void)state;
	probe_say(probe_add(&probes, "one", true), PROBE_NOTE, "its name is \033[2J\xff");
	assert_null(strstr(table(NULL, false), "\033"));
	assert_null(strstr(table(NULL, false), "\xff"));
}

static void test_json(void **state)
{
	struct json_object *document, *checks, *check, *value;
	struct probe *probe = probe_add(&probes, "one", true);

	(void)state;
	probe_say(probe, PROBE_MISSING, "\"a\" \\ \033");
	probe->log = strdup("line\nline");
	doctor_json(out, &probes, "host--eth0", true);
	buffer_char(out, '\0');
	document = json_tokener_parse(out->data);
	assert_non_null(document);
	assert_true(json_object_object_get_ex(document, "good", &value));
	assert_false(json_object_get_boolean(value));
	assert_true(json_object_object_get_ex(document, "source", &value));
	assert_string_equal(json_object_get_string(value), "host--eth0");
	assert_true(json_object_object_get_ex(document, "checks", &checks));
	check = json_object_array_get_idx(checks, 0);
	assert_true(json_object_object_get_ex(check, "text", &value));
	assert_string_equal(json_object_get_string(value), "\"a\" \\ \033");
	assert_true(json_object_object_get_ex(check, "state", &value));
	assert_string_equal(json_object_get_string(value), "missing");
	assert_true(json_object_object_get_ex(check, "to_do", &value));
	assert_null(value);
	json_object_put(document);
}

/* A refusal is a note only where this process may not try. */
static void test_refusal(void **state)
{
	_cleanup_fault_ struct fault fault = {};
	struct probe *probe = probe_add(&probes, "one", true);

	(void)state;
	fault_set(&fault, -EACCES, "the verifier says no");
	fault.log = strdup("0: R1=ctx");
	probe_refuse(probe, -EACCES, &fault);
	assert_int_equal(probe->state, PROBE_MISSING);
	assert_string_equal(probe->text, "the verifier says no");
	assert_string_equal(probe->log, "0: R1=ctx");
	assert_null(fault.log);
	probe_refuse(probe, -EPERM, &fault);
	assert_int_equal(probe->state, probe_may_bpf() ? PROBE_MISSING : PROBE_NOTE);
	assert_int_equal(probe->unseen, !probe_may_bpf());
}

#define test(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(test_what_is_needed_decides),
		test(test_fits),
		test(test_cannot_move_the_cursor),
		test(test_json),
		test(test_refusal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
