/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The pinned program pairs of a meter, in-N and eg-N: in a group one pair per
 * namespace and specialisation, because a load costs milliseconds.
 */
#ifndef NETACCT_PROGRAMS_H
#define NETACCT_PROGRAMS_H

#include "attach.h"

struct program_pair {
	uint32_t number;
	int in, eg; /* owned */
};

void program_pair_close(struct program_pair *pair);
#define _cleanup_program_pair_ __attribute__((cleanup(program_pair_close)))

/*
 * The pair for a source that is about to be attached, loaded and pinned where
 * the meter has none that fits; `fresh`: loaded in any case. The source's
 * ingress tells which kind.
 */
int programs_get(struct meter *meter, const struct na_source *source, bool fresh, bool verbose,
		 struct program_pair *ret, struct fault *fault);

/* A pair that is pinned: -ENOENT where it is not. */
int programs_open(const struct meter *meter, uint32_t number, struct program_pair *ret);

/* Unpins a pair that no source uses any more, or is about to use. */
void programs_drop_unused(struct meter *meter, uint32_t number);
/* The same for all numbers that there can be. */
void programs_drop_strays(struct meter *meter);

/* The constants of a source's programs, from the meter's meta. */
void programs_config(const struct na_meta *meta, uint32_t l2_header, uint32_t number,
		     uint32_t owner, bool peer, struct na_config *ret);

#endif
