/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "files.h"

#include <errno.h>
#include <grp.h>
#include <netacct/cleanup.h>
#include <string.h>

#include "../meter/clock.h"
#include "files_state.h"

#define GROUP "netacct"

struct cumulative *files_find(struct files *files, size_t instance, const char *id)
{
	size_t i;

	for (i = 0; i < files->count; i++)
		if (files->sources[i].instance == instance &&
		    !strcmp(files->sources[i].reading.id, id))
			return &files->sources[i];
	return NULL;
}

static void cumulative_clear(struct cumulative *source)
{
	reading_clear(&source->reading);
	record_table_free(source->table);
	record_table_free(source->delta);
}

static uint32_t second_of(const struct reading *reading, uint32_t ticks)
{
	uint64_t half = reading->time_base.hz
				? (NANOSECONDS << NA_TICK_SHIFT) / reading->time_base.hz / 2
				: 0;

	return (uint32_t)((time_base_wall(&reading->time_base, ticks) + half + NANOSECONDS / 2) /
			  NANOSECONDS);
}

/* What the book holds, into the table; a book without it: `since` is now. */
static int load(struct files *files, struct cumulative *source, const char *book, bool *ret_known,
		struct history_error *why)
{
	_cleanup_history_totals_ struct history_totals totals = {};
	struct flow_record other = {};
	size_t i;
	int error = history_book(files->history, book, source->reading.id, &totals, why);

	for (i = 0; i < totals.count && !error; i++) {
		/* of a file, or of a meter with another key */
		key_coarsen(&totals.totals[i].record.key, source->reading.key);
		error = record_table_merge(source->table, &totals.totals[i].record);
	}
	if (error)
		return error;
	source->reading.read_at = clock_realtime();
	source->reading.since =
		totals.known ? (uint64_t)totals.since * NANOSECONDS : clock_realtime();
	*ret_known = totals.known;
	other.rx = totals.other[NA_RX];
	other.tx = totals.other[NA_TX];
	if (!other.rx.packets && !other.tx.packets && !other.rx.bytes && !other.tx.bytes)
		return 0;
	other.first_seen = other.last_seen = (uint32_t)totals.since;
	return record_table_merge(source->table, &other);
}

int files_begin(struct files *files, size_t instance, const char *id, struct cumulative **ret,
		bool *ret_known, struct history_error *why)
{
	const struct config_instance *settings = &files->config->instances[instance];
	struct cumulative *grown =
		reallocarray(files->sources, files->count + 1, sizeof(*files->sources));
	struct cumulative *source;
	int error;

	if (!grown)
		return -ENOMEM;
	files->sources = grown;
	source = &grown[files->count];
	*source = (struct cumulative){.instance = instance};
	source->reading.id = strdup(id);
	source->reading.key = settings->key;
	error = source->reading.id ? record_table_new(&source->table, 0) : -ENOMEM;
	if (!error && settings->output_file && settings->output_format == CONFIG_NDJSON)
		error = record_table_new(&source->delta, 0);
	if (!error)
		error = load(files, source, settings->name, ret_known, why);
	if (error) {
		cumulative_clear(source);
		return error;
	}
	files->count++;
	*ret = source;
	return 0;
}

static int merge(struct record_table *table, const struct reading *reading, size_t max)
{
	size_t i;
	int error = 0;

	for (i = 0; i < reading->count && !error; i++) {
		struct flow_record record = reading->records[i];

		record.key.what &= (1u << NA_WHAT_OWNER_SHIFT) - 1;
		record.first_seen = second_of(reading, record.first_seen);
		record.last_seen = second_of(reading, record.last_seen);
		error = record_table_merge_bounded(table, &record, max);
	}
	return error;
}

/* NULL for NULL; else a copy, or NULL and *error. */
static char *copy(const char *text, int *error)
{
	char *made = text ? strdup(text) : NULL;

	if (text && !made)
		*error = -ENOMEM;
	return made;
}

/* The drain's reading in the place of the last one; the buckets of another meter go to `earlier`.
 */
static int describe(struct cumulative *source, const struct reading *reading)
{
	struct reading old = source->reading, *new = &source->reading;
	/* one that was read back from a file has whole seconds */
	bool same = !strcmp(old.uuid, reading->uuid) &&
		    old.attached_at / NANOSECONDS == reading->attached_at / NANOSECONDS;
	int error = 0;

	*new = *reading;
	new->records = NULL;
	new->count = new->shown = 0;
	new->since = old.since;
	memcpy(new->earlier, old.earlier, sizeof(old.earlier));
	if (!same)
		files_add_buckets(new->earlier, old.balance.bucket);
	new->id = copy(reading->id, &error);
	new->tag = copy(reading->tag, &error);
	new->interface = copy(reading->interface, &error);
	new->namespace = copy(reading->namespace, &error);
	new->cgroup = copy(reading->cgroup, &error);
	if (error) {
		reading_clear(new);
		*new = old;
		return error;
	}
	old.records = NULL;
	reading_clear(&old);
	source->begun = true;
	return 0;
}

static int add(struct files *files, size_t instance, const struct reading *reading)
{
	size_t max = files->config->history_settings.max_totals;
	struct cumulative *source = files_find(files, instance, reading->id);
	struct history_error why = {};
	bool fresh = !source, known = false;
	int error = 0;

	/* the history has this drain already: what it gives of a new source is all there is */
	if (fresh)
		error = files_begin(files, instance, reading->id, &source, &known, &why);
	if (!error && !(fresh && known))
		error = merge(source->table, reading, max ? max : SIZE_MAX);
	if (!error && source->delta) {
		/* what could not be written piles up: not without bounds */
		bool behind = record_table_count(source->delta);

		if (!behind)
			source->delta_since = reading->since;
		error = merge(source->delta, reading, behind && max ? max : SIZE_MAX);
	}
	return error ? error : describe(source, reading);
}

int files_add(struct files *files, size_t instance, const struct reading *readings, size_t count)
{
	size_t i;
	int error = 0;

	for (i = 0; i < count && !error; i++)
		error = add(files, instance, &readings[i]);
	return error;
}

/* Instances may share a path; the first one's format is that of all (config.h). */
static int list_outputs(struct files *files)
{
	const struct config *config = files->config;
	/* asked once: a directory service that does not answer must not hold up each drain */
	const struct group *group = getgrnam(GROUP);
	size_t i, j;

	files->outputs = calloc(config->count + 1, sizeof(*files->outputs));
	if (!files->outputs)
		return -ENOMEM;
	for (i = 0; i < config->count; i++) {
		const struct config_instance *instance = &config->instances[i];

		if (!instance->output_file)
			continue;
		for (j = 0; j < files->output_count; j++)
			if (!strcmp(files->outputs[j].path, instance->output_file))
				break;
		if (j < files->output_count)
			continue;
		files->outputs[files->output_count++] =
			(struct output){.path = instance->output_file,
					.format = instance->output_format,
					.group = group ? group->gr_gid : (gid_t)-1};
	}
	return 0;
}

static int load_book(struct files *files, size_t instance, struct history_error *why)
{
	struct cumulative *source;
	char **ids = NULL;
	size_t count = 0, i;
	bool known;
	int error = history_book_ids(files->history, files->config->instances[instance].name, &ids,
				     &count, why);

	for (i = 0; i < count; i++) {
		if (!error)
			error = files_begin(files, instance, ids[i], &source, &known, why);
		free(ids[i]);
	}
	free(ids);
	return error;
}

int files_open(const struct config *config, struct history *history,
	       void (*say)(void *context, const char *sentence), void *context, struct files **ret,
	       struct config_error *why)
{
	_cleanup_files_ struct files *files = calloc(1, sizeof(*files));
	struct history_error trouble = {};
	size_t i;
	int error = files ? 0 : -ENOMEM;

	if (!error) {
		files->config = config;
		files->history = history;
		error = list_outputs(files);
	}
	for (i = 0; i < config->count && !error; i++)
		error = load_book(files, i, &trouble);
	if (error) {
		snprintf(why->text, sizeof(why->text), "%s",
			 trouble.text[0] ? trouble.text : strerror(-error));
		return error;
	}
	for (i = 0; i < files->output_count && !error; i++)
		error = files_adopt(files, &files->outputs[i], say, context, why);
	if (!error)
		*ret = TAKE_PTR(files);
	return error;
}

void files_close(struct files *files)
{
	size_t i;

	if (!files)
		return;
	for (i = 0; i < files->count; i++)
		cumulative_clear(&files->sources[i]);
	for (i = 0; i < files->output_count; i++)
		if (files->outputs[i].stream)
			fclose(files->outputs[i].stream);
	free(files->shown);
	free(files->sources);
	free(files->outputs);
	free(files);
}
