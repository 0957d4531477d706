// SPDX-License-Identifier: GPL-2.0-or-later
#include "json_strict.h"

#include <errno.h>
#include <json-c/json_tokener.h>
#include <limits.h>

#include "../source/sentence.h"
#include "json_scan.h"

static int explain(struct json_tokener *tokener, const char *text, size_t length,
		   struct json_problem *why)
{
	enum json_tokener_error error = json_tokener_get_error(tokener);
	size_t offset = json_tokener_get_parse_end(tokener);

	return json_fail_at(text, offset < length ? offset : length, why,
			    json_tokener_error_desc(error));
}

static int parse(struct json_tokener *tokener, const char *text, size_t length,
		 struct json_object **ret, struct json_problem *why)
{
	struct json_object *root = json_tokener_parse_ex(tokener, text, (int)length);

	if (json_tokener_get_error(tokener) == json_tokener_continue) {
		/* a number has no end of its own: a NUL ends it, and nothing else */
		root = json_tokener_parse_ex(tokener, "", 1);
		if (json_tokener_get_error(tokener) != json_tokener_success)
			return json_fail_at(text, length, why, "the text ends too early");
	}
	if (json_tokener_get_error(tokener) != json_tokener_success)
		return explain(tokener, text, length, why);
	*ret = root;
	return 0;
}

int json_parse_strict(const char *text, size_t length, int depth_max, struct json_object **ret,
		      struct json_problem *why)
{
	_cleanup_json_ struct json_object *root = NULL;
	struct json_tokener *tokener;
	size_t names;
	int rc;

	if (length > INT_MAX)
		return sentence(why->text, sizeof(why->text), -EINVAL, "too long");
	rc = json_scan(text, length, depth_max, &names, why);
	if (rc < 0)
		return rc;
	/* json-c counts a value inside the innermost container as a level, too */
	tokener = json_tokener_new_ex(depth_max + 1);
	if (!tokener)
		return -ENOMEM;
	json_tokener_set_flags(tokener, JSON_TOKENER_STRICT);
	rc = parse(tokener, text, length, &root, why);
	json_tokener_free(tokener);
	if (rc == 0)
		rc = json_check_names(text, length, names, root, why);
	if (rc < 0)
		return rc;
	*ret = root;
	root = NULL;
	return 0;
}
