/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What tells that interfaces or namespaces came or went: a socket in each
 * namespace that is wanted (RTNLGRP_LINK), inotify on the folders of the names
 * of namespaces and on the folders these are in, a clock. All of it behind one
 * descriptor. It only says that something happened.
 *
 * A socket keeps its namespace alive: one that can no longer be found must be
 * let go of (follow_end()), or it never goes.
 */
#ifndef NETACCT_FOLLOW_H
#define NETACCT_FOLLOW_H

#include "../source/netns.h"

struct follow;

/* -errno of epoll, inotify or the timer. */
int follow_open(struct follow **ret);
void follow_close(struct follow *follow); /* NULL is fine */

/* Between these two, all namespaces are wanted that are to be heard of; the others go. */
void follow_begin(struct follow *follow);
int follow_want(struct follow *follow, const struct netns *ns);
void follow_end(struct follow *follow);

/* To be readable in that many ns (at least 1), unless it is sooner already. */
void follow_wake(struct follow *follow, uint64_t nanoseconds);

/* Descriptor to poll for POLLIN; valid until follow_close(). */
const int *follow_descriptor(const struct follow *follow);

enum follow_event {
	FOLLOW_NOTHING,
	FOLLOW_LINKS, /* interfaces, or the clock */
	FOLLOW_NAMES, /* a name of a namespace came or went: it may not be mounted yet */
};

/* Reads away what is readable; the last of the above that happened. */
enum follow_event follow_read(struct follow *follow);

#endif
