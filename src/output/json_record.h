/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Flow records as JSON objects: what never changes from record to record is made ready once. */
#ifndef NETACCT_JSON_RECORD_H
#define NETACCT_JSON_RECORD_H

#include "column.h"
#include "json_writer.h"

#define RECORD_COLUMNS_MAX 24
#define RECORD_LEAD_MAX 64

struct record_cell {
	const struct column *column;
	bool quoted;
	size_t length;
	char lead[RECORD_LEAD_MAX]; /* ,"name":" with line and indentation */
};

struct record_form {
	size_t count;
	struct record_cell cell[RECORD_COLUMNS_MAX];
};

/* For members of an object that stands `depth` deep, each behind a comma. */
void record_form_init(struct record_form *form, const struct json *json, enum na_key_kind kind,
		      unsigned int depth);

/* The members of one record; `first`: without the comma before the first one. */
void record_write(struct buffer *buffer, const struct record_form *form,
		  struct column_context *context, const struct flow_record *record, bool first);

#endif
