/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NETACCT_HISTORY_RETAIN_H
#define NETACCT_HISTORY_RETAIN_H

#include "database.h"

/*
 * Deletes what is older than the settings say, and beyond max_size the oldest
 * of the finest level, but nothing that is not rolled up; then gives pages
 * back to the file system. What would take long is left for the next call.
 */
int bins_retain(struct history *history);

#endif
