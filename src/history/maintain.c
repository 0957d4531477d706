// SPDX-License-Identifier: GPL-2.0-or-later
#include "fold.h"
#include "retain.h"
#include "rollup.h"

/* All meters are drained at the end of a bin, but not in the same moment. */
#define FOLD_GRACE 10
#define ROLLUP_GRACE 60
#define JOURNAL_RECORDS_MAX 2000000u

static int fold_chosen(struct history *history, void *argument)
{
	return journal_fold(history, argument);
}

static int fold_due(struct history *history, bool all)
{
	struct fold_choice choice = {.all = all, .grace = FOLD_GRACE};
	int err = journal_state(history);

	if (history->journal.records > JOURNAL_RECORDS_MAX)
		choice.all = true;
	if (err || (!choice.all && !journal_due(history, FOLD_GRACE)))
		return err;
	history->tended = 0;
	return database_write(history, fold_chosen, &choice);
}

int history_maintain(struct history *history, bool all, struct history_error *why)
{
	int64_t minute = clock_seconds(history) / 60;
	int err;

	history->error.text[0] = '\0';
	err = fold_due(history, all);
	if (!err && history->tended != minute) {
		err = bins_roll_up(history, ROLLUP_GRACE);
		if (!err)
			err = bins_retain(history);
		if (!err)
			history->tended = minute;
	}
	return database_result(history, err, why);
}
