// SPDX-License-Identifier: GPL-2.0-or-later
/* Where the paths of a configuration lead, as text: no file is asked. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "../source/sentence.h"
#include "config_part.h"

/* Without "//" and "/./", so that two spellings of one path are one; "..", which may lead through a
 * symbolic link, stays. */
static void tidy(char *path)
{
	char *to = path;

	for (const char *from = path; *from;) {
		if (from[0] == '/' && from[1] == '/')
			from++;
		else if (from[0] == '/' && from[1] == '.' && (from[2] == '/' || !from[2]))
			from += 2;
		else
			*to++ = *from++;
	}
	*to = '\0';
}

static bool names_folder(const char *path)
{
	const char *last = strrchr(path, '/');

	last = last ? last + 1 : path;
	return !*last || !strcmp(last, ".") || !strcmp(last, "..");
}

int config_path(const char *text, const char *plain, const char *folder, char **ret)
{
	const char *beside = strchr(text, '/') ? folder : plain;
	char *path;

	if (names_folder(text))
		return -EINVAL;
	if (asprintf(&path, "%s/%s", *text == '/' ? "" : beside, text) < 0)
		return -ENOMEM;
	tidy(path);
	*ret = path;
	return 0;
}

int config_path_replace(char **path, const char *plain, const char *folder, const char *where,
			const char *key, struct config_error *why)
{
	char *absolute;
	int error;

	if (!*path)
		return 0;
	error = config_path(*path, plain, folder, &absolute);
	if (error == -ENOMEM)
		return config_no_memory(why);
	if (error)
		return config_fail(why, where, "\"%s\": %s is not the name of a file", key,
				   quote(*path).text);
	free(*path);
	*path = absolute;
	return 0;
}

void config_where(char where[static CONFIG_WHERE], const char *kind, size_t number,
		  const char *name)
{
	if (name)
		snprintf(where, CONFIG_WHERE, "%s %zu (%s): ", kind, number, quote(name).text);
	else
		snprintf(where, CONFIG_WHERE, "%s %zu: ", kind, number);
}
