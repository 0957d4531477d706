/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The history: a SQLite database of what meters counted, in bins.
 *
 * A drain is stored whole in one transaction, as rows of the table `journal`,
 * together with its meter's generation; only then is that generation retired
 * in the kernel. A generation that is known is not stored again. So whatever
 * breaks off, each record is either here or in the kernel, once.
 *
 * Journal rows are folded, each 5 minutes or when they grow, into bins and
 * totals. Until then they carry CLOCK_BOOTTIME, so that a clock that is set
 * meanwhile moves them to where they belong. Readers add what is not folded.
 *
 * Bins of a level are rolled up from those below it when their time is over;
 * then all but the top N of each source go into one row without a key,
 * `other`: sums stay exact, the size is bounded.
 *
 * Times are seconds of CLOCK_REALTIME (UTC) where nothing else is said. A
 * struct history is not to be shared by threads, nor kept over a fork().
 * Functions return 0 or a negative errno with a sentence in `why`:
 * -ENOSPC disk full, -EBUSY locked, -EUCLEAN not a database of ours or
 * corrupt, -EIO, -EROFS, -EACCES, -ENOENT, -ENOMEM, -EPROTO a newer schema,
 * -ENOPKG SQLite is not installed. Nothing is stored in part.
 */
#ifndef NETACCT_HISTORY_H
#define NETACCT_HISTORY_H

#include "../record/reading.h"

#define HISTORY_PATH "/var/lib/netacct/history.db"

struct history_error {
	char text[512];
};

enum history_level {
	HISTORY_MINUTE, /* series only */
	HISTORY_5MIN,
	HISTORY_HOUR,
	HISTORY_DAY,
	HISTORY_MONTH,
	HISTORY_LEVELS
};

/* "minute", "5min", "hour", "day", "month"; -EINVAL. */
int history_level_parse(const char *text, enum history_level *ret);
const char *history_level_name(enum history_level level);

struct history_settings {
	uint64_t max_size; /* bytes of the file, 0: no bound */
	uint64_t max_totals; /* rows of the totals of one source; beyond: `other` */
	uint64_t top[HISTORY_LEVELS]; /* rows a source keeps in a closed bin, 0: all */
	uint64_t retention[HISTORY_LEVELS]; /* seconds, 0: for ever */
};
extern const struct history_settings history_defaults;

struct history;

/*
 * For writing: makes the file 0640 and its folder 0750 (group netacct where
 * there is one); a corrupt file is renamed to PATH.corrupt-TIME, with its -wal, and a new one
 * begun: *set_aside (may be NULL) then says so in one sentence, else is "". One
 * writer at a time: -EBUSY with its process number in `why`.
 */
int history_open(const char *path, const struct history_settings *settings, struct history **ret,
		 struct history_error *set_aside, struct history_error *why);
/* For reading alone: nothing is made, changed or set aside; -ENOENT. */
int history_open_readonly(const char *path, struct history **ret, struct history_error *why);
void history_close(struct history *history);
static inline void cleanup_history(struct history **history)
{
	history_close(*history); /* NULL is fine */
}
#define _cleanup_history_ __attribute__((cleanup(cleanup_history)))

/* New settings for one that is open for writing. */
void history_set(struct history *history, const struct history_settings *settings);

/* A drained generation of one meter: all its sources. */
struct history_drain {
	const char *uuid; /* of the meter */
	uint32_t generation; /* the one under way: control.generation when it began */
	uint64_t from, to; /* CLOCK_BOOTTIME ns: the drain before (or attach), and this flip */
	const struct reading *readings; /* records with their ticks and time_base */
	size_t count;
};

/* Stores and commits. 1: that generation is known, nothing was stored. */
int history_store(struct history *history, const struct history_drain *drain,
		  struct history_error *why);

/*
 * Folds and rolls up what is due, keeps top, retention and max_size: to be
 * called after each drain; does little where nothing is due. `all`: folds
 * whatever the journal holds.
 */
int history_maintain(struct history *history, bool all, struct history_error *why);

/*
 * The meter source (uuid, number, attached_at) counts for the book `book`, an
 * instance's name: its totals go over into the book when it is closed.
 */
int history_bind(struct history *history, const char *uuid, uint32_t number, uint64_t attached_at,
		 const char *book, struct history_error *why);
/*
 * A source that was detached and drained: its totals go into its book, or
 * where it has none away. One that is not known is no error.
 */
int history_close_source(struct history *history, const char *uuid, uint32_t number,
			 uint64_t attached_at, struct history_error *why);
/* Closes all sources of meters that `lives` does not know (a meter was detached or lost by a
 * reboot). */
int history_close_others(struct history *history,
			 bool (*lives)(void *context, const char *uuid, uint32_t number,
				       uint64_t attached_at),
			 void *context, struct history_error *why);

/* Cumulative records of one source. */
struct history_total {
	struct flow_record record; /* first_seen, last_seen: CLOCK_REALTIME seconds; owner 0 */
};
struct history_totals {
	struct history_total *totals; /* owned */
	size_t count;
	bool known; /* something was stored for it */
	uint32_t generation; /* of its meter: the last one stored, where known */
	struct na_count other[NA_DIRECTIONS]; /* of flows beyond max_totals */
	int64_t since; /* of a book: when it began */
};
void history_totals_clear(struct history_totals *totals);
#define _cleanup_history_totals_ __attribute__((cleanup(history_totals_clear)))

/*
 * The last generation that was stored of a meter; *ret_known false: none was. Little work, so that
 * in a snapshot it can be asked for before the kernel is.
 */
int history_generation(struct history *history, const char *uuid, uint32_t *ret, bool *ret_known,
		       struct history_error *why);

/* What was stored of a meter's source since it was attached: totals and journal together. */
int history_totals(struct history *history, const char *uuid, uint32_t number, uint64_t attached_at,
		   struct history_totals *ret, struct history_error *why);
/*
 * A book's records for a source by its id (reading->id), closed sources and
 * open ones together. `known` is false where the book has nothing of it.
 */
int history_book(struct history *history, const char *book, const char *id,
		 struct history_totals *ret, struct history_error *why);
/* The ids a book has something of; free() each and the array. */
int history_book_ids(struct history *history, const char *book, char ***ret, size_t *ret_count,
		     struct history_error *why);
/* Begins a book with what an older output file held; -EEXIST where it has something of that id. */
int history_book_import(struct history *history, const char *book, const char *id, int64_t since,
			const struct history_total *totals, size_t count,
			struct history_error *why);

/* The book that an open source of that meter and id counts for; NULL: none. free() it. */
int history_book_of(struct history *history, const char *uuid, const char *id, char **ret,
		    struct history_error *why);
/* What a book has of that id, closed and open, goes over into one that has nothing of it. */
int history_book_rename(struct history *history, const char *from, const char *to, const char *id,
			struct history_error *why);

/* From here to history_snapshot_end() all reads see one state. */
int history_snapshot_begin(struct history *history, struct history_error *why);
void history_snapshot_end(struct history *history);

struct history_source {
	uint32_t number; /* in this database */
	char *id; /* host--eth0; owned */
	char *interface, *namespace; /* NULL: none; owned */
	int64_t first, last; /* seconds: from when to when there is something of it */
};
void history_sources_free(struct history_source *sources, size_t count);
/* All sources by id. */
int history_sources(struct history *history, struct history_source **ret, size_t *ret_count,
		    struct history_error *why);

/* A row of a bin: what one key of one source had in it. */
struct history_row {
	enum history_level level;
	int64_t start, end; /* seconds: of the bin */
	uint32_t source;
	const struct na_key *key; /* owner 0, without direction; NULL: `other` */
	enum na_key_kind kind; /* of the source's keys */
	struct na_count rx, tx;
};
typedef int (*history_row_function)(void *context, const struct history_row *row);

/*
 * The rows of [since, until), each packet once: whole bins of the highest level not above
 * `coarsest` that fit in, the finer ones at the ends and where the higher are not rolled up yet,
 * the journal at last. Where the finer bins are gone (retention), the coarser bin that holds the
 * edge is taken if its start lies in the range. `source` UINT32_MAX: all. Stops where the function
 * does not return 0, and returns that.
 */
int history_rows(struct history *history, int64_t since, int64_t until, enum history_level coarsest,
		 uint32_t source, history_row_function function, void *context,
		 struct history_error *why);

/* The totals of one source in one bin of `level`. */
struct history_point {
	uint32_t source;
	int64_t start, end; /* seconds */
	double covered; /* seconds of it that were counted */
	struct na_count rx, tx;
};
typedef int (*history_point_function)(void *context, const struct history_point *point);
/* By source and start; bins without anything counted are not there. `until` is exclusive. */
int history_series(struct history *history, enum history_level level, int64_t since, int64_t until,
		   uint32_t source, history_point_function function, void *context,
		   struct history_error *why);

#endif
