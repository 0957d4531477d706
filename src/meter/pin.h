/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * netacct's corner of bpffs: /sys/fs/bpf/netacct, a directory m-UUID per
 * meter in it. 0600 in 0700, root's; anything else there is refused, never
 * used.
 *
 * Locks. `pin_lock` is a flock on /sys/fs/bpf/netacct itself: whoever makes,
 * attaches, detaches or removes meters holds it. `pin_lock_meter` is a flock
 * on m-UUID: whoever changes that meter's control record holds it (drain,
 * verify, and detach). Where both are wanted the first comes first, so nobody
 * waits in a circle. Readers take neither. Both are released when their
 * descriptor is closed, by a crash too.
 */
#ifndef NETACCT_PIN_H
#define NETACCT_PIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fault.h"

#define PIN_ROOT "/sys/fs/bpf/netacct"
#define PIN_NAME 64

/*
 * A descriptor of the directory, or -errno; -ENOENT where it is not there and
 * is not to be made. With `make`, bpffs is mounted if nobody has; -EPERM,
 * and nothing made, where the caller is not root.
 */
int pin_root(bool make, struct fault *fault);
/* Waits ten seconds for others at most: -EBUSY. *root is opened anew where it went away. */
int pin_lock(int *root, struct fault *fault);
int pin_lock_meter(int directory, struct fault *fault);
void pin_unlock_meter(int directory);

/* Directory names that begin with `prefix` (m-: meters, n-: being made), sorted; free() the array.
 */
int pin_list(int root, const char *prefix, char (**ret)[PIN_NAME], size_t *ret_count,
	     struct fault *fault);
/* Opens a directory below the root after checking whose it is. */
int pin_open_directory(int root, const char *name, struct fault *fault);

/* Descriptors of objects by path below the root, or -errno; `name` has no dot. */
int pin_get(const char *directory, const char *name);
int pin_put(const char *directory, const char *name, int fd);
int pin_remove(const char *directory, const char *name);

/* -EPERM with the sentence where a pin is not root's with 0600; `directory` is a descriptor. */
int pin_check(int directory, const char *name, struct fault *fault);

int pin_make_directory(int root, const char *name, struct fault *fault);
int pin_rename(int root, const char *from, const char *to, struct fault *fault);
/* Removes a directory and all pins in it; what is not there is no error. */
int pin_remove_directory(int root, const char *name, struct fault *fault);
/* Ids of all programs that any directory of ours pins, well or broken; free() the array. */
int pin_programs(int root, uint32_t **ret, size_t *ret_count, struct fault *fault);

/* Which bpffs it is, as na_meta.bpffs; 0: none. Every mount has a number of its own. */
uint32_t pin_device(void);
/* Is that bpffs mounted in the mount namespace of any process that can be seen? */
bool pin_device_mounted(uint32_t device);
/* Removes /sys/fs/bpf/netacct itself where it is empty. */
void pin_remove_root(void);

#endif
