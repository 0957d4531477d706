/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names of programs by id, each asked of the kernel once: a group's program sits on many
 * interfaces. */
#ifndef NETACCT_PROGRAM_NAMES_H
#define NETACCT_PROGRAM_NAMES_H

#include <stdint.h>

struct program_names;

int program_names_new(struct program_names **ret);
void program_names_free(struct program_names *names); /* NULL is fine */

/* "" where the kernel has or tells none; the string lives until the next call. -ENOMEM. */
int program_names_find(struct program_names *names, uint32_t id, const char **ret);

/* What kept the kernel from telling a name, a negative errno; 0: nothing did. */
int program_names_error(const struct program_names *names);

#endif
