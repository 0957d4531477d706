/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NETACCT_HISTORY_FOLD_H
#define NETACCT_HISTORY_FOLD_H

#include "journal.h"

struct fold_choice {
	int64_t ledger; /* of this ledger alone; 0: of all */
	bool all; /* else those of another boot, and those whose bin ended `grace` seconds ago */
	int64_t grace;
};

/* Rows of the journal become bins, series and totals; within a transaction. */
int journal_fold(struct history *history, const struct fold_choice *choice);

#endif
