// SPDX-License-Identifier: GPL-2.0-or-later
#define _GNU_SOURCE 1
#include "reports.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <netacct/cleanup.h>

static const char *folder(void)
{
	return getenv("NETACCT_REPORTS");
}

bool reports_wanted(void)
{
	return folder() != NULL;
}

/* Indented, as no line of the tests' own is; the summary stands at the end. */
static void read_report(int fd, bool show, char *text, size_t size)
{
	_cleanup_fclose_ FILE *file = fdopen(fd, "r");
	char line[1024];

	if (!file)
		close(fd);
	while (file && fgets(line, sizeof(line), file)) {
		if (show)
			printf("    %s", line);
		if (!text[0] || !strncmp(line, "SUMMARY: ", 9))
			snprintf(text, size, "%.*s", (int)strcspn(line, "\n"), line);
	}
}

unsigned int reports_take(bool show, char *text, size_t size)
{
	_cleanup_closedir_ DIR *directory = folder() ? opendir(folder()) : NULL;
	const struct dirent *entry;
	unsigned int count = 0;

	text[0] = '\0';
	while (directory && (entry = readdir(directory))) {
		char summary[1024] = "";
		int fd;

		if (entry->d_name[0] == '.')
			continue;
		fd = openat(dirfd(directory), entry->d_name, O_RDONLY | O_CLOEXEC);
		if (fd >= 0)
			read_report(fd, show, summary, sizeof(summary));
		unlinkat(dirfd(directory), entry->d_name, 0);
		if (!count++)
			snprintf(text, size, "a sanitizer's report: %s", summary);
	}
	fflush(stdout);
	return count;
}
