/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The collector as it runs: what its files share. */
#ifndef NETACCT_RUNNING_H
#define NETACCT_RUNNING_H

#include "collector.h"
#include "files.h"
#include "limits.h"
#include "notify.h"
#include "reload.h"
#include "roster.h"
#include "schedule.h"
#include "socket.h"
#include "track.h"

/* What can fail for a while: said when it begins, and when it is over. */
enum trouble { TROUBLE_HISTORY, TROUBLE_FILES, TROUBLE_UPKEEP, TROUBLE_LIMITS, TROUBLES };

/* A command that a limit started. */
struct running_child {
	pid_t pid;
	char name[128]; /* of its limit */
};

/* What one drain brought an instance, for the console. */
struct interval {
	struct reading *readings; /* owned */
	size_t count;
};

struct collector {
	const struct collector_options *options;
	const struct voice *voice;
	struct config *config; /* owned, as is all that follows */
	struct history *history; /* NULL: it cannot be opened, and nothing is drained */
	struct files *files;
	struct limits *limits;
	struct roster roster;
	bool roster_is_open;
	struct reload reload;
	struct tracks tracks;
	struct signals signals;
	struct schedule schedule;
	struct notify notify;
	struct server server;
	bool trouble[TROUBLES];
	bool clean; /* the last cycle stored and committed all */
	struct running_child *children;
	size_t child_count;
	struct interval *intervals; /* an entry an instance, where there is a console */
	uint64_t cycle_at; /* CLOCK_BOOTTIME ns: of the last cycle */
	int64_t hour; /* since 1970: the last that was looked at for anomalies */
	unsigned int reloads; /* whitelists, since the last cycle */
};

/* collector.c. Says why in words and returns `error`. */
int collector_fails(struct collector *collector, const char *what, int error);
/* The notices of the configuration. */
void collector_notices(const struct collector *collector);
/* Opens the configured socket, where there is one; that it cannot is a warning. */
void collector_listen(struct collector *collector);
int collector_intervals(struct collector *collector);

/* loop.c: until a signal, the end of the duration or, with `once`, the first drain. */
int collector_loop(struct collector *collector);

/* configure.c: SIGHUP. */
int collector_reload(struct collector *collector);

/* trouble.c. Said where it is new: always returns `error`. */
int trouble_begins(struct collector *collector, enum trouble trouble, const char *what, int error,
		   const char *sentence);
void trouble_ends(struct collector *collector, enum trouble trouble, const char *what);

/* books.c: history, files and limits, which are open all or not at all. */
int books_open(struct collector *collector, struct history_error *why);
void books_close(struct collector *collector);
/* After -EUCLEAN: what the files know is written, then all is opened anew. */
int books_recover(struct collector *collector);
/* Closes the history's sources of meters that exist no more. */
void books_sweep(struct collector *collector);
/* Reads the configuration (NULL: the same) anew, at SIGHUP. */
void books_configure(struct collector *collector);

/*
 * cycle.c: drains all meters, stores, writes. -errno only where nothing can
 * go on. `collector->clean` says whether all went well.
 */
int cycle_run(struct collector *collector);

/* drain_entry.c: one meter, from lock to commit. What it held is in *ret (count 0: nothing). */
struct cycle_sums {
	uint64_t records, bytes, packets;
	unsigned int meters;
};
int drain_entry(struct collector *collector, struct roster_entry *entry, struct cycle_sums *sums);

/*
 * reload_apply.c: gives a meter its instance's whitelist where the file has changed, or where it is
 * not known which one the meter was found with. The caller holds pin_lock_meter().
 */
void reload_apply(struct collector *collector, struct roster_entry *entry, struct track *track);

/* anomaly_tell.c: what began to stand out in the hour that has just ended. */
void anomaly_tell(struct collector *collector, int64_t now);

/* children.c */
void children_crossed(void *context, const struct limit_state *state); /* of limits_add() */
void children_reap(struct collector *collector);

#endif
