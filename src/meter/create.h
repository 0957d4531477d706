/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NETACCT_CREATE_H
#define NETACCT_CREATE_H

#include "meter.h"
#include "whitelist.h"

struct meter_settings {
	enum na_key_kind key;
	bool layer3;
	uint32_t max_flows;
	uint32_t sources; /* room for; 1: not a group */
	const char *group; /* NULL or a name */
	const struct whitelist *whitelist; /* NULL: none */
	const char *whitelist_file;
};

/*
 * Makes a meter without sources and pins it; the caller holds pin_lock().
 * Until everything is pinned its directory is called n-UUID, so that m-UUID
 * is complete or not there.
 */
int meter_create(int root, const struct meter_settings *settings, struct meter *ret,
		 struct fault *fault);

/* Does an existing group have these settings? -EINVAL names the first difference. */
int meter_settings_match(const struct meter *meter, const struct meter_settings *settings,
			 struct fault *fault);

/* Unpins everything; the programs must be off already. The caller holds pin_lock(). */
int meter_remove(int root, struct meter *meter, struct fault *fault);

#endif
