/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An output file that was there before: continued, or set aside. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <netacct/cleanup.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "../meter/json_strict.h"
#include "files_read.h"
#include "files_state.h"

#define ID_MAX 304
#define LINE_BEGIN "{\"type\":\""

struct adoption {
	struct files *files;
	const struct output *output;
	struct history_error why;
};

/* "host--eth0": the first tool's files have no id, and may not say which interface they are of. */
static void id_of(const struct file_source *source, const struct config_instance *instance,
		  char id[static ID_MAX])
{
	const char *namespace = source->namespace, *interface = source->interface;

	if (source->id) {
		snprintf(id, ID_MAX, "%s", source->id);
		return;
	}
	if (!interface) {
		interface = instance->interface;
		namespace = instance->namespace;
	}
	snprintf(id, ID_MAX, "%s--%s", namespace ? namespace : "host", interface);
}

/*
 * The instance of that file which the source belongs to: one of that tag before others that name
 * it; the first where none does.
 */
static size_t instance_of(const struct adoption *adoption, const struct file_source *source)
{
	const struct config *config = adoption->files->config;
	size_t first = config->count, named = config->count, i;

	for (i = 0; i < config->count; i++) {
		struct config one = {.instances = &config->instances[i], .count = 1};
		const char *tag = config->instances[i].tag;
		const char *path = config->instances[i].output_file;

		if (!path || strcmp(path, adoption->output->path))
			continue;
		if (first == config->count)
			first = i;
		if (!source->id || !config_names(&one, source->id))
			continue;
		if (tag && source->tag && !strcmp(tag, source->tag))
			return i;
		if (named == config->count)
			named = i;
	}
	return named < config->count ? named : first;
}

static void subtract(struct na_count from[NA_BUCKETS][NA_DIRECTIONS],
		     const struct na_count what[NA_BUCKETS][NA_DIRECTIONS])
{
	int bucket, direction;

	for (bucket = 0; bucket < NA_BUCKETS; bucket++)
		for (direction = 0; direction < NA_DIRECTIONS; direction++) {
			from[bucket][direction].packets -= what[bucket][direction].packets;
			from[bucket][direction].bytes -= what[bucket][direction].bytes;
		}
}

/* Not where it is there already; NULL for NULL. */
static int take_text(const char *from, char **to)
{
	if (!from || *to)
		return 0;
	*to = strdup(from);
	return *to ? 0 : -ENOMEM;
}

/* The buckets go on from what the file says, under the meter that it names. */
static int take_balance(const struct file_source *from, struct cumulative *source)
{
	struct reading *reading = &source->reading;

	memcpy(reading->balance.bucket, from->balance, sizeof(from->balance));
	memcpy(reading->earlier, from->earlier, sizeof(from->earlier));
	subtract(reading->balance.bucket, reading->earlier);
	snprintf(reading->uuid, sizeof(reading->uuid), "%s", from->meter ? from->meter : "");
	reading->attached_at = (uint64_t)from->attached_at * NANOSECONDS;
	/* for a source that does not come again */
	reading->read_at = (uint64_t)from->timestamp * NANOSECONDS;
	if (take_text(from->interface, &reading->interface) ||
	    take_text(from->namespace, &reading->namespace) || take_text(from->tag, &reading->tag))
		return -ENOMEM;
	return 0;
}

/* A file without a balance accounted what it has. */
static void make_balance(struct file_source *source)
{
	if (source->balance[NA_SEEN][NA_RX].packets || source->balance[NA_SEEN][NA_TX].packets)
		return;
	memcpy(source->balance[NA_SEEN], source->rx_tx, sizeof(source->rx_tx));
	memcpy(source->balance[NA_ACCOUNTED], source->rx_tx, sizeof(source->rx_tx));
}

static bool is_wanted(const struct config *config, const char *book, const char *id)
{
	size_t i;

	for (i = 0; i < config->count; i++) {
		struct config one = {.instances = &config->instances[i], .count = 1};

		if (!strcmp(config->instances[i].name, book))
			return config_names(&one, id);
	}
	return false;
}

/*
 * The file is that of an instance with another name, whose meter still counts: importing what its
 * book has too would count that twice, so the book is taken over. *ret_known: so it was.
 */
static int take_book(struct adoption *adoption, const struct file_source *from, const char *id,
		     const char *name, bool *ret_known)
{
	struct files *files = adoption->files;
	_cleanup_free_ char *book = NULL;
	int error = from->meter ? history_book_of(files->history, from->meter, id, &book,
						  &adoption->why)
				: 0;

	*ret_known = !error && book && !is_wanted(files->config, book, id);
	return *ret_known ? history_book_rename(files->history, book, name, id, &adoption->why)
			  : error;
}

static int import(struct adoption *adoption, const struct file_source *from, const char *id,
		  const char *name)
{
	_cleanup_free_ struct history_total *totals = NULL;
	size_t count = 0;
	int error = file_records(from, &totals, &count);

	if (error)
		return error;
	return history_book_import(adoption->files->history, name, id,
				   from->since ? from->since : from->timestamp, totals, count,
				   &adoption->why);
}

static int adopt_source(struct adoption *adoption, struct file_source *from)
{
	struct files *files = adoption->files;
	struct cumulative *source;
	char id[ID_MAX], *name;
	size_t instance;
	bool known;
	int error;

	instance = instance_of(adoption, from);
	name = files->config->instances[instance].name;
	id_of(from, &files->config->instances[instance], id);
	source = files_find(files, instance, id);
	make_balance(from);
	if (source)
		return take_balance(from, source);
	error = take_book(adoption, from, id, name, &known);
	if (!error && !known)
		error = import(adoption, from, id, name);
	if (!error)
		error = files_begin(files, instance, id, &source, &known, &adoption->why);
	return error ? error : take_balance(from, source);
}

static int adopt_document(struct adoption *adoption, struct json_object *document)
{
	size_t count = file_sources(document), i;
	struct file_source source;
	int error = 0;

	/* all of it is looked at before any of it is taken over */
	for (i = 0; i < count && !error; i++) {
		_cleanup_free_ struct history_total *totals = NULL;
		size_t records;

		error = file_source(document, i, &source);
		if (!error)
			error = file_records(&source, &totals, &records);
	}
	for (i = 0; i < count && !error; i++) {
		error = file_source(document, i, &source);
		if (!error)
			error = adopt_source(adoption, &source);
	}
	return error;
}

/* A name that is free: the collector is alone with its files. */
static int name_aside(const char *path, char name[static PATH_MAX])
{
	char stamp[32], more[16] = "";
	time_t now = time(NULL);
	struct stat status;
	struct tm utc;
	unsigned int i;

	gmtime_r(&now, &utc);
	strftime(stamp, sizeof(stamp), "%Y%m%dT%H%M%SZ", &utc);
	for (i = 2; i < 1000; i++) {
		if (snprintf(name, PATH_MAX, "%s.set-aside-%s%s", path, stamp, more) >= PATH_MAX)
			return -ENAMETOOLONG;
		if (lstat(name, &status))
			return errno == ENOENT ? 0 : -errno;
		snprintf(more, sizeof(more), "-%u", i);
	}
	return -EEXIST;
}

static int set_aside(const struct output *output, void (*say)(void *context, const char *sentence),
		     void *context)
{
	char name[PATH_MAX], sentence[PATH_MAX * 2 + 128];
	int error = name_aside(output->path, name);

	if (error)
		return error;
	if (rename(output->path, name))
		return -errno;
	snprintf(sentence, sizeof(sentence), "%s %s: it is now %s", output->path,
		 output->format == CONFIG_JSON ? "is no document of netacct or of the Python tool"
					       : "does not hold lines of netacct",
		 name);
	say(context, sentence);
	return 0;
}

/* Is it empty, or does it begin as a line of ours does? */
static int has_lines(const char *path)
{
	_cleanup_close_ int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	char begin[sizeof(LINE_BEGIN) - 1];
	ssize_t length;

	if (fd < 0)
		return -errno;
	length = read(fd, begin, sizeof(begin));
	if (length < 0)
		return -errno;
	return !memcmp(begin, LINE_BEGIN, (size_t)length);
}

static int adopt(struct adoption *adoption)
{
	_cleanup_json_ struct json_object *document = NULL;
	const struct output *output = adoption->output;
	int error = 0;

	if (output->format == CONFIG_NDJSON) {
		error = has_lines(output->path);
		if (error)
			return error < 0 ? error : 0;
	}
	error = file_document(output->path, &document);
	if (!error && !file_sources(document) &&
	    !json_object_object_get_ex(document, "sources", NULL))
		error = -EINVAL;
	if (!error)
		error = adopt_document(adoption, document);
	/* its totals go on, but no line fits in there */
	return !error && output->format == CONFIG_NDJSON ? -EINVAL : error;
}

int files_adopt(struct files *files, const struct output *output,
		void (*say)(void *context, const char *sentence), void *context,
		struct config_error *why)
{
	struct adoption adoption = {.files = files, .output = output};
	int error;

	if (files_refuse(output->path))
		return 0; /* files_write() says so */
	error = adopt(&adoption);
	if (error == -EINVAL)
		error = set_aside(output, say, context);
	if (!error || error == -ENOENT || error == -ENOTDIR)
		return 0;
	snprintf(why->text, sizeof(why->text), "%.300s: %.200s", output->path,
		 adoption.why.text[0] ? adoption.why.text : strerror(-error));
	return error;
}
