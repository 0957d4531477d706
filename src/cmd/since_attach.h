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
				    enum read_how how, struct reading **ret, size_t *ret_count,
				    struct fault *fault)
{
#ifdef HAVE_SQLITE3
	return read_joined(command, meter, how, ret, ret_count, fault);
#else
	(void)command;
	return meter_read(meter, how, ret, ret_count, fault);
#endif
}

/* Is this generation, begun before, in a collector's history already? */
static inline bool stored_before(const char *command, const struct meter *meter,
				 uint32_t generation)
{
#ifdef HAVE_SQLITE3
	return generation_is_stored(command, meter, generation);
#else
	(void)command, (void)meter, (void)generation;
	return false;
#endif
}

#endif
