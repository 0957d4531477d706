// SPDX-License-Identifier: GPL-2.0-or-later
#define _GNU_SOURCE
#include "history.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "die.h"
#include "isolate.h"

void history_clean(const char *folder)
{
	_cleanup_closedir_ DIR *entries = opendir(folder);
	const struct dirent *entry;

	while (entries && (entry = readdir(entries)))
		if (entry->d_name[0] != '.')
			unlinkat(dirfd(entries), entry->d_name, 0);
}

#ifdef HAVE_SQLITE3

/* Also where something ends the process with die(). */
static void remove_folder(int status, void *folder)
{
	(void)status;
	history_clean(folder);
	rmdir(folder);
	free(folder);
}

void history_run(const struct settings *settings, struct report *report)
{
	static const struct {
		const char *name;
		void (*run)(const struct settings *settings, struct report *report,
			    const char *folder);
	} parts[] = {
		{"drain", history_drain}, {"collector", history_collector}, {"year", history_year}};
	char *folder = allocate(PATH_MAX, 1);
	size_t i;

	if (snprintf(folder, PATH_MAX, "%s/netacct-bench-XXXXXX", settings->folder) >= PATH_MAX ||
	    !mkdtemp(folder) || on_exit(remove_folder, folder))
		die("%s: %s", settings->folder, strerror(errno));
	isolate();
	for (i = 0; i < ARRAY_SIZE(parts); i++)
		if (strstr(parts[i].name, settings->only))
			parts[i].run(settings, report, folder);
}

#else

void history_run(const struct settings *settings, struct report *report)
{
	(void)settings;
	(void)report;
	puts("this build has no SQLite, and so no history");
}

#endif
