/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NETACCT_FILL_H
#define NETACCT_FILL_H

#include "../record/reading.h"
#include "meter.h"

/*
 * Everything of a reading but its records: who the source is, when it was
 * read, its balance and what is known of its whitelist. `taken` has an entry
 * per source. The caller clears the reading, on failure too.
 */
int fill_reading(const struct meter *meter, const struct na_control *control,
		 const struct na_taken *taken, uint32_t number, struct reading *reading,
		 struct fault *fault);

#endif
