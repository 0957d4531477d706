/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The instances' whitelist files, watched by what stat() says of them: a
 * changed one is read and checked whole and is then the instance's, a broken
 * one is said once and changes nothing.
 */
#ifndef NETACCT_RELOAD_H
#define NETACCT_RELOAD_H

#include "../meter/whitelist.h"
#include "config.h"
#include "voice.h"

struct reload_file;

struct reload {
	struct reload_file *files; /* an entry an instance; owned */
	size_t count;
	uint64_t since; /* CLOCK_MONOTONIC ns: of the first look at the files */
};

/*
 * To be called before the roster reads the files, so that a change in between
 * is seen as one. What cannot be read is no error here: the roster says so.
 */
int reload_open(struct reload *reload, const struct config *config);
void reload_close(struct reload *reload);
/* Looks for changes; `asked` (SIGHUP): also where metadata.auto_reload is off. How many changed. */
unsigned int reload_check(struct reload *reload, bool asked, const struct voice *voice);

/*
 * An instance's whitelist and its version, which grows with each change; NULL: it
 * has none, or none that could be read.
 */
const struct whitelist *reload_whitelist(const struct reload *reload, size_t instance,
					 unsigned int *ret_version);
/* The version that the roster's meters are made with; one above is a change. */
#define RELOAD_FIRST 1

#endif
