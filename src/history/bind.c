// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "database.h"

void bind_numbers(sqlite3_stmt *statement, const int64_t *numbers, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		sqlite.bind_int64(statement, (int)i + 1, numbers[i]);
}

void bind_text(sqlite3_stmt *statement, int place, const char *text)
{
	if (text)
		sqlite.bind_text(statement, place, text, -1, SQLITE_STATIC);
	else
		sqlite.bind_null(statement, place);
}

void bind_count(sqlite3_stmt *statement, int place, struct na_count rx, struct na_count tx)
{
	sqlite.bind_int64(statement, place, (int64_t)rx.packets);
	sqlite.bind_int64(statement, place + 1, (int64_t)rx.bytes);
	sqlite.bind_int64(statement, place + 2, (int64_t)tx.packets);
	sqlite.bind_int64(statement, place + 3, (int64_t)tx.bytes);
}

void column_counts(sqlite3_stmt *statement, int column, struct na_count *rx, struct na_count *tx)
{
	rx->packets = (uint64_t)sqlite.column_int64(statement, column);
	rx->bytes = (uint64_t)sqlite.column_int64(statement, column + 1);
	tx->packets = (uint64_t)sqlite.column_int64(statement, column + 2);
	tx->bytes = (uint64_t)sqlite.column_int64(statement, column + 3);
}

int column_copy(struct history *history, sqlite3_stmt *statement, int column, char **ret)
{
	const char *text = (const char *)sqlite.column_text(statement, column);

	*ret = text ? strdup(text) : NULL;
	return text && !*ret ? database_error(history, -ENOMEM, "no memory") : 0;
}
