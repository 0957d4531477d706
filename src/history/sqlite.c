// SPDX-License-Identifier: GPL-2.0-or-later
#include "sqlite.h"

#include <netacct/cleanup.h>
#include <pthread.h>

#include "library.h"

#define SONAME "libsqlite3.so.0"

#define SQLITE_NAME(name) "sqlite3_" #name,
static const char *const names[] = {SQLITE_FUNCTIONS(SQLITE_NAME)};
#undef SQLITE_NAME

struct sqlite sqlite;

int sqlite_load_from(const char *soname, struct sqlite *ret, struct history_error *why)
{
	const struct library library = {.soname = soname,
					.package = "libsqlite3-0 (sqlite-libs)",
					.functions = names,
					.count = ARRAY_SIZE(names)};

	return library_load(&library, ret, why);
}

int sqlite_load(struct history_error *why)
{
	static pthread_mutex_t once = PTHREAD_MUTEX_INITIALIZER;
	struct sqlite found;
	int err = 0;

	pthread_mutex_lock(&once);
	if (!sqlite.open_v2) {
		err = sqlite_load_from(SONAME, &found, why);
		if (!err)
			sqlite = found;
	}
	pthread_mutex_unlock(&once);
	return err;
}
