// SPDX-License-Identifier: GPL-2.0-or-later
#define _GNU_SOURCE /* asprintf(), renameat2() */
#include <fcntl.h>
#include <grp.h>
#include <libgen.h>
#include <netacct/cleanup.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>

#include "place.h"

#define GROUP "netacct"
#define FOLDER_MODE 0750
#define FILE_MODE 0640
#define LOCK_MODE 0600 /* who can open it can lock it, and keep the collector out */

static int failed(struct history_error *why, int err, const char *path)
{
	snprintf(why->text, sizeof(why->text), "%s: %s", path, strerror(-err));
	return err;
}

/* Root's files belong to the group too; where there is none, or another user runs this, not. */
static void give_to_group(int fd)
{
	const struct group *group = geteuid() ? NULL : getgrnam(GROUP);

	if (group && fchown(fd, (uid_t)-1, group->gr_gid))
		return;
}

static int make_folder(const char *path, struct history_error *why)
{
	_cleanup_free_ char *copy = strdup(path);
	_cleanup_close_ int fd = -1;
	const char *folder;

	if (!copy)
		return failed(why, -ENOMEM, path);
	folder = dirname(copy);
	if (mkdir(folder, FOLDER_MODE))
		return errno == EEXIST ? 0 : failed(why, negative_errno(), folder);
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return failed(why, negative_errno(), folder);
	give_to_group(fd);
	if (fchmod(fd, FOLDER_MODE))
		return failed(why, negative_errno(), folder);
	return 0;
}

int place_make(const char *path, struct history_error *why)
{
	_cleanup_close_ int fd = -1;
	int err = make_folder(path, why);

	if (err)
		return err;
	fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, FILE_MODE);
	if (fd < 0)
		return errno == EEXIST ? 0 : failed(why, negative_errno(), path);
	give_to_group(fd);
	if (fchmod(fd, FILE_MODE))
		return failed(why, negative_errno(), path);
	return 0;
}

static int is_locked(int fd, const char *path, struct history_error *why)
{
	char holder[16] = "";
	ssize_t length = pread(fd, holder, sizeof(holder) - 1, 0);

	holder[length > 0 ? strspn(holder, "0123456789") : 0] = '\0';
	snprintf(why->text, sizeof(why->text), "%s is in use by process %s", path,
		 holder[0] ? holder : "(unknown)");
	return -EBUSY;
}

int place_lock(const char *path, struct history_error *why)
{
	_cleanup_free_ char *name = NULL;
	_cleanup_close_ int fd = -1;

	if (asprintf(&name, "%s.lock", path) < 0) {
		name = NULL;
		return failed(why, -ENOMEM, path);
	}
	fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, LOCK_MODE);
	if (fd < 0)
		return failed(why, negative_errno(), name);
	if (flock(fd, LOCK_EX | LOCK_NB))
		return errno == EWOULDBLOCK ? is_locked(fd, path, why)
					    : failed(why, negative_errno(), name);
	/* A full disk takes the number only: the lock holds without it. */
	if (!ftruncate(fd, 0))
		dprintf(fd, "%d\n", getpid());
	return TAKE_FD(fd);
}

static int move(const char *path, const char *aside, const char *suffix)
{
	_cleanup_free_ char *from = NULL, *to = NULL;

	if (asprintf(&from, "%s%s", path, suffix) < 0) {
		from = NULL;
		return -ENOMEM;
	}
	if (asprintf(&to, "%s%s", aside, suffix) < 0) {
		to = NULL;
		return -ENOMEM;
	}
	/* Nothing that was set aside before is replaced. */
	if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE))
		return negative_errno();
	return 0;
}

int place_set_aside(const char *path, const char *reason, struct history_error *said,
		    struct history_error *why)
{
	_cleanup_free_ char *aside = NULL;
	char when[32] = "";
	time_t now = time(NULL);
	struct tm parts;
	int err;

	if (gmtime_r(&now, &parts))
		strftime(when, sizeof(when), "%Y%m%dT%H%M%SZ", &parts);
	if (asprintf(&aside, "%s.corrupt-%s", path, when) < 0) {
		aside = NULL;
		return failed(why, -ENOMEM, path);
	}
	/* The log goes first: it must never be taken for that of a new database. */
	err = move(path, aside, "-wal");
	if (!err || err == -ENOENT)
		err = move(path, aside, "-shm");
	if (!err || err == -ENOENT)
		err = move(path, aside, "");
	if (err)
		return failed(why, err, path);
	snprintf(said->text, sizeof(said->text), "set aside as %.200s, a new one is begun: %.250s",
		 aside, reason);
	return 0;
}
