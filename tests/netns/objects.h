/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which BPF programs, maps and links the kernel holds, through raw bpf(2). */
#ifndef NETNS_OBJECTS_H
#define NETNS_OBJECTS_H

#include <stddef.h>
#include <stdint.h>

enum object_kind { OBJECT_PROGRAM, OBJECT_MAP, OBJECT_LINK, OBJECT_KINDS };

struct objects {
	uint32_t *ids[OBJECT_KINDS]; /* ascending */
	size_t count[OBJECT_KINDS];
};

/* What cannot be listed (no permission, an old kernel) counts as none. */
void objects_read(struct objects *ret);
void objects_clear(struct objects *objects);

/*
 * Waits until every object that is not in `before` is gone: the kernel frees
 * them some time after their last user. Returns the number left after
 * `timeout_ms`, and names them in `text`; 0 where other processes are making
 * such objects at the same time, which cannot be told from ours.
 */
size_t objects_left(const struct objects *before, unsigned int timeout_ms, char *text, size_t size);

#endif
