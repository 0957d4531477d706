/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NETACCT_SINCE_ATTACH_H
#define NETACCT_SINCE_ATTACH_H

#ifdef HAVE_SQLITE3
#include "history_join.h"
#else
#include "../meter/read.h"
#endif

/* All that a meter has counted and no drain has handed out; as meter_read(). */
static inline int read_since_attach(const char *command, const struct meter *meter,
				    struct reading **ret, size_t *ret_count, struct fault *fault)
{
#ifdef HAVE_SQLITE3
	return read_joined(command, meter, ret, ret_count, fault);
#else
	(void)command;
	return meter_read(meter, ret, ret_count, fault);
#endif
}

#endif
