/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The files of the history: folder, database, lock, and what is set aside. */
#ifndef NETACCT_HISTORY_PLACE_H
#define NETACCT_HISTORY_PLACE_H

#include "history.h"

/* Makes folder and file where they are not. */
int place_make(const char *path, struct history_error *why);
/* The descriptor that holds PATH.lock; -EBUSY where another process has it. */
int place_lock(const char *path, struct history_error *why);
/* Renames PATH, PATH-wal and PATH-shm to PATH.corrupt-TIME…; says so in `said`. */
int place_set_aside(const char *path, const char *reason, struct history_error *said,
		    struct history_error *why);

#endif
