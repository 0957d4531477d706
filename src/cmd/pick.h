/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Meters as a user names them: by id, tag or source, by group or by UUID.
 */
#ifndef NETACCT_PICK_H
#define NETACCT_PICK_H

#include "../meter/meter.h"
#include "option.h"

/* Which sources of which meters are meant: one flag per source of each meter. */
struct picked {
	struct meter_list list;
	bool **sources; /* [meter][source]; owned */
	bool incomplete; /* something that was meant is not among them, and was named */
};

void picked_clear(struct picked *picked);
#define _cleanup_picked_ __attribute__((cleanup(picked_clear)))

/*
 * Opens all meters and marks those that `arguments` name, all where there are
 * none. `netns` as in source_parse(). Returns STATUS_DONE, or another exit
 * status after printing why; a `netns` without arguments is STATUS_USAGE. A
 * name that nothing answers to, and where all are meant a directory that is
 * no meter, is named and makes the result incomplete: the command goes on
 * with the others and fails at its end.
 */
int pick_meters(const char *command, const struct arguments *arguments, const char *netns,
		struct picked *ret);

/* Does any source of this meter count as picked? */
bool picked_meter(const struct picked *picked, size_t meter);

#define METER_TITLE 400
/* The id of its first source, and the group's name where it has one. */
void meter_title(const struct meter *meter, char title[static METER_TITLE]);

/*
 * "netacct: COMMAND: ID: the sentence of the fault", that root is needed
 * where that is all, and its log with -vv.
 */
void say_fault(const char *command, const char *what, const struct fault *fault);
void say_meter_fault(const char *command, const struct meter *meter, const struct fault *fault);

#endif
