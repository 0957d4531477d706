/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whitelists as text, for tests: the one of the manual, and how a text is taken or refused. */
#ifndef TEST_WHITELIST_TEXT_H
#define TEST_WHITELIST_TEXT_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <errno.h>
#include <netacct/cleanup.h>
#include <string.h>

#include "../../src/meter/whitelist.h"

/* As the manual shows it. */
static const char example[] =
	"{\n"
	"  \"metadata\": {\"description\": \"Bürö\", \"version\": \"1.0\",\n"
	"               \"created\": \"2025-01-20T10:30:00\", \"auto_reload\": true},\n"
	"  \"whitelist\": {\n"
	"    \"localhost\": {\"description\": \"…\", \"enabled\": true,\n"
	"                  \"ips\": [\"127.0.0.1\", \"::1\"], \"cidrs\": []},\n"
	"    \"private\": {\"enabled\": true, \"ips\": [],\n"
	"                \"cidrs\": [\"192.168.0.0/16\", \"fd00::/8\"]}\n"
	"  }\n"
	"}\n";

/* In memory of exactly its size, so that a sanitizer sees a read past the end. */
static inline int parse(const char *text, size_t length, struct whitelist *ret,
			struct whitelist_error *why)
{
	char *exact = malloc(length ? length : 1);
	int rc;

	assert_non_null(exact);
	memcpy(exact, text, length);
	rc = whitelist_parse(exact, length, ret, why);
	free(exact);
	return rc;
}

static inline void take(const char *text, struct whitelist *ret)
{
	struct whitelist_error why;

	if (parse(text, strlen(text), ret, &why) != 0)
		fail_msg("%s: %s", text, why.text);
}

/* A failure leaves the result as it was. */
static inline void refuse(const char *text, size_t length, const char *sentence)
{
	struct whitelist whitelist, before;
	struct whitelist_error why;

	memset(&whitelist, 0x55, sizeof(whitelist));
	before = whitelist;
	assert_int_equal(parse(text, length, &whitelist, &why), -EINVAL);
	assert_memory_equal(&whitelist, &before, sizeof(whitelist));
	assert_string_equal(why.text, sentence);
}

#endif
