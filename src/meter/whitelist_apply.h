/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NETACCT_WHITELIST_APPLY_H
#define NETACCT_WHITELIST_APPLY_H

#include "meter.h"
#include "whitelist.h"

/*
 * Another whitelist for a meter that counts: the trie that is not in use is
 * filled, then one write of the control record makes it the one in use. Each
 * packet is judged by the one or the other; flows that are known are judged anew with
 * their next packet. -EINVAL where the meter was made without a whitelist,
 * -ENOSPC where it holds more than there is room for; nothing is changed then.
 * The caller holds pin_lock_meter().
 */
int whitelist_apply(struct meter *meter, const struct whitelist *whitelist, const char *file,
		    struct fault *fault);

/* Into a meter's trie number `index`, in place of what is there; nobody may be using that one. */
int whitelist_store(const struct meter *meter, uint32_t index, const struct whitelist *whitelist,
		    const char *file, struct fault *fault);

#endif
