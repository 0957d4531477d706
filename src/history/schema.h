/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NETACCT_HISTORY_SCHEMA_H
#define NETACCT_HISTORY_SCHEMA_H

#include "database.h"

#define SCHEMA_VERSION 1
#define SCHEMA_APPLICATION 0x6e616363 /* "nacc" */

/* Makes the tables where the file is empty. -EUCLEAN: somebody else's; -EPROTO: a newer one. */
int schema_make(struct history *history);
/* The same without making anything. */
int schema_check(struct history *history);
/* The last one that wrote did not come to its end: was the file hurt by that? */
int schema_examine(struct history *history);
enum schema_state {
	SCHEMA_CORRUPT = -1, /* found by one that had it open: to be set aside */
	SCHEMA_OPEN, /* for writing, or one that wrote was killed */
	SCHEMA_CLEAN
};
int schema_set_state(struct history *history, enum schema_state state);

#endif
