/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The flow records in the kernel, one by one: the hot table by mmap, the
 * spill map in one batch, the carry by mmap.
 */
#ifndef NETACCT_SCAN_H
#define NETACCT_SCAN_H

#include "hot.h"

/* Stops the scan where it does not return 0. */
typedef int (*scan_function)(void *context, const struct scanned *record);

/*
 * An entry that is being filled or has no packets is no record. Under traffic
 * a record may be a packet out between its two counters.
 */
int scan_half(const struct meter *meter, uint32_t half, scan_function function, void *context,
	      struct fault *fault);
/* The spill map of a half alone. */
int scan_spill(const struct meter *meter, uint32_t half, scan_function function, void *context,
	       struct fault *fault);
/* The records that a control record says were carried over. */
int scan_carry(const struct meter *meter, const struct na_control *control, scan_function function,
	       void *context, struct fault *fault);

/* Empties a half that no program counts into; doing it twice does no harm. */
int scan_zero(const struct meter *meter, uint32_t half, struct fault *fault);

/* Name of the pin of carry map `number` (na_control.carry - 1). */
void scan_carry_name(uint32_t number, char name[static 16]);

#endif
