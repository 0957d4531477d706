/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "frame.h"

#include <errno.h>
#include <netacct/cleanup.h>
#include <string.h>
#include <sys/socket.h>

static int write_all(int fd, const void *bytes, size_t length)
{
	const char *from = bytes;

	while (length) {
		ssize_t written = send(fd, from, length, MSG_NOSIGNAL);

		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return -errno;
		from += written;
		length -= (size_t)written;
	}
	return 0;
}

static int read_all(int fd, void *bytes, size_t length)
{
	char *to = bytes;

	while (length) {
		ssize_t got = recv(fd, to, length, 0);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return got ? -errno : -EPIPE;
		to += got;
		length -= (size_t)got;
	}
	return 0;
}

static void put_length(unsigned char bytes[static 4], size_t length)
{
	for (int i = 0; i < 4; i++)
		bytes[i] = (unsigned char)(length >> 8 * i);
}

static size_t get_length(const unsigned char bytes[static 4])
{
	return bytes[0] | (size_t)bytes[1] << 8 | (size_t)bytes[2] << 16 | (size_t)bytes[3] << 24;
}

int frame_write(int fd, enum frame_kind kind, const void *bytes, size_t length)
{
	unsigned char head[5] = {(unsigned char)kind};
	int error;

	if (length > FRAME_MAX)
		return -E2BIG;
	put_length(head + 1, length);
	error = write_all(fd, head, sizeof(head));
	return error ? error : write_all(fd, bytes, length);
}

int frame_read(int fd, enum frame_kind *ret_kind, void *bytes, size_t *ret_length)
{
	unsigned char head[5];
	size_t length;
	int error = read_all(fd, head, sizeof(head));

	if (error)
		return error;
	length = get_length(head + 1);
	if ((head[0] != FRAME_OUT && head[0] != FRAME_ERR && head[0] != FRAME_STATUS) ||
	    length > FRAME_MAX)
		return -EPROTO;
	error = read_all(fd, bytes, length);
	if (error)
		return error;
	*ret_kind = (enum frame_kind)head[0];
	*ret_length = length;
	return 0;
}

int request_write(int fd, int argc, char *const *argv)
{
	char text[4 + REQUEST_MAX];
	size_t used = 0, length;
	int i;

	if (argc < 1 || argc > REQUEST_WORDS)
		return -E2BIG;
	for (i = 0; i < argc; i++) {
		length = strlen(argv[i]) + 1;
		if (length > REQUEST_MAX - used)
			return -E2BIG;
		memcpy(text + 4 + used, argv[i], length);
		used += length;
	}
	put_length((unsigned char *)text, used);
	return write_all(fd, text, 4 + used);
}

int request_split(struct request *request, size_t length)
{
	char *word = request->text, *end = request->text + length;

	request->argc = 0;
	if (!length || length > REQUEST_MAX || end[-1])
		return -EPROTO;
	for (; word < end; word += strlen(word) + 1) {
		if (request->argc == REQUEST_WORDS)
			return -E2BIG;
		request->argv[request->argc++] = word;
	}
	request->argv[request->argc] = NULL;
	return 0;
}

int request_read(int fd, struct request *ret)
{
	unsigned char head[4];
	size_t length;
	int error = read_all(fd, head, sizeof(head));

	if (error)
		return error;
	length = get_length(head);
	if (length > sizeof(ret->text))
		return -E2BIG;
	error = read_all(fd, ret->text, length);
	return error ? error : request_split(ret, length);
}
