/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The parts of json_strict.h that look at the bytes; nobody else includes it. */
#ifndef NETACCT_JSON_SCAN_H
#define NETACCT_JSON_SCAN_H

#include "json_strict.h"

/* "line L, column C: WHAT"; returns -EINVAL. */
int json_fail_at(const char *text, size_t offset, struct json_problem *why, const char *what);

/*
 * Refuses what json-c lets pass in its strict mode: other bytes than UTF-8,
 * bare control characters, NUL in both its forms, single quotes, NaN,
 * Infinity, "1." and "-01"; and nesting deeper than depth_max. Gives the
 * number of names in all objects together.
 */
int json_scan(const char *text, size_t length, int depth_max, size_t *ret_names,
	      struct json_problem *why);

/*
 * -EINVAL where an object of the text, which json-c has parsed to root, has
 * a name twice: then root holds fewer than the text (`names`).
 */
int json_check_names(const char *text, size_t length, size_t names, struct json_object *root,
		     struct json_problem *why);

#endif
