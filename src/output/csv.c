// SPDX-License-Identifier: GPL-2.0-or-later
/* RFC 4180: a header, a row for each record, lines that end in CR LF. */
#include <errno.h>
#include <netacct/cleanup.h>
#include <string.h>

#include "escape.h"
#include "rows.h"

/* One header for all sources: the columns that any of their keys has. */
static unsigned int all_keys(const struct reading *readings, size_t count)
{
	unsigned int keys = 0;
	size_t i;

	for (i = 0; i < count; i++)
		keys |= 1u << readings[i].key;
	return keys;
}

static void put_header(struct buffer *buffer, unsigned int keys)
{
	size_t i;

	buffer_text(buffer, "timestamp,hostname,id,interface,namespace,tag,meter,generation");
	for (i = 0; i < columns_count; i++) {
		if (!(columns[i].keys & keys))
			continue;
		buffer_char(buffer, ',');
		buffer_text(buffer, columns[i].name);
	}
	buffer_text(buffer, "\r\n");
}

static void put_source(struct buffer *buffer, const struct rendering *rendering,
		       const struct reading *reading)
{
	const char *const texts[] = {rendering->options->hostname, reading->id,	 reading->interface,
				     reading->namespace,	   reading->tag, reading->uuid};
	struct rfc3339 time = {0};
	char text[RFC3339_WRITE_MAX];
	size_t i;

	buffer_bytes(buffer, text,
		     (size_t)(rfc3339_microseconds(&time, reading->read_at, text) - text));
	for (i = 0; i < ARRAY_SIZE(texts); i++) {
		buffer_char(buffer, ',');
		if (texts[i])
			escape_csv(buffer, texts[i]);
	}
	buffer_char(buffer, ',');
	buffer_number(buffer, reading->generation);
}

/* Whatever a record lacks, its column is there. */
static void form_init(struct record_form *form, unsigned int keys, enum na_key_kind kind,
		      const struct buffer *head)
{
	size_t i;

	*form = (struct record_form){
		.head = head->data, .head_length = head->used, .tail = "\r\n", .tail_length = 2};
	for (i = 0; i < columns_count && form->count < RECORD_COLUMNS_MAX; i++) {
		if (!(columns[i].keys & keys))
			continue;
		form->cell[form->count++] = (struct record_cell){
			.column = column_in(&columns[i], kind) ? &columns[i] : NULL,
			.lead = ",",
			.length = 1};
	}
}

static int put_records(const struct rendering *rendering, const struct reading *reading,
		       unsigned int keys)
{
	_cleanup_free_ struct buffer *head = buffer_new(NULL);
	struct record_form form;

	if (!head)
		return -ENOMEM;
	put_source(head, rendering, reading);
	if (head->error)
		return head->error;
	form_init(&form, keys, reading->key, head);
	return rows_write(rendering, reading, &form, NULL);
}

int render_csv(const struct rendering *rendering, const struct reading *readings, size_t count)
{
	unsigned int keys = all_keys(readings, count);
	size_t i;
	int err = 0;

	put_header(rendering->buffer, keys);
	for (i = 0; !err && i < count; i++)
		err = put_records(rendering, &readings[i], keys);
	return err;
}
