/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What sanitizers in the program under test say. With NETACCT_REPORTS set they
 * have log_path in ASAN_OPTIONS and UBSAN_OPTIONS set to a file of that folder,
 * so that nobody who runs the program can overlook it.
 */
#ifndef NETNS_REPORTS_H
#define NETNS_REPORTS_H

#include <stdbool.h>
#include <stddef.h>

/* Are there sanitizers in the program under test? */
bool reports_wanted(void);

/*
 * How many reports there are since the last time; they are gone then. `show`:
 * they are printed. `text` gets the line that sums up the first one.
 */
unsigned int reports_take(bool show, char *text, size_t size);

#endif
