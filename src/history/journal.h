/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The journal: what was drained and is not folded yet. A row is a drain of
 * one source; its records lie in parts, so that nobody needs them all at once.
 */
#ifndef NETACCT_HISTORY_JOURNAL_H
#define NETACCT_HISTORY_JOURNAL_H

#include "calendar.h"
#include "database.h"

#define JOURNAL_PART_BITS 20 /* records.number is journal.number << 20 | part */

struct journal_row {
	int64_t number;
	int64_t ledger;
	uint32_t source;
	enum na_key_kind kind;
	int64_t since,
		until; /* CLOCK_REALTIME ns, as it is set now where the row is of this boot */
	int64_t base; /* seconds that its records' times are distances from, the same */
	int64_t bin; /* start of the 5-minute bin that its counts belong to */
	int64_t minute; /* and of the minute */
	bool foreign; /* of another boot */
	uint64_t records;
	struct na_count rx, tx;
};

/* The rows of one ledger, or of all (0), by ledger and number; free() them. */
int journal_load(struct history *history, int64_t ledger, struct journal_row **ret,
		 size_t *ret_count);
/* The function's value other than 0 ends it, and is returned. */
typedef int (*journal_record)(void *context, const struct flow_record *record);
int journal_records(struct history *history, const struct journal_row *row, journal_record function,
		    void *context);
/* All records of a ledger go into the table, times as seconds. */
int journal_merge(struct history *history, int64_t ledger, struct record_table *table);
int journal_delete(struct history *history, int64_t number);

/* Fills in history->journal where it does not hold. */
int journal_state(struct history *history);
/* A row was added. */
void journal_note(struct history *history, int64_t since, int64_t until, uint64_t records);
/* Would journal_fold() find a row whose bin ended `grace` seconds ago, or of another boot? */
bool journal_due(const struct history *history, int64_t grace);

#endif
