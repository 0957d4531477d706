/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "reload.h"

#include <errno.h>
#include <netacct/cleanup.h>
#include <sys/stat.h>

#include "../meter/clock.h"

/* A file that is replaced or written to is another one in at least one of these. */
struct stamp {
	dev_t device;
	ino_t inode;
	off_t size;
	struct timespec changed;
};

struct reload_file {
	const char *path; /* the configuration's; NULL: none */
	struct stamp stamp; /* of the last try */
	struct whitelist whitelist; /* the last good one */
	unsigned int version; /* 0: there was none */
};

/* All zero for a file that is not there. */
static struct stamp stamp_of(const char *path)
{
	struct stat status;

	if (stat(path, &status))
		return (struct stamp){};
	return (struct stamp){status.st_dev, status.st_ino, status.st_size, status.st_mtim};
}

static bool same_stamp(const struct stamp *a, const struct stamp *b)
{
	return a->device == b->device && a->inode == b->inode && a->size == b->size &&
	       a->changed.tv_sec == b->changed.tv_sec && a->changed.tv_nsec == b->changed.tv_nsec;
}

int reload_open(struct reload *reload, const struct config *config)
{
	size_t i;

	*reload = (struct reload){.files = calloc(config->count + 1, sizeof(*reload->files)),
				  .since = clock_monotonic()};
	if (!reload->files)
		return -ENOMEM;
	reload->count = config->count;
	for (i = 0; i < reload->count; i++) {
		struct reload_file *file = &reload->files[i];
		struct whitelist_error why = {};

		file->path = config->instances[i].whitelist_file;
		if (!file->path)
			continue;
		file->stamp = stamp_of(file->path);
		if (!whitelist_load(file->path, &file->whitelist, &why))
			file->version = RELOAD_FIRST;
	}
	return 0;
}

void reload_close(struct reload *reload)
{
	size_t i;

	for (i = 0; i < reload->count; i++)
		whitelist_clear(&reload->files[i].whitelist);
	free(reload->files);
	*reload = (struct reload){};
}

static bool read_again(struct reload_file *file, const struct voice *voice)
{
	_cleanup_whitelist_ struct whitelist fresh = {};
	struct whitelist_error why = {};
	struct whitelist old;

	if (whitelist_load(file->path, &fresh, &why)) {
		voice_say(voice, VOICE_ERROR, file->path, "%s; the whitelist stays as it was",
			  why.text);
		return false;
	}
	old = file->whitelist;
	file->whitelist = fresh;
	fresh = old;
	file->version++;
	voice_say(voice, VOICE_NOTICE, file->path,
		  "whitelist read again: %zu addresses and prefixes", file->whitelist.listed);
	return true;
}

unsigned int reload_check(struct reload *reload, bool asked, const struct voice *voice)
{
	unsigned int changed = 0;
	size_t i;

	for (i = 0; i < reload->count; i++) {
		struct reload_file *file = &reload->files[i];
		struct stamp stamp;

		if (!file->path || (!asked && file->version && !file->whitelist.auto_reload))
			continue;
		stamp = stamp_of(file->path);
		if (same_stamp(&stamp, &file->stamp) && !asked)
			continue;
		file->stamp = stamp;
		changed += read_again(file, voice);
	}
	return changed;
}

const struct whitelist *reload_whitelist(const struct reload *reload, size_t instance,
					 unsigned int *ret_version)
{
	if (instance >= reload->count || !reload->files[instance].version)
		return NULL;
	*ret_version = reload->files[instance].version;
	return &reload->files[instance].whitelist;
}
