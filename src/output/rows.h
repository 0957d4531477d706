/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * All records of a reading as rows of text, by several threads where they are
 * many: each takes the next part, makes text of it in memory of its own, and
 * hands that over when all parts before it have been, so that the output is
 * the same however many threads there are.
 */
#ifndef NETACCT_ROWS_H
#define NETACCT_ROWS_H

#include "../record/summary.h"
#include "record_form.h"
#include "render.h"

/*
 * From an array those that are shown; from a stream all of them, which
 * come to `summary`, which begins with all zero (of an array it is left alone;
 * NULL: not wanted). -ENOMEM, -errno of a failed write, or what the stream's check() says:
 * then the rows are not whole.
 */
int rows_write(const struct rendering *rendering, const struct reading *reading,
	       const struct record_form *form, struct summary *summary);

#endif
