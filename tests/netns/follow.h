/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A collector that follows, and what it must have counted. */
#ifndef NETNS_FOLLOW_H
#define NETNS_FOLLOW_H

#include "ledger.h"
#include "tool.h"

#define FOLLOW_OUTPUT "/run/out.json"

/* A namespace "left" for the other ends, and nothing that the kernel sends by itself at ours. */
void follow_begin(void);

/* A collector that drains each second; `instances`: JSON objects. */
void follow_start(struct tool *collector, const char *instances);
/* Ends it by SIGTERM; it must exit with 0. */
void follow_end(struct tool *collector, struct run *run);
void follow_stop(struct tool *collector);

/* Until a dump shows that interface, not another one of its name, as counted under that id. */
void follow_await(struct tool *collector, const char *ns, const char *name, const char *id);
/* From an interface in "left"; what its peer receives is booked. */
void follow_traffic(const char *name, struct ledger *received);

/* What an output file has of that id is the ledger's. */
void expect_collected(const char *path, const char *id, const struct ledger *expected);
void expect_no_pins(void);

#endif
