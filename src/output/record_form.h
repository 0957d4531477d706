/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A record as a row of text: what never changes from one to the next is made
 * ready once. Each format makes its form of the column table.
 */
#ifndef NETACCT_RECORD_FORM_H
#define NETACCT_RECORD_FORM_H

#include "column.h"

#define RECORD_COLUMNS_MAX 24
#define RECORD_LEAD_MAX 64
#define RECORD_TAIL_MAX 32

struct record_cell {
	const struct column *column; /* NULL: nothing */
	bool optional; /* its lead is left out where the record has nothing */
	bool quoted;
	size_t length;
	char lead[RECORD_LEAD_MAX]; /* ,"name":" with line and indentation */
};

struct record_form {
	const char *head; /* not owned: what each row begins with */
	size_t head_length;
	size_t joint; /* bytes at the beginning that the first row of all lacks: JSON's comma */
	size_t tail_length;
	char tail[RECORD_TAIL_MAX];
	size_t count;
	struct record_cell cell[RECORD_COLUMNS_MAX];
};

/* The most bytes that one row takes. */
static inline size_t record_form_room(const struct record_form *form)
{
	return form->head_length + form->count * (RECORD_LEAD_MAX + COLUMN_WRITE_MAX) +
	       RECORD_TAIL_MAX;
}

/* The row of one record; its end. */
char *record_form_write(const struct record_form *form, struct column_context *context,
			const struct flow_record *record, char *out);

#endif
