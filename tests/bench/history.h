/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BENCH_HISTORY_H
#define BENCH_HISTORY_H

#include "report.h"

/*
 * The collector on a meter that is full again at each drain, a drain of many
 * flows into a new database, and a year of many hosts: its size, and a report
 * on it. Nothing where the build has no SQLite.
 */
void history_run(const struct settings *settings, struct report *report);

/* The parts; `folder` is empty before and after. */
void history_collector(const struct settings *settings, struct report *report, const char *folder);
void history_drain(const struct settings *settings, struct report *report, const char *folder);
void history_year(const struct settings *settings, struct report *report, const char *folder);

#define HISTORY_NAME "history.db"

/* Removes what is in the folder. */
void history_clean(const char *folder);

#endif
