/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What report prints: rows of columns. One table of columns drives JSON, CSV
 * and the table for people. Cells are asked for as they are written.
 */
#ifndef NETACCT_REPORT_SHEET_H
#define NETACCT_REPORT_SHEET_H

#include "../output/json_writer.h"

enum sheet_type {
	SHEET_TEXT,
	SHEET_NUMBER,
	SHEET_BYTES, /* in units on a table */
	SHEET_BITS, /* bits per second, likewise */
	SHEET_RATE, /* bytes per second, likewise */
	SHEET_TIME, /* seconds since 1970; local on a table, else UTC */
	SHEET_TENTHS, /* number / 10, or its negative */
	SHEET_FLAG, /* true, or absent; not on a table */
};

struct sheet_column {
	const char *name; /* in JSON and CSV */
	const char *heading; /* in the table; NULL: not there */
	enum sheet_type type;
};

#define SHEET_CELL_MAX 320

/* Absent where neither is set. */
struct sheet_cell {
	bool there;
	bool table_only; /* the text is for people: "total" */
	bool negative; /* SHEET_TENTHS */
	uint64_t number;
	char text[SHEET_CELL_MAX]; /* of SHEET_TEXT */
};

struct sheet {
	const char *name; /* of the JSON array */
	const struct sheet_column *columns;
	size_t column_count;
	size_t rows;
	size_t footers; /* rows behind them, for the table alone */
	/* `cell` is all zero. */
	void (*cell)(const struct sheet *sheet, size_t row, size_t column, struct sheet_cell *cell);
	/* What else the JSON document has before the array; may be NULL. */
	void (*head)(const struct sheet *sheet, struct json *json);
	const char *title; /* above the table, NULL: none */
	const char *empty; /* instead of a table without rows */
	void *context;
};

enum sheet_format { SHEET_TABLE, SHEET_JSON, SHEET_PRETTY, SHEET_CSV };

/* The document's frame. */
struct sheet_frame {
	enum sheet_format format;
	int64_t now, since, until; /* seconds */
};

/* To stdout; -errno. */
int sheet_print(const struct sheet *sheet, const struct sheet_frame *frame);

/* Sets a cell. */
void sheet_text(struct sheet_cell *cell, const char *text);
void sheet_number(struct sheet_cell *cell, uint64_t number);

/* "2026-11-22 10:30", local time; with seconds where they are not 0. */
#define SHEET_TIME_MAX 32
void sheet_local_time(int64_t seconds, char text[static SHEET_TIME_MAX]);

#endif
