/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NETACCT_HISTORY_TOTALS_H
#define NETACCT_HISTORY_TOTALS_H

#include "history.h"

/* The records leave the table, as totals. */
void totals_take(struct record_table *table, struct history_totals *totals);

#endif
