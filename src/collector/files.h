/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The output files of the instances. `json`: one document with the
 * cumulative records of each source, written anew after each drain: a
 * temporary file beside it, fsync, rename; 0640, root and group netacct, and
 * never through a symbolic link. `ndjson`: what was counted since the drain
 * before, a line a record, appended.
 *
 * The cumulative figures live here in memory and come from the history's
 * books at start, so that a file that is lost, rotated away or half written
 * is no loss.
 */
#ifndef NETACCT_FILES_H
#define NETACCT_FILES_H

#include <stdio.h>

#include "../history/history.h"
#include "config.h"

struct files;

/*
 * Loads what the books hold. An output file that is there and is not known to
 * the history (the first tool's, or after the database was lost) is taken
 * over as the books' beginning where it is a document of either schema; else it is
 * renamed to FILE.set-aside-TIME and said through `say`. Nothing is overwritten.
 */
int files_open(const struct config *config, struct history *history,
	       void (*say)(void *context, const char *sentence), void *context, struct files **ret,
	       struct config_error *why);
void files_close(struct files *files);
static inline void cleanup_files(struct files **files)
{
	files_close(*files); /* NULL is fine */
}
#define _cleanup_files_ __attribute__((cleanup(cleanup_files)))

/* Adds a stored drain's readings that belong to instance number `instance` of the configuration. */
int files_add(struct files *files, size_t instance, const struct reading *readings, size_t count);

/*
 * Writes every file that changed, or whose `timestamp` is older than the last call; failures do not
 * stop the others: the first one's -errno, its file named in `why`. They are tried again at the
 * next call.
 */
int files_write(struct files *files, struct config_error *why);

/* After SIGUSR1: ndjson files are opened anew, json files written anew wherever the old ones went.
 */
void files_reopen(struct files *files);

/* The cumulative readings of an instance, for the console: valid until the next call of this
 * module. */
const struct reading *files_readings(struct files *files, size_t instance, size_t *ret_count);

/* collect --summary-only: the summaries of all instances as their files say, as a table. */
int files_print_summary(const struct config *config, FILE *file, struct config_error *why);

#endif
