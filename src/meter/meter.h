/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A meter: the set of pinned maps that count for one source, or in a group
 * for many. An open meter holds descriptors of its maps; nothing in user
 * space outlives the call, everything that counts is pinned.
 */
#ifndef NETACCT_METER_H
#define NETACCT_METER_H

#include <netacct/abi.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fault.h"
#include "layout.h"
#include "pin.h"

struct meter {
	char directory[PIN_NAME]; /* m-UUID, below PIN_ROOT */
	char uuid[37];
	int lock; /* descriptor of the directory, for pin_lock_meter(); -1: not open */
	struct na_meta meta;
	int maps[MAP_COUNT];
	struct na_source *sources; /* meta.sources of them, as read at open; owned */
};

#define METER_CLOSED ((struct meter){.lock = -1, .maps = {[0 ... MAP_COUNT - 1] = -1}})

/*
 * Opens and checks a pinned meter: magic, ABI, sizes, each pin. -EPROTO: a
 * layout of another version; -ESTALE: pinned before this boot.
 */
int meter_open(int root, const char *directory, struct meter *ret, struct fault *fault);
void meter_close(struct meter *meter);

struct meter_list {
	struct meter *meters;
	size_t count;
	size_t broken; /* directories that could not be opened as a meter */
	struct fault fault; /* of the first of them */
	char broken_name[PIN_NAME];
};

/*
 * All meters, by the id of their first source. Without bpffs or without
 * meters the list is empty and the return 0; -EPERM, -EACCES without root.
 */
int meter_list(struct meter_list *ret, struct fault *fault);
void meter_list_clear(struct meter_list *list);
#define _cleanup_meter_list_ __attribute__((cleanup(meter_list_clear)))

/* In use: anything but free. */
bool source_used(const struct na_source *source);
/* Neither free nor departed: its programs are on their hooks, or may be. */
bool source_counts(const struct na_source *source);
size_t meter_sources_used(const struct meter *meter);

/* Writes one source through to the kernel, or reads all anew. */
int meter_store_source(struct meter *meter, uint32_t number, struct fault *fault);
int meter_load_sources(struct meter *meter, struct fault *fault);

int meter_control(const struct meter *meter, struct na_control *ret, struct fault *fault);

/* "0b5c…": text of a UUID (RFC 9562). */
void uuid_text(const uint8_t uuid[static 16], char text[static 37]);
/* /proc/sys/kernel/random/boot_id */
int boot_id(uint8_t id[static 16]);

#endif
