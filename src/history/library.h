/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Libraries that are loaded when they are first needed: mapping and
 * relocating them is a good part of the time of a command that does without.
 */
#ifndef NETACCT_HISTORY_LIBRARY_H
#define NETACCT_HISTORY_LIBRARY_H

#include "history.h"

struct library {
	const char *soname;
	const char *package; /* what to install, by the names that distributions have for it */
	const char *const *functions; /* their names */
	size_t count;
};

/*
 * Writes the addresses of the functions to `ret`, a struct of `count` pointers
 * to functions. The library stays for as long as the process runs. -ENOPKG
 * with a sentence in `why`; what is in `ret` is of no use then.
 */
int library_load(const struct library *library, void *ret, struct history_error *why);

#endif
