// SPDX-License-Identifier: GPL-2.0-or-later
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "database.h"
#include "place.h"
#include "schema.h"

#define BUSY_MILLISECONDS 500
#define URI_MAX 4096

/* A power cut must not take back a commit: with the log FULL syncs it at each. */
static const char for_writing[] = "PRAGMA journal_mode = WAL;"
				  "PRAGMA synchronous = FULL;"
				  "PRAGMA cache_size = -16384;"
				  "PRAGMA journal_size_limit = 67108864;";

static void read_boot(uint8_t boot[static BOOT_ID])
{
	_cleanup_close_ int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
	char text[37] = "";
	const char *next = text;
	size_t i;

	if (fd < 0 || read(fd, text, sizeof(text) - 1) < 0)
		return;
	for (i = 0; i < BOOT_ID && *next; i++) {
		next += *next == '-';
		if (sscanf(next, "%2hhx", &boot[i]) != 1)
			return;
		next += 2;
	}
}

static int history_new(const char *path, const struct history_settings *settings,
		       struct history **ret, struct history_error *why)
{
	int err = sqlite_load(why);
	struct history *history;

	if (err)
		return err;
	history = calloc(1, sizeof(*history));
	if (history) {
		history->path = strdup(path);
		history->lock = -1;
		history->settings = *settings;
		history->clock = clock_of_system;
		read_boot(history->boot);
	}
	if (!history || !history->path) {
		free(history);
		snprintf(why->text, sizeof(why->text), "%s: no memory", path);
		return -ENOMEM;
	}
	*ret = history;
	return 0;
}

static int connect_to(struct history *history, const char *name, int flags)
{
	int code = sqlite.open_v2(name, &history->database, flags | SQLITE_OPEN_NOMUTEX, NULL);

	if (code)
		return history->database ? database_fault(history, code) : -ENOMEM;
	sqlite.extended_result_codes(history->database, 1);
	sqlite.busy_timeout(history->database, BUSY_MILLISECONDS);
	return 0;
}

static void disconnect(struct history *history)
{
	size_t i;

	for (i = 0; i < STATEMENTS; i++) {
		sqlite.finalize(history->statement[i]);
		history->statement[i] = NULL;
	}
	sqlite.close_v2(history->database);
	history->database = NULL;
}

static int note_file(struct history *history)
{
	struct stat status;

	if (stat(history->path, &status))
		return database_error(history, negative_errno(), "%s: %s", history->path,
				      strerror(errno));
	history->device = status.st_dev;
	history->inode = status.st_ino;
	return 0;
}

static int connect_for_writing(struct history *history)
{
	int keep = 1, err = connect_to(history, history->path, SQLITE_OPEN_READWRITE);

	if (!err)
		err = schema_make(history);
	if (!err)
		err = database_execute(history, for_writing);
	if (!err)
		err = schema_examine(history);
	if (!err)
		err = schema_set_state(history, SCHEMA_OPEN);
	/* Readers that may not write need the log and its index to be there. */
	if (!err)
		sqlite.file_control(history->database, "main", SQLITE_FCNTL_PERSIST_WAL, &keep);
	return err ? err : note_file(history);
}

/* Not ours, but whole: that is nothing to set aside. */
static bool is_corrupt(struct history *history)
{
	int code = sqlite.errcode(history->database) & 0xff;

	return code == SQLITE_CORRUPT || code == SQLITE_NOTADB || schema_check(history) >= 0;
}

static int begin_anew(struct history *history, struct history_error *set_aside,
		      struct history_error *why)
{
	struct history_error reason = history->error;
	int err;

	if (!is_corrupt(history)) {
		*why = reason;
		return -EUCLEAN;
	}
	disconnect(history);
	history->corrupt = false;
	err = place_set_aside(history->path, reason.text, set_aside, why);
	if (!err)
		err = place_make(history->path, why);
	if (!err)
		err = database_result(history, connect_for_writing(history), why);
	return err;
}

int history_open(const char *path, const struct history_settings *settings, struct history **ret,
		 struct history_error *set_aside, struct history_error *why)
{
	struct history *history;
	struct history_error nobody = {""};
	int err = history_new(path, settings, &history, why);

	if (err)
		return err;
	set_aside = set_aside ? set_aside : &nobody;
	set_aside->text[0] = '\0';
	err = place_make(path, why);
	if (!err)
		err = history->lock = place_lock(path, why);
	if (err >= 0)
		err = database_result(history, connect_for_writing(history), why);
	if (err == -EUCLEAN)
		err = begin_anew(history, set_aside, why);
	if (err < 0) {
		disconnect(history);
		history_close(history);
		return err;
	}
	*ret = history;
	return 0;
}

/* An URI of SQLite: what has a meaning there is written as %XX. */
static int make_uri(const char *path, const char *query, char uri[static URI_MAX])
{
	int used = snprintf(uri, URI_MAX, "file:");

	for (; *path && used < URI_MAX - 64; path++)
		used += snprintf(uri + used, URI_MAX - (size_t)used,
				 strchr("?#%", *path) ? "%%%02X" : "%c", (unsigned char)*path);
	snprintf(uri + used, URI_MAX - (size_t)used, "%s", query);
	return *path ? -ENAMETOOLONG : 0;
}

static bool has_log(const struct history *history)
{
	struct stat status;
	char path[URI_MAX];

	snprintf(path, sizeof(path), "%s-wal", history->path);
	return !stat(path, &status) && status.st_size;
}

/*
 * Where this process may not make the log's index, and there is no log, the
 * file alone is all there is.
 */
static int connect_for_reading(struct history *history)
{
	char uri[URI_MAX];
	int err = make_uri(history->path, "", uri);

	if (err)
		return database_error(history, err, "%s: %s", history->path, strerror(-err));
	err = connect_to(history, uri, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI);
	if (!err)
		err = schema_check(history);
	if ((err != -EACCES && err != -EROFS && err != -ENOENT && err != -EIO) || has_log(history))
		return err;
	disconnect(history);
	make_uri(history->path, "?immutable=1", uri);
	err = connect_to(history, uri, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI);
	return err ? err : schema_check(history);
}

int history_open_readonly(const char *path, struct history **ret, struct history_error *why)
{
	struct history *history;
	int err;

	if (access(path, R_OK)) {
		err = negative_errno();
		snprintf(why->text, sizeof(why->text), "%s: %s", path, strerror(-err));
		return err;
	}
	err = history_new(path, &history_defaults, &history, why);
	if (err)
		return err;
	err = database_result(history, connect_for_reading(history), why);
	if (err < 0) {
		history_close(history);
		return err;
	}
	*ret = history;
	return 0;
}

void history_close(struct history *history)
{
	if (!history)
		return;
	history_snapshot_end(history);
	if (history->lock >= 0 && history->database)
		schema_set_state(history, history->corrupt ? SCHEMA_CORRUPT : SCHEMA_CLEAN);
	disconnect(history);
	if (history->lock >= 0)
		close(history->lock);
	free(history->path);
	free(history);
}

void history_set(struct history *history, const struct history_settings *settings)
{
	history->settings = *settings;
	history->tended = 0;
}
