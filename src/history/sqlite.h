/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The functions of SQLite that are used, by their names without "sqlite3_":
 * sqlite.step(statement). netacct is not linked with it; sqlite_load() is
 * what comes first, and opening a history does it.
 */
#ifndef NETACCT_HISTORY_SQLITE_H
#define NETACCT_HISTORY_SQLITE_H

#include <sqlite3.h>

#include "history.h"

#define SQLITE_FUNCTIONS(DO)      \
	DO(bind_blob)             \
	DO(bind_int64)            \
	DO(bind_null)             \
	DO(bind_text)             \
	DO(bind_zeroblob)         \
	DO(busy_timeout)          \
	DO(changes)               \
	DO(clear_bindings)        \
	DO(close_v2)              \
	DO(column_blob)           \
	DO(column_bytes)          \
	DO(column_int)            \
	DO(column_int64)          \
	DO(column_text)           \
	DO(column_type)           \
	DO(errcode)               \
	DO(errmsg)                \
	DO(errstr)                \
	DO(exec)                  \
	DO(extended_errcode)      \
	DO(extended_result_codes) \
	DO(file_control)          \
	DO(finalize)              \
	DO(get_autocommit)        \
	DO(last_insert_rowid)     \
	DO(open_v2)               \
	DO(prepare_v2)            \
	DO(prepare_v3)            \
	DO(progress_handler)      \
	DO(reset)                 \
	DO(step)                  \
	DO(stricmp)               \
	DO(system_errno)

struct sqlite {
#define SQLITE_MEMBER(name) __typeof__ (&sqlite3_##name)(name);
	SQLITE_FUNCTIONS(SQLITE_MEMBER)
#undef SQLITE_MEMBER
};

/*
 * Filled once by sqlite_load(), only read after. With the log level and the
 * trace of <netacct/netlink.h> the only state that is the process's.
 */
extern struct sqlite sqlite;

/*
 * Any thread may call it, and as often as it likes: what has failed is tried
 * again. -ENOPKG with a sentence in `why`.
 */
int sqlite_load(struct history_error *why);
/* The same from a file of another name, to a place of its own: for the tests. */
int sqlite_load_from(const char *soname, struct sqlite *ret, struct history_error *why);

#endif
