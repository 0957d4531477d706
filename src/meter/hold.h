/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A collector's hold on a meter: while it lasts nobody else drains it. It is
 * a flock on PIN_ROOT/c-UUID, so that it ends with its process however that
 * ends. In that directory a symbolic link, `history`, names the database that holds
 * what was collected; both stay until the meter is removed.
 */
#ifndef NETACCT_HOLD_H
#define NETACCT_HOLD_H

#include "meter.h"

/*
 * A descriptor, to be closed; -EBUSY where another collector holds it. `history` is an absolute
 * path. The caller holds pin_lock().
 */
int hold_take(int root, const struct meter *meter, const char *history, struct fault *fault);

struct hold_state {
	bool held; /* a collector runs */
	char history[4096]; /* "": no collector has had it */
};
/* Takes no lock. A directory that is not there is no error. */
int hold_query(const char *uuid, struct hold_state *ret, struct fault *fault);

/* Removes the directory; called by meter_remove(). What is not there is no error. */
int hold_remove(int root, const char *uuid, struct fault *fault);

#endif
