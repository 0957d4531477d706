/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "json_strict.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include <netacct/cleanup.h>
#include "../source/sentence.h"

#define FAIL(why, error, ...) sentence((why)->text, sizeof((why)->text), error, __VA_ARGS__)

#define FIRST_ROOM 65536

static int open_file(const char *path, struct json_problem *why)
{
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	struct stat status;

	if (fd < 0 || fstat(fd, &status) < 0)
		return FAIL(why, -errno, "%s", strerror(errno));
	if (S_ISDIR(status.st_mode))
		return FAIL(why, -EISDIR, "%s", strerror(EISDIR));
	if (!S_ISREG(status.st_mode) && !S_ISFIFO(status.st_mode))
		return FAIL(why, -EINVAL, "neither a file nor a pipe");
	return TAKE_FD(fd);
}

/* Room for one byte more than what may be there, to see that there is more. */
static int grow(char **text, size_t *room)
{
	size_t wanted = *room ? *room * 2 : FIRST_ROOM;
	char *grown;

	if (wanted > JSON_FILE_MAX)
		wanted = JSON_FILE_MAX + 1;
	grown = realloc(*text, wanted);
	if (!grown)
		return -ENOMEM;
	*text = grown;
	*room = wanted;
	return 0;
}

static int read_file(int fd, char **text, size_t *ret_length, struct json_problem *why)
{
	size_t length = 0, room = 0;
	ssize_t got;

	for (;;) {
		if (length == room && grow(text, &room) < 0)
			return FAIL(why, -ENOMEM, "%s", strerror(ENOMEM));
		got = read(fd, *text + length, room - length);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return FAIL(why, -errno, "%s", strerror(errno));
		if (got == 0)
			break;
		length += (size_t)got;
		if (length > JSON_FILE_MAX)
			return FAIL(why, -EFBIG, "larger than %u MiB", JSON_FILE_MAX >> 20);
	}
	*ret_length = length;
	return 0;
}

int json_file_read(const char *path, char **ret, size_t *ret_length, struct json_problem *why)
{
	_cleanup_free_ char *text = NULL;
	_cleanup_close_ int fd = -1;
	size_t length = 0;
	int error;

	fd = open_file(path, why);
	if (fd < 0)
		return TAKE_FD(fd);
	error = read_file(fd, &text, &length, why);
	if (error)
		return error;
	*ret = TAKE_PTR(text);
	*ret_length = length;
	return 0;
}
