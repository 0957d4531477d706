// SPDX-License-Identifier: GPL-2.0-or-later
/* Lines of /proc/PID/mountinfo (proc_pid_mountinfo(5)) that are mounted network namespaces. */
#include <string.h>
#include <sys/sysmacros.h>

#include "netns_walk.h"

/* seq_path() of the kernel writes space, tab, newline and backslash as \NNN. */
static void decode_octal(char *text)
{
	char *to = text;

	for (const char *from = text; *from; to++) {
		if (from[0] == '\\' && from[1] >= '0' && from[1] <= '3' && from[2] >= '0' &&
		    from[2] <= '7' && from[3] >= '0' && from[3] <= '7') {
			*to = (char)((from[1] - '0') << 6 | (from[2] - '0') << 3 | (from[3] - '0'));
			from += 4;
		} else {
			*to = *from++;
		}
	}
	*to = '\0';
}

/* The number after `prefix`, which `after` must follow. */
static bool read_number(const char **at, const char *prefix, char after, unsigned long long *ret)
{
	size_t length = strlen(prefix);
	unsigned long long number = 0;
	const char *digit;

	if (strncmp(*at, prefix, length) != 0)
		return false;
	for (digit = *at + length; *digit >= '0' && *digit <= '9'; digit++) {
		if (__builtin_mul_overflow(number, 10, &number) ||
		    __builtin_add_overflow(number, *digit - '0', &number))
			return false;
	}
	if (digit == *at + length || *digit != after)
		return false;
	*at = digit + 1;
	*ret = number;
	return true;
}

bool netns_mount_parse(char *line, struct netns_mount *ret)
{
	unsigned long long number, major, minor, inode;
	const char *at = line;
	char *path, *end;

	/* no field holds a bare space: the separator cannot be part of a name */
	if (!strstr(line, " - nsfs "))
		return false;
	if (!read_number(&at, "", ' ', &number) || !read_number(&at, "", ' ', &number) ||
	    !read_number(&at, "", ':', &major) || !read_number(&at, "", ' ', &minor) ||
	    !read_number(&at, "net:[", ']', &inode) || *at != ' ')
		return false;
	path = line + (at + 1 - line);
	end = strchr(path, ' ');
	if (!end)
		return false;
	*end = '\0';
	decode_octal(path);
	ret->identity.device = makedev((unsigned int)major, (unsigned int)minor);
	ret->identity.inode = inode;
	ret->path = path;
	return true;
}
