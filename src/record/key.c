// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <netacct/cleanup.h>
#include <string.h>

#include "record.h"

enum part { PART_LOCAL = 1, PART_REMOTE = 2, PART_PROTOCOL = 4, PART_PORTS = 8 };

static const struct {
	const char *name;
	unsigned int parts;
} kinds[NA_KEY_KINDS] = {
	[NA_KEY_TOTAL] = {"total", 0},
	[NA_KEY_HOST] = {"host", PART_LOCAL},
	[NA_KEY_REMOTE] = {"remote", PART_REMOTE},
	[NA_KEY_HOST_PAIR] = {"host-pair", PART_LOCAL | PART_REMOTE | PART_PROTOCOL},
	[NA_KEY_FLOW] = {"flow", PART_LOCAL | PART_REMOTE | PART_PROTOCOL | PART_PORTS},
};

int key_kind_parse(const char *text, enum na_key_kind *ret)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		if (!strcmp(text, kinds[i].name)) {
			*ret = (enum na_key_kind)i;
			return 0;
		}
	}
	return -EINVAL;
}

const char *key_kind_name(enum na_key_kind kind)
{
	return (unsigned int)kind < ARRAY_SIZE(kinds) ? kinds[kind].name : "unknown";
}

bool key_kind_covers(enum na_key_kind from, enum na_key_kind to)
{
	return !(kinds[to].parts & ~kinds[from].parts);
}

void key_coarsen(struct na_key *key, enum na_key_kind to)
{
	unsigned int parts = kinds[to].parts;

	/* of everything together also that is a part which has no key of its own */
	if (!parts)
		key->what |= NA_WHAT_SET;
	if (!(parts & PART_LOCAL))
		memset(key->local, 0, sizeof(key->local));
	if (!(parts & PART_REMOTE))
		memset(key->remote, 0, sizeof(key->remote));
	if (!(parts & (PART_LOCAL | PART_REMOTE)))
		key->what &= ~NA_WHAT_IPV4;
	if (!(parts & PART_PROTOCOL))
		key->what &= ~NA_WHAT_PROTOCOL;
	if (!(parts & PART_PORTS)) {
		/* The mark only says why the ports are 0. */
		key->local_port = 0;
		key->remote_port = 0;
		key->what &= ~NA_WHAT_FRAGMENT;
	}
}
