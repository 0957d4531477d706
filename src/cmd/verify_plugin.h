/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * verify for monitoring systems: one line on stdout, and an exit status of
 * their convention (0 OK, 1 WARNING, 2 CRITICAL), not of netacct's.
 */
#ifndef NETACCT_VERIFY_PLUGIN_H
#define NETACCT_VERIFY_PLUGIN_H

#include "pick.h"

struct plugin_limits {
	uint64_t max_use; /* percent of a meter's flows that may be in use */
	uint64_t max_age; /* seconds since the last drain (or attach), 0: any */
};

/* `picked` NULL: the meters could not be opened, which is critical. The exit status. */
int verify_plugin(const struct plugin_limits *limits, struct picked *picked);

#endif
