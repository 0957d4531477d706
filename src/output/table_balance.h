/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The balance of a source for people: exact figures, so that they can be added up. */
#ifndef NETACCT_TABLE_BALANCE_H
#define NETACCT_TABLE_BALANCE_H

#include "../record/reading.h"
#include "buffer.h"

void table_balance(struct buffer *buffer, const struct balance *balance);

#endif
