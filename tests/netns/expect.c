// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "harness.h"

void expect_number(const char *what, uint64_t expected, uint64_t got)
{
	CHECK(expected == got, "%s: expected %llu, got %llu", what, (unsigned long long)expected,
	      (unsigned long long)got);
}

void expect_text(const char *what, const char *expected, const char *got)
{
	CHECK(got && !strcmp(expected, got), "%s: expected \"%s\", got \"%s\"", what, expected,
	      got ? got : "(nothing)");
}

void expect_contains(const char *what, const char *part, const char *whole)
{
	CHECK(whole && strstr(whole, part), "%s: expected something with \"%s\", got \"%s\"", what,
	      part, whole ? whole : "(nothing)");
}
