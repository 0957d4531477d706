/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tests in network namespaces of their own. Each runs in a child with its
 * own process, network and mount namespace, its own bpffs on /sys/fs/bpf and
 * an empty tmpfs on /run, so that nothing survives it: no process, no
 * interface, no mount. The parent then looks for BPF programs, maps and links
 * that are left in the kernel, and fails the test that left one.
 *
 *	netns [--list] [PATTERN…]
 *
 * A pattern is a shell pattern over the names, or a part of one. What is
 * defined with TEST_ON_DEMAND() runs, and is listed, only where a pattern
 * matches it; it may take as long as the whole rest.
 *
 * NETACCT       the program under test (default $BUILD/netacct)
 * BUILD         where the build is (default build)
 * NETACCT_SLOW  set: an emulated machine; ten times the patience, and
 *               scaled() hands out less traffic
 * NETACCT_FULL  set: whole what else is a sample (inject.h); takes long
 * NETACCT_REPORTS  set: the program has sanitizers (reports.h)
 */
#ifndef NETNS_HARNESS_H
#define NETNS_HARNESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

struct test {
	const char *name;
	int line; /* for the order within a suite */
	void (*run)(void);
	bool on_demand;
};

/* Defines and registers the test suite.what. */
#define TEST(suite, what) TEST_REGISTER(suite, what, false)
#define TEST_ON_DEMAND(suite, what) TEST_REGISTER(suite, what, true)

#define TEST_REGISTER(suite, what, on_demand)                                           \
	static void suite##_##what(void);                                               \
	static const struct test case_##suite##_##what = {#suite "." #what, __LINE__,   \
							  suite##_##what, on_demand};   \
	static const struct test *const entry_##suite##_##what                          \
		__attribute__((used, section("netns_tests"))) = &case_##suite##_##what; \
	static void suite##_##what(void)

/* Both end the test at once, from any thread. */
__attribute__((noreturn, format(printf, 1, 2))) void fail(const char *format, ...);
__attribute__((noreturn, format(printf, 1, 2))) void skip(const char *format, ...);

/* Stands before what a later fail() says; "" for nothing. */
__attribute__((format(printf, 1, 2))) void context(const char *format, ...);
/* A line of its own for people to read. */
__attribute__((format(printf, 1, 2))) void remark(const char *format, ...);

#define CHECK(condition, ...)              \
	do {                               \
		if (!(condition))          \
			fail(__VA_ARGS__); \
	} while (0)

void expect_number(const char *what, uint64_t expected, uint64_t got);
void expect_text(const char *what, const char *expected, const char *got);
void expect_contains(const char *what, const char *part, const char *whole);

bool slow(void);
/* An amount of traffic: as it is, or a fiftieth (at least one) on a slow machine. */
uint64_t scaled(uint64_t amount);
uint64_t now_ms(void); /* CLOCK_MONOTONIC */
void sleep_ms(unsigned int ms);

/* A file in the build folder; free() it. */
char *build_path(const char *name);

/* A file of the test's own, gone with it; returns its path, free() it. */
char *write_file(const char *name, const char *content);

#endif
