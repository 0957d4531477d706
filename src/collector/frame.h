/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What goes over the collector's socket. A request is the length of its
 * words (4 bytes, little endian) and the words: argv of `dump` or `report`,
 * each ended by NUL. The answer is a row of frames, a byte of kind and the
 * length (4 bytes, little endian) before their bytes; FRAME_STATUS, a byte with the
 * exit status, is the last.
 */
#ifndef NETACCT_FRAME_H
#define NETACCT_FRAME_H

#include <stddef.h>
#include <stdint.h>

#define SOCKET_PATH "/run/netacct/netacct.sock"

#define REQUEST_MAX 4096 /* bytes of words */
#define REQUEST_WORDS 64
#define FRAME_MAX 65536 /* bytes in one frame */

enum frame_kind { FRAME_OUT = 'o', FRAME_ERR = 'e', FRAME_STATUS = 'x' };

/* All of these write or read whole, or return -errno; -EPIPE where the other side ended early. */
int frame_write(int fd, enum frame_kind kind, const void *bytes, size_t length);
/* Up to FRAME_MAX bytes; -EPROTO for anything that is no frame. */
int frame_read(int fd, enum frame_kind *ret_kind, void *bytes, size_t *ret_length);

/* -E2BIG where it is over REQUEST_MAX or REQUEST_WORDS. */
int request_write(int fd, int argc, char *const *argv);

/* argv[argc] is NULL; the words lie in `text`. */
struct request {
	char text[REQUEST_MAX];
	char *argv[REQUEST_WORDS + 1];
	int argc;
};
/* -EPROTO: not a request; -E2BIG. */
int request_read(int fd, struct request *ret);
/* The words of a text of `length` bytes. */
int request_split(struct request *request, size_t length);

/*
 * May a stranger ask for this? Only `dump` and `report`, with options that
 * are known to name no file, and arguments. -EPERM, with the word that is not let through; the
 * commands judge the words themselves.
 */
int request_allowed(int argc, char *const *argv, const char **ret_word);

#endif
