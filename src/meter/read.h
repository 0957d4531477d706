/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A meter's sources as readings.
 */
#ifndef NETACCT_READ_H
#define NETACCT_READ_H

#include "../record/reading.h"
#include "meter.h"

enum read_how {
	READ_WHOLE, /* all records in memory */
	READ_STREAMS, /* where there are many, reading->stream has them */
};

/*
 * All sources of a meter, everything that the kernel holds: both halves and
 * the carry. Takes no lock, and reads again when a drain went on meanwhile.
 */
int meter_read(const struct meter *meter, enum read_how how, struct reading **ret,
	       size_t *ret_count, struct fault *fault);

/*
 * The same without the generation under way where its number is `stored` or
 * below: a collector's history has it. reading->generation tells whether one was committed
 * meanwhile.
 */
int meter_read_beyond(const struct meter *meter, uint32_t stored, struct reading **ret,
		      size_t *ret_count, struct fault *fault);

/* Only the generation under way; nothing changes it meanwhile. */
int meter_read_generation(const struct meter *meter, const struct na_control *control,
			  enum read_how how, struct reading **ret, size_t *ret_count,
			  struct fault *fault);

/* A source's counters of one half: per direction, summed over the CPUs. */
struct half_balance {
	struct na_balance direction[NA_DIRECTIONS];
};
int meter_read_balance(const struct meter *meter, uint32_t source, uint32_t half,
		       struct half_balance *ret, struct fault *fault);

/* Both halves together: all since attach. */
int meter_read_balance_whole(const struct meter *meter, uint32_t source, struct half_balance *ret,
			     struct fault *fault);

#endif
