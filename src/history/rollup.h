/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NETACCT_HISTORY_ROLLUP_H
#define NETACCT_HISTORY_ROLLUP_H

#include "database.h"

/*
 * Closes 5-minute bins, and makes those of the levels above, that ended
 * `grace` seconds ago, each in a transaction of its own. The journal holds
 * nothing of them any more.
 */
int bins_roll_up(struct history *history, int64_t grace);

#endif
