// SPDX-License-Identifier: GPL-2.0-or-later
/* Every message is told to whoever asked, a line each: sent, received, and the verdicts. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <netacct/netlink.h>

static char lines[32][256];
static size_t count;

static void keep(const char *line)
{
	assert_true(count < 32);
	snprintf(lines[count++], sizeof(lines[0]), "%s", line);
}

static void ask_for(const char *name, int expected)
{
	_cleanup_rtnl_ struct rtnl *nl = NULL;
	struct nl_error err;
	struct link link;

	count = 0;
	assert_int_equal(rtnl_open(&nl, &err), 0);
	assert_int_equal(link_by_name(nl, name, &link, &err), expected);
}

static void assert_begins(const char *line, const char *with)
{
	if (strncmp(line, with, strlen(with)) != 0)
		fail_msg("'%s' does not begin with '%s'", line, with);
}

static void tells_request_and_answer(void **state)
{
	unsigned int sent, received, length;

	(void)state;
	rtnl_set_trace(keep);
	ask_for("lo", 0);
	rtnl_set_trace(NULL);
	assert_true(count >= 2);
	assert_begins(lines[0], "sent RTM_GETLINK, flags 0x");
	assert_begins(lines[1], "received RTM_NEWLINK, flags 0x");
	assert_int_equal(sscanf(lines[0], "sent RTM_GETLINK, flags 0x%*x, sequence %u, length %u",
				&sent, &length),
			 2);
	assert_true(length > 16);
	assert_int_equal(
		sscanf(lines[1], "received RTM_NEWLINK, flags 0x%*x, sequence %u", &received), 1);
	assert_int_equal(sent, received);
	assert_null(strpbrk(lines[0], "\n"));
}

static void tells_a_verdict(void **state)
{
	(void)state;
	rtnl_set_trace(keep);
	ask_for("none-such-0", -ENODEV);
	rtnl_set_trace(NULL);
	assert_true(count >= 2);
	assert_begins(lines[count - 1], "received NLMSG_ERROR, flags 0x");
	assert_non_null(strstr(lines[count - 1], ", error -19 (No such device)"));
}

static void is_silent_where_nobody_asks(void **state)
{
	(void)state;
	ask_for("lo", 0);
	assert_int_equal(count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(is_silent_where_nobody_asks),
		cmocka_unit_test(tells_request_and_answer),
		cmocka_unit_test(tells_a_verdict),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
