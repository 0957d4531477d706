/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A sheet as a table for people; for report_sheet.c alone. */
#ifndef NETACCT_REPORT_TABLE_H
#define NETACCT_REPORT_TABLE_H

#include "report_sheet.h"

/* -ENOMEM; what the file says is found out by buffer_flush(). */
int sheet_table(struct buffer *buffer, const struct sheet *sheet);

#endif
