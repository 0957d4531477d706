/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What somebody may have meant. */
#ifndef NETACCT_NEAREST_H
#define NETACCT_NEAREST_H

#include <stdbool.h>
#include <stddef.h>

/* In how many insertions, deletions and exchanges of a byte two words differ. */
size_t word_distance(const char *left, const char *right);

/* May `name` have been meant by `word`: does it begin with it, or differ in two bytes at most? */
bool word_is_near(const char *word, const char *name);

#endif
