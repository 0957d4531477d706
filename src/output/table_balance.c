// SPDX-License-Identifier: GPL-2.0-or-later
#include <netacct/cleanup.h>
#include <string.h>

#include "human.h"
#include "table_balance.h"

#define FIGURES 4
#define ROWS_MAX (NA_BUCKETS + 2)

static const char *const headings[FIGURES] = {"RX-PACKETS", "RX-BYTES", "TX-PACKETS", "TX-BYTES"};
static const char *const labels[NA_BUCKETS] = {
	[NA_SEEN] = "seen",	    [NA_ACCOUNTED] = "accounted", [NA_EXCLUDED] = "excluded",
	[NA_OVERFLOW] = "overflow", [NA_NON_IP] = "non-IP",
};

struct row {
	const char *label;
	const struct na_count *count; /* by direction */
};

struct block {
	struct row rows[ROWS_MAX];
	size_t count;
	size_t label_width;
	size_t width[FIGURES];
};

static uint64_t figure(const struct row *row, size_t column)
{
	const struct na_count *count = &row->count[column / 2];

	return column % 2 ? count->bytes : count->packets;
}

static size_t width_of(uint64_t number)
{
	char text[NUMBER_WRITE_MAX];

	return (size_t)(number_write(text, number) - text);
}

static void widen(size_t *width, size_t length)
{
	if (*width < length)
		*width = length;
}

static void add_row(struct block *block, const char *label, const struct na_count *count)
{
	struct row *row = &block->rows[block->count++];
	size_t i;

	*row = (struct row){label, count};
	widen(&block->label_width, strlen(label));
	for (i = 0; i < FIGURES; i++)
		widen(&block->width[i], width_of(figure(row, i)));
}

/* A row for those who have taken records out, where anybody has. */
static void add_taken(struct block *block, const char *label, const struct na_count *count)
{
	if (count[NA_RX].packets || count[NA_TX].packets)
		add_row(block, label, count);
}

static void put_row(struct buffer *buffer, const struct block *block, const struct row *row)
{
	char text[NUMBER_WRITE_MAX];
	size_t i, length;

	buffer_text(buffer, "  ");
	human_cell(buffer, row->label, strlen(row->label), block->label_width, false);
	for (i = 0; i < FIGURES; i++) {
		length = (size_t)(number_write(text, figure(row, i)) - text);
		buffer_text(buffer, "  ");
		human_cell(buffer, text, length, block->width[i], true);
	}
	buffer_char(buffer, '\n');
}

static void put_headings(struct buffer *buffer, const struct block *block)
{
	size_t i;

	buffer_text(buffer, "  ");
	human_cell(buffer, "balance", strlen("balance"), block->label_width, false);
	for (i = 0; i < FIGURES; i++) {
		buffer_text(buffer, "  ");
		human_cell(buffer, headings[i], strlen(headings[i]), block->width[i], true);
	}
	buffer_char(buffer, '\n');
}

static void put_verdict(struct buffer *buffer, const struct balance *balance)
{
	if (!balance->judged) {
		buffer_text(buffer, "  not judged: packets may be in flight\n");
	} else if (!balance->difference) {
		buffer_text(buffer, "  the books balance\n");
	} else {
		buffer_text(buffer, "  the books do not balance: difference ");
		buffer_number(buffer, (uint64_t)balance->difference);
		buffer_char(buffer, '\n');
	}
}

void table_balance(struct buffer *buffer, const struct balance *balance)
{
	struct block block = {.count = 0};
	size_t i;

	for (i = 0; i < FIGURES; i++)
		block.width[i] = strlen(headings[i]);
	for (i = 0; i < NA_BUCKETS; i++)
		add_row(&block, labels[i], balance->bucket[i]);
	add_taken(&block, "handed out", balance->handed_out);
	add_taken(&block, "collected", balance->collected);
	put_headings(buffer, &block);
	for (i = 0; i < block.count; i++)
		put_row(buffer, &block, &block.rows[i]);
	put_verdict(buffer, balance);
}
