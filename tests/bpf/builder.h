/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Between frame.c, which reads recipes, and headers.c, which knows headers. */
#ifndef TESTS_BPF_BUILDER_H
#define TESTS_BPF_BUILDER_H

#include "frame.h"

#define LENGTHS_MAX 16

struct length {
	size_t at, start; /* offsets of the field, and of what it counts from */
	long given; /* -1: what it really is */
};

struct builder {
	struct frame *frame;
	size_t next, next_size; /* field of the last header that says what follows: 0, 1, 2 bytes */
	struct length length[LENGTHS_MAX]; /* to be written when the end is known */
	size_t lengths;
	unsigned int depth, ports; /* IP headers and port pairs so far */
	int network_seen, padded;
};

struct header {
	const char *name;
	int link; /* before the network header */
	long type, protocol; /* EtherType and IP protocol, -1: none */
	void (*write)(struct builder *builder, const char *word);
};

/* Ends with one without a name. */
extern const struct header headers[];

/* The argument of a word ("" is the one without a name, a plain flag is 1). */
long word_value(const char *word, const char *name, long otherwise);

/* Big endian; NULL bytes: zeros. */
void put(struct builder *builder, const void *bytes, size_t size);
void put8(struct builder *builder, unsigned long value);
void put16(struct builder *builder, unsigned long value);
void put32(struct builder *builder, unsigned long value);
/* A field for what comes next, of that size. */
void put_next(struct builder *builder, size_t size);
/* A length of two bytes that counts from `start`. */
void put_length(struct builder *builder, size_t start, long given);

#endif
