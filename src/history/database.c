// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdarg.h>
#include <string.h>

#include "database.h"

int database_error(struct history *history, int err, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(history->error.text, sizeof(history->error.text), format, arguments);
	va_end(arguments);
	return err;
}

static int errno_of_io(const struct history *history)
{
	int code = sqlite.extended_errcode(history->database);
	int number = sqlite.system_errno(history->database);

	if (code == SQLITE_IOERR_NOMEM)
		return -ENOMEM;
	if (number == ENOSPC || number == EDQUOT || number == EFBIG)
		return -ENOSPC;
	return number == EROFS ? -EROFS : -EIO;
}

static int errno_of_open(const struct history *history)
{
	int number = sqlite.system_errno(history->database);

	return number > 0 ? -number : -EIO;
}

static int errno_of(const struct history *history, int code)
{
	switch (code & 0xff) {
	case SQLITE_FULL:
		return -ENOSPC;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return -EBUSY;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return -EUCLEAN;
	case SQLITE_READONLY:
		return -EROFS;
	case SQLITE_NOMEM:
		return -ENOMEM;
	case SQLITE_PERM:
	case SQLITE_AUTH:
		return -EACCES;
	case SQLITE_CANTOPEN:
		return errno_of_open(history);
	default:
		return errno_of_io(history);
	}
}

int database_fault(struct history *history, int code)
{
	int err = errno_of(history, code), kind = code & 0xff;
	int number = sqlite.system_errno(history->database);

	if (number > 0 && (kind == SQLITE_IOERR || kind == SQLITE_CANTOPEN || kind == SQLITE_FULL))
		return database_error(history, err, "%s: %s (%s)", history->path,
				      sqlite.errmsg(history->database), strerror(number));
	return database_error(history, err, "%s: %s", history->path,
			      history->database ? sqlite.errmsg(history->database)
						: sqlite.errstr(code));
}

int database_result(struct history *history, int err, struct history_error *why)
{
	if (err >= 0)
		return err;
	history->corrupt = history->corrupt || err == -EUCLEAN;
	*why = history->error;
	if (!why->text[0])
		snprintf(why->text, sizeof(why->text), "%s: %s", history->path, strerror(-err));
	return err;
}

int database_statement(struct history *history, enum statement which, sqlite3_stmt **ret)
{
	sqlite3_stmt **statement = &history->statement[which];
	int code;

	if (!*statement) {
		code = sqlite.prepare_v3(history->database, statement_text[which], -1,
					 SQLITE_PREPARE_PERSISTENT, statement, NULL);
		if (code)
			return database_fault(history, code);
	}
	sqlite.reset(*statement);
	sqlite.clear_bindings(*statement);
	*ret = *statement;
	return 0;
}

int database_step(struct history *history, sqlite3_stmt *statement)
{
	int code = sqlite.step(statement), err;

	if (code == SQLITE_ROW)
		return 1;
	if (code == SQLITE_DONE) {
		sqlite.reset(statement);
		return 0;
	}
	err = database_fault(history, code);
	sqlite.reset(statement);
	return err;
}

int database_run(struct history *history, sqlite3_stmt *statement)
{
	int err;

	do {
		err = database_step(history, statement);
	} while (err > 0);
	return err;
}

int database_execute(struct history *history, const char *sql)
{
	int code = sqlite.exec(history->database, sql, NULL, NULL, NULL);

	return code ? database_fault(history, code) : 0;
}

int database_pragma(struct history *history, const char *sql, int64_t *ret)
{
	sqlite3_stmt *statement;
	int code, err;

	code = sqlite.prepare_v2(history->database, sql, -1, &statement, NULL);
	if (code)
		return database_fault(history, code);
	err = database_step(history, statement);
	if (err > 0)
		*ret = sqlite.column_int64(statement, 0);
	sqlite.finalize(statement);
	if (!err)
		return database_error(history, -EIO, "%s: no answer to %s", history->path, sql);
	return err < 0 ? err : 0;
}
