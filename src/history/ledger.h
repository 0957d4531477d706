/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Ledgers: totals are kept for a source of a meter, and for a source id in a
 * book. Sources of the bins are those of the id.
 */
#ifndef NETACCT_HISTORY_LEDGER_H
#define NETACCT_HISTORY_LEDGER_H

#include "database.h"

struct ledger {
	int64_t number; /* 0: there is none */
	bool known; /* something was stored for it */
	uint32_t source;
	enum na_key_kind kind;
	char *book; /* owned; NULL: none */
};

struct ledger_key {
	const char *uuid;
	uint32_t number;
	uint64_t attached_at;
};

void ledger_clear(struct ledger *ledger);
#define _cleanup_ledger_ __attribute__((cleanup(ledger_clear)))

/* number 0 where there is none; these two leave no ledger to clear where they fail */
int ledger_find(struct history *history, const struct ledger_key *key, struct ledger *ret);
int ledger_make(struct history *history, const struct ledger_key *key, struct ledger *ret);
/* Something is stored for it: source and kind are those of the reading. */
int ledger_know(struct history *history, struct ledger *ledger, const struct reading *reading);
int ledger_delete(struct history *history, int64_t ledger);

/* The book's ledger of an id: 0 where there is none. */
int ledger_of_book(struct history *history, const char *book, const char *id, int64_t *ret,
		   int64_t *ret_since);
int ledger_make_book(struct history *history, const char *book, const char *id, int64_t since,
		     int64_t *ret);

/* The source of the reading's id, made where it is not there yet. */
int source_number(struct history *history, const struct reading *reading, uint32_t *ret);
/* The numbers of all sources, ascending; free() them. */
int source_numbers(struct history *history, uint32_t **ret, size_t *ret_count);
/* There is something of it from `first` to `last`, seconds. */
int source_seen(struct history *history, uint32_t source, int64_t first, int64_t last);

#endif
