// SPDX-License-Identifier: GPL-2.0-or-later
#include "rows.h"

#include <errno.h>
#include <netacct/cleanup.h>

#include "../record/crew.h"
#include "turn.h"

#define THREADS_MAX 4
/* Of a part's text: a long one is handed over in pieces, under the turn. */
#define TEXT_SIZE (BUFFER_SIZE * 12)

/* What the threads share. */
struct crew {
	const struct reading *reading;
	const struct record_form *form;
	const struct column_context *context;
	struct summary *summary; /* of a stream; NULL: not wanted */
	struct summary_addresses addresses;
	FILE *file;
	size_t parts, next; /* how many, and which one is taken next */
	bool begun; /* under the turn: a row has been written */
	struct turn turn;
};

struct worker {
	struct crew *crew;
	bool running;
	pthread_t thread;
	struct summary summary;
	struct column_context context;
	size_t part, used;
	struct flow_record records[STREAM_PART];
	char text[TEXT_SIZE];
};

static size_t threads_for(const struct rendering *rendering, size_t parts)
{
	size_t threads = rendering->options->threads;

	if (!threads)
		threads = crew_size(THREADS_MAX);
	if (threads > parts)
		threads = parts;
	return threads ? threads : 1;
}

/* Writes what the worker has, as soon as all parts before its own are written. */
static int deliver(struct worker *worker)
{
	const struct reading *reading = worker->crew->reading;
	struct crew *crew = worker->crew;
	const char *text = worker->text;
	size_t length = worker->used;
	int err = turn_wait(&crew->turn, worker->part);

	if (!err && reading->stream)
		err = reading->stream->check(reading->stream);
	if (err || !length)
		return err;
	if (!crew->begun) {
		text += crew->form->joint;
		length -= crew->form->joint;
		crew->begun = true;
	}
	errno = 0;
	worker->used = 0;
	return fwrite(text, 1, length, crew->file) == length ? 0 : negative_errno();
}

static int write_part(struct worker *worker, const struct flow_record *records, size_t count)
{
	const struct record_form *form = worker->crew->form;
	size_t i, room = record_form_room(form);
	char *out;
	int err;

	for (i = 0; i < count; i++) {
		if (TEXT_SIZE - worker->used < room) {
			err = deliver(worker);
			if (err)
				return err;
		}
		out = worker->text + worker->used;
		out = record_form_write(form, &worker->context, &records[i], out);
		worker->used = (size_t)(out - worker->text);
	}
	return deliver(worker);
}

static int do_part(struct worker *worker)
{
	const struct reading *reading = worker->crew->reading;
	size_t first = worker->part * STREAM_PART, count;
	int err = 0;

	if (!reading->stream) {
		count = reading->shown - first;
		return write_part(worker, reading->records + first,
				  count < STREAM_PART ? count : STREAM_PART);
	}
	count = reading->stream->read(reading->stream, worker->part, worker->records);
	if (worker->crew->summary)
		err = summary_add(&worker->summary, &worker->crew->addresses, worker->records,
				  count);
	return err ? err : write_part(worker, worker->records, count);
}

static void *work(void *argument)
{
	struct worker *worker = argument;
	struct crew *crew = worker->crew;
	int err = 0;

	while (!err && !turn_error(&crew->turn)) {
		worker->part = __atomic_fetch_add(&crew->next, 1, __ATOMIC_RELAXED);
		if (worker->part >= crew->parts)
			break;
		err = do_part(worker);
		if (err)
			turn_fail(&crew->turn, err);
		else
			turn_pass(&crew->turn);
	}
	return NULL;
}

static struct worker *worker_new(struct crew *crew)
{
	/* no calloc(): the rest is touched as it is used */
	struct worker *worker = malloc(sizeof(*worker));

	if (!worker)
		return NULL;
	worker->crew = crew;
	worker->running = false;
	worker->summary = (struct summary){0};
	worker->context = *crew->context;
	worker->used = 0;
	return worker;
}

/* The caller is the first of them; it does alone what no thread can be had for. */
static int run(struct crew *crew, size_t threads)
{
	struct worker *workers[THREADS_MAX] = {NULL};
	size_t i, count;

	for (count = 0; count < threads && count < THREADS_MAX; count++) {
		workers[count] = worker_new(crew);
		if (!workers[count])
			break;
		workers[count]->running =
			count && crew_start(&workers[count]->thread, work, workers[count]);
	}
	if (!count)
		return -ENOMEM;
	work(workers[0]);
	for (i = 0; i < count; i++) {
		if (workers[i]->running)
			pthread_join(workers[i]->thread, NULL);
		if (crew->summary)
			summary_merge(crew->summary, &workers[i]->summary);
		free(workers[i]);
	}
	return turn_error(&crew->turn);
}

static int write_by_crew(const struct rendering *rendering, struct crew *crew)
{
	int err = buffer_hand_over(rendering->buffer);

	if (!err && crew->summary)
		err = summary_addresses_init(&crew->addresses, crew->reading->key,
					     crew->reading->stream->room);
	if (err)
		return err;
	turn_init(&crew->turn);
	err = run(crew, threads_for(rendering, crew->parts));
	turn_clear(&crew->turn);
	summary_addresses_clear(&crew->addresses);
	return err;
}

/* Alone, straight into the buffer. */
static void write_array(struct buffer *buffer, const struct reading *reading,
			const struct record_form *form, struct column_context *context)
{
	size_t i, room = record_form_room(form), joint = form->joint;
	char *row, *end;

	for (i = 0; i < reading->shown; i++) {
		row = buffer_reserve(buffer, room);
		end = record_form_write(form, context, &reading->records[i], row);
		if (!i && joint) {
			memmove(row, row + joint, (size_t)(end - row) - joint);
			end -= joint;
		}
		buffer_commit(buffer, end);
	}
}

int rows_write(const struct rendering *rendering, const struct reading *reading,
	       const struct record_form *form, struct summary *summary)
{
	struct column_context context;
	struct crew crew = {.reading = reading,
			    .form = form,
			    .context = &context,
			    .file = rendering->buffer->file,
			    .parts = (reading->shown + STREAM_PART - 1) / STREAM_PART};

	if (record_form_room(form) > BUFFER_SIZE)
		return -EMSGSIZE;
	column_context_init(&context, reading, rendering->services);
	if (reading->stream) {
		crew.parts = reading->stream->parts;
		crew.summary = summary;
	}
	if (reading->stream || threads_for(rendering, crew.parts) > 1)
		return write_by_crew(rendering, &crew);
	write_array(rendering->buffer, reading, form, &context);
	return 0;
}
