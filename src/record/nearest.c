/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "nearest.h"

#include <string.h>

#define WORD_MAX 64
#define NEAR 2

static size_t least(size_t a, size_t b, size_t c)
{
	size_t ab = a < b ? a : b;

	return ab < c ? ab : c;
}

/* Levenshtein's distance, one row of the matrix at a time. */
size_t word_distance(const char *left, const char *right)
{
	size_t row[WORD_MAX + 1];
	size_t left_length = strlen(left), right_length = strlen(right);

	if (left_length > WORD_MAX || right_length > WORD_MAX)
		return left_length > right_length ? left_length : right_length;
	for (size_t j = 0; j <= right_length; j++)
		row[j] = j;
	for (size_t i = 1; i <= left_length; i++) {
		size_t diagonal = row[0];

		row[0] = i;
		for (size_t j = 1; j <= right_length; j++) {
			size_t above = row[j];

			row[j] = least(above + 1, row[j - 1] + 1,
				       diagonal + (left[i - 1] != right[j - 1]));
			diagonal = above;
		}
	}
	return row[right_length];
}

bool word_is_near(const char *word, const char *name)
{
	if (!word[0])
		return false;
	return !strncmp(word, name, strlen(word)) || word_distance(word, name) <= NEAR;
}
