/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the fuzz targets share. A target is one file fuzz_NAME.c with a
 * function that is given any bytes; it aborts, or a sanitizer does, where
 * something is wrong. corpus/NAME holds what it begins with.
 */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Called by libFuzzer, or by driver.c where there is none; returns 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What has to hold whatever the input is. */
#define MUST(condition)                                           \
	do {                                                      \
		if (!(condition))                                 \
			fuzz_die(#condition, __FILE__, __LINE__); \
	} while (0)

/* Says what did not hold, and aborts. */
__attribute__((noreturn)) void fuzz_die(const char *what, const char *file, int line);

/* An input that is taken apart from its beginning. */
struct input {
	const uint8_t *at;
	size_t left;
};

/* `bytes` (at most 8) of them, little endian; 0 for those behind the end. */
uint64_t input_number(struct input *input, size_t bytes);
/* Up to a NUL, or up to the end; free() it. */
char *input_string(struct input *input);
/* All that is left, in memory of exactly its size so that a read past the end is seen; free() it.
 */
void *input_rest(struct input *input);

/* A result that must stay as it is where something fails. */
void fuzz_mark(void *result, size_t size);
bool is_marked(const void *result, size_t size);

/* Well-formed UTF-8 (RFC 3629): decoded and encoded again it is the same. */
bool is_utf8(const char *text, size_t length);
/* A text with its NUL within `size` bytes. */
bool is_terminated(const char *text, size_t size);
/* Fit for a terminal: terminated, UTF-8, no control characters, not empty. */
bool is_sentence(const char *text, size_t size);

#endif
