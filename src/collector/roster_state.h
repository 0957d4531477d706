/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the parts of the roster share; nobody but roster*.c includes it.
 *
 *	roster_look.c	what each instance means now
 *	roster_due.c	what is to be done about it
 *	roster_change.c	under the lock: take over, let depart, remove
 *	roster_attach.c	under the lock: a source onto a meter
 *	roster_make.c	under the lock: a meter for them
 *	roster_mark.c	whose a meter is, across a crash
 *	roster_end.c	the end, and another configuration
 */
#ifndef NETACCT_ROSTER_STATE_H
#define NETACCT_ROSTER_STATE_H

#include "../meter/conflict.h"
#include "../meter/create.h"
#include "../source/source.h"
#include "follow.h"
#include "roster.h"

/* How much of what an instance means could be found. */
enum roster_found {
	FOUND_NOTHING_KNOWN, /* it could not be looked for: nothing changes */
	FOUND_IN_PART, /* some namespaces could not be looked into */
	FOUND_ALL,
};

struct roster_instance {
	struct source_name name;
	enum roster_found found;
	struct source_list list; /* of the update under way */
	bool awaited; /* that it is not there was said */
	uint64_t said; /* hash of the last failure that was said, 0: none */
};

/* A source that could not be attached: tried again after a while. */
struct roster_failure {
	uint64_t device, inode;
	uint32_t ifindex; /* 0: a free entry */
	uint32_t tries;
	uint64_t again; /* CLOCK_MONOTONIC ns */
	uint64_t said; /* hash of the sentence */
};

#define ROSTER_FAILURES 256

struct roster_state {
	struct follow *follow;
	struct roster_instance *instances; /* as many as the configuration has */
	struct roster_failure failures[ROSTER_FAILURES];
	size_t next_failure; /* to be forgotten where there is no room */
	unsigned int settling; /* how often a name that is no namespace yet was met, in a row */
	uint64_t said; /* hash of the last failure of all, 0: none */
	bool unsettled; /* there is one */
	bool deaf; /* a namespace could not be watched */
	bool waits; /* something waits for a drain */
	bool more; /* changes were left for the next update */
};

/* Takes the names of all instances apart; -EINVAL, said, where one is none. */
int roster_parse(const struct roster *roster, const struct config *config,
		 struct roster_instance *instances);
/* Watches all namespaces that matter, and resolves all names. */
int roster_look(struct roster *roster);
/* Frees what was found. */
void roster_unlook(struct roster *roster);
bool roster_is_pattern(const struct roster_instance *instance);
/* Could it mean a place that no event tells of? */
bool roster_is_scanned(const struct roster_instance *instance);

/* What is to be done? Entries whose meter others have removed are dropped on the way. */
bool roster_due(struct roster *roster);
/* Is it attached by a meter of the roster? */
bool roster_has(const struct roster *roster, const struct source *source);
/* Is this source of an entry to be let go? */
bool roster_leaves(const struct roster *roster, const struct roster_entry *entry,
		   const struct na_source *source);
/* Did it fail so lately that it is not tried yet? */
bool roster_failed_lately(const struct roster *roster, const struct source *source);
/* Lets it rest for a while, and where `aloud` says once why. */
void roster_failed(struct roster *roster, const struct source *source, const struct fault *fault,
		   bool aloud);
void roster_succeeded(struct roster *roster, const struct source *source);
/* Says a failure of an instance (ROSTER_NO_INSTANCE: of all) once in a row. */
void roster_complain(struct roster *roster, size_t instance, const char *text);

/* Under pin_lock(): everything. -errno where nothing can go on. */
int roster_change(struct roster *roster);

/* A change under way. */
struct change {
	struct roster *roster;
	int root; /* PIN_ROOT, locked */
	struct meter_list others; /* those of the roster are closed in it */
	size_t busy; /* the last of them that another collector had, SIZE_MAX: none */
	uint64_t until; /* CLOCK_MONOTONIC ns: others want the lock too */
};

/* Makes an entry (the last one, of nobody's making) of an open meter, which it takes over on
 * success. -EBUSY where another collector holds it. */
int roster_hold(struct change *change, struct meter *meter, size_t instance, struct fault *fault);
/* Lets go of an entry; what is pinned stays. */
void roster_drop(struct roster *roster, size_t number);
/* Removes an entry's meter, which has no source left. */
int roster_remove(struct roster *roster, int root, size_t number, struct fault *fault);
/* A meter without sources as the instance asks for it, held, marked, and the last entry. */
int roster_make(struct change *change, size_t instance, struct fault *fault);
/* The sources found for an instance, each onto a meter. */
void roster_place(struct change *change, size_t instance);
/* Lets the sources of an entry depart that `which` tells of. */
int roster_depart(struct roster_entry *entry, const bool *which, struct fault *fault);
/* What an instance asks of its meter; whitelist and file are left out. */
void roster_settings(const struct config_instance *instance, bool pattern, char group[static 64],
		     struct meter_settings *ret);

/*
 * A link c-UUID/instance says for which instance a collector made a meter, and whether it is to
 * stay: so the next one knows, whatever became of the first.
 */
int roster_mark(int root, const struct meter *meter, const struct config_instance *instance,
		struct fault *fault);
struct roster_mark {
	bool persist;
	char instance[4096];
};
/* -ENOENT where there is none. */
int roster_read_mark(int root, const struct meter *meter, struct roster_mark *ret);

#endif
