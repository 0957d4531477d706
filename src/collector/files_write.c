/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <netacct/cleanup.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../meter/clock.h"
#include "../output/output.h"
#include "files_state.h"

/* Who may not give it away keeps it. */
static int give_to_group(int fd, gid_t group)
{
	if (group == (gid_t)-1)
		return 0;
	return fchown(fd, (uid_t)-1, group) && errno != EPERM ? -errno : 0;
}

/* The readings that go into one file; their records are owned, nothing else is. */
struct page {
	struct reading *readings;
	struct cumulative **sources;
	size_t count;
};

static void page_clear(struct page *page)
{
	size_t i;

	for (i = 0; i < page->count; i++)
		free(page->readings[i].records);
	free(page->readings);
	free(page->sources);
}
#define _cleanup_page_ __attribute__((cleanup(page_clear)))

static int fill_page(struct files *files, const struct output *output, struct page *page)
{
	bool delta = output->format == CONFIG_NDJSON;
	size_t i;
	int error;

	page->readings = calloc(files->count + 1, sizeof(*page->readings));
	page->sources = calloc(files->count + 1, sizeof(struct cumulative *));
	if (!page->readings || !page->sources)
		return -ENOMEM;
	for (i = 0; i < files->count; i++) {
		struct cumulative *source = &files->sources[i];
		const char *path = files->config->instances[source->instance].output_file;

		if (!path || strcmp(path, output->path))
			continue;
		/* a line for nothing would only make the file grow */
		if (delta && (!source->begun || !record_table_count(source->delta)))
			continue;
		error = files_fill(source, delta, &page->readings[page->count]);
		if (error)
			return error;
		page->sources[page->count++] = source;
	}
	return 0;
}

static int put_page(FILE *file, const struct output *output, struct page *page)
{
	const struct output_options options = {
		.format = output->format == CONFIG_NDJSON ? OUTPUT_NDJSON : OUTPUT_JSON,
		.pretty = output->format == CONFIG_JSON,
		.timestamp = clock_realtime(),
	};
	const struct selection selection = {0};
	char why[256];
	int error = output_select(page->readings, page->count, &selection, why);

	if (!error)
		error = output_readings(file, &options, page->readings, page->count);
	if (!error && fflush(file))
		error = -errno;
	return error;
}

/* Only the last folder is made, and only for root and the group. */
static int make_folder(const char *path, gid_t group)
{
	_cleanup_free_ char *copy = strdup(path);
	_cleanup_close_ int fd = -1;
	const char *folder;

	if (!copy)
		return -ENOMEM;
	folder = dirname(copy);
	if (mkdir(folder, 0750))
		return errno == EEXIST ? 0 : -errno;
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	/* the group gets in whatever the umask */
	return fd < 0 || fchmod(fd, 0750) ? -errno : give_to_group(fd, group);
}

static int open_file(const char *path, int flags, gid_t group)
{
	int all = flags | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
	int fd = open(path, all, 0640);

	if (fd < 0 && errno == ENOENT && !make_folder(path, group))
		fd = open(path, all, 0640);
	return fd < 0 ? -errno : fd;
}

/* The name is on the disk, too. */
static int sync_folder(const char *path)
{
	_cleanup_free_ char *copy = strdup(path);
	_cleanup_close_ int fd = -1;

	if (!copy)
		return -ENOMEM;
	fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return fd < 0 || fsync(fd) ? -errno : 0;
}

static int open_stream(const char *path, int flags, gid_t group, FILE **ret)
{
	_cleanup_close_ int fd = open_file(path, flags, group);
	int error;

	if (fd < 0)
		return fd;
	error = fchmod(fd, 0640) ? -errno : give_to_group(fd, group);
	if (error)
		return error;
	*ret = fdopen(fd, flags & O_APPEND ? "a" : "w");
	if (!*ret)
		return -errno;
	TAKE_FD(fd);
	return 0;
}

/* A symbolic link in the file's place is somebody else's choice of where to write. */
int files_refuse(const char *path)
{
	struct stat status;

	if (lstat(path, &status) || S_ISREG(status.st_mode))
		return 0;
	return S_ISLNK(status.st_mode) ? -ELOOP : -EOPNOTSUPP;
}

static int write_json(const struct output *output, struct page *page)
{
	_cleanup_fclose_ FILE *file = NULL;
	char temporary[PATH_MAX];
	int error = files_refuse(output->path);

	if (error)
		return error;
	if (snprintf(temporary, sizeof(temporary), "%s.new", output->path) >=
	    (int)sizeof(temporary))
		return -ENAMETOOLONG;
	/* one that a crash left; the collector is alone with its files */
	unlink(temporary);
	error = open_stream(temporary, O_WRONLY | O_EXCL, output->group, &file);
	if (!error)
		error = put_page(file, output, page);
	if (!error && fsync(fileno(file)))
		error = -errno;
	if (!error && rename(temporary, output->path))
		error = -errno;
	if (error) {
		unlink(temporary);
		return error;
	}
	return sync_folder(output->path);
}

/* Where a crash left half a line, the next one does not go on in it. */
static int end_line(int fd)
{
	struct stat status;
	char last;

	if (fstat(fd, &status))
		return -errno;
	if (!status.st_size || pread(fd, &last, 1, status.st_size - 1) != 1 || last == '\n')
		return 0;
	return write(fd, "\n", 1) == 1 ? 0 : -errno;
}

static void close_stream(struct output *output)
{
	if (output->stream)
		fclose(output->stream);
	output->stream = NULL;
}

static int open_lines(struct output *output)
{
	int error = files_refuse(output->path);

	if (!error)
		error = open_stream(output->path, O_RDWR | O_APPEND, output->group,
				    &output->stream);
	if (!error)
		error = end_line(fileno(output->stream));
	if (error)
		close_stream(output);
	return error;
}

/*
 * Nothing stays half written: what was appended in part is cut off again,
 * also what the stream still holds and tries to write when it is closed.
 */
static int append(struct output *output, struct page *page)
{
	_cleanup_close_ int fd = -1;
	struct stat before;
	int error = output->stream ? 0 : open_lines(output);

	if (error)
		return error;
	fd = fcntl(fileno(output->stream), F_DUPFD_CLOEXEC, 0);
	if (fd < 0 || fstat(fd, &before))
		return -errno;
	error = put_page(output->stream, output, page);
	if (!error)
		return 0;
	close_stream(output);
	return ftruncate(fd, before.st_size) ? -errno : error;
}

static int write_ndjson(struct output *output, struct page *page)
{
	size_t count, i;
	int error = page->count ? append(output, page) : 0;

	for (i = 0; i < page->count && !error; i++)
		free(record_table_take(page->sources[i]->delta, &count));
	return error;
}

static int write_output(struct files *files, struct output *output)
{
	_cleanup_page_ struct page page = {};
	int error = fill_page(files, output, &page);

	if (error)
		return error;
	return output->format == CONFIG_NDJSON ? write_ndjson(output, &page)
					       : write_json(output, &page);
}

static const char *words_of(int error)
{
	switch (error) {
	case -ELOOP:
		return "it is a symbolic link, which is not followed";
	case -EOPNOTSUPP:
		return "it is not a regular file";
	default:
		return strerror(-error);
	}
}

int files_write(struct files *files, struct config_error *why)
{
	size_t i;
	int error, first = 0;

	for (i = 0; i < files->output_count; i++) {
		error = write_output(files, &files->outputs[i]);
		if (!error || first)
			continue;
		first = error;
		snprintf(why->text, sizeof(why->text), "%.400s: %s", files->outputs[i].path,
			 words_of(error));
	}
	return first;
}

void files_reopen(struct files *files)
{
	size_t i;

	for (i = 0; i < files->output_count; i++)
		close_stream(&files->outputs[i]);
}
