/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <netacct/cleanup.h>
#include <string.h>

#include "json_strict.h"
#include "whitelist.h"

int whitelist_load(const char *path, struct whitelist *ret, struct whitelist_error *why)
{
	_cleanup_free_ char *text = NULL;
	struct json_problem problem = {};
	size_t length = 0;
	int error = json_file_read(path, &text, &length, &problem);

	if (!error)
		return whitelist_parse(text, length, ret, why);
	memcpy(why->text, problem.text, sizeof(why->text));
	return error;
}
