/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of files.h share; nobody else includes it. */
#ifndef NETACCT_FILES_STATE_H
#define NETACCT_FILES_STATE_H

#include <sys/types.h>

#include "files.h"

/* One source of one instance, over all the meters that have counted it. */
struct cumulative {
	size_t instance;
	struct reading reading; /* as last drained; its records stay empty, the strings are owned */
	struct record_table *table; /* since the book began; a tick is a second of CLOCK_REALTIME */
	struct record_table *delta; /* ndjson: what is not written yet; else NULL */
	uint64_t delta_since; /* CLOCK_REALTIME ns: from when on that was counted */
	bool begun; /* `reading` is of a drain of this run */
};

/* One path. */
struct output {
	const char *path; /* the configuration's */
	enum config_output format;
	gid_t group; /* the file's, -1: none to give it to */
	FILE *stream; /* ndjson, NULL: not open */
};

struct files {
	const struct config *config;
	struct history *history;
	struct cumulative *sources;
	size_t count;
	struct output *outputs;
	size_t output_count;
	struct reading *shown; /* of files_readings() */
};

struct cumulative *files_find(struct files *files, size_t instance, const char *id);
/* A new one, with what the book holds; *ret_known: it held something. */
int files_begin(struct files *files, size_t instance, const char *id, struct cumulative **ret,
		bool *ret_known, struct history_error *why);

/* An output file from before: see files_open(). */
int files_adopt(struct files *files, const struct output *output,
		void (*say)(void *context, const char *sentence), void *context,
		struct config_error *why);

void files_add_buckets(struct na_count to[NA_BUCKETS][NA_DIRECTIONS],
		       const struct na_count from[NA_BUCKETS][NA_DIRECTIONS]);

/*
 * The cumulative figures of one source (or, with `delta`, those not yet written) to print: strings
 * are the source's, the records a copy to be freed by the caller.
 */
int files_fill(const struct cumulative *source, bool delta, struct reading *ret);

/*
 * A path that is not written to: -ELOOP a symbolic link, -EOPNOTSUPP what is no regular file; 0
 * also where nothing is there.
 */
int files_refuse(const char *path);

#endif
