// SPDX-License-Identifier: GPL-2.0-or-later
#define _GNU_SOURCE 1
#include "crash.h"

#include <errno.h>
#include <json-c/json.h>
#include <string.h>

#include <netacct/cleanup.h>

#include "dump.h"
#include "harness.h"

static const int errors[] = {ENOMEM, EPERM, EBUSY, EINTR, ENOSPC};

void stage_make(struct stage *stage)
{
	memset(stage, 0, sizeof(*stage));
	pair_make(&stage->pair, 0);
	strays_begin(&stage->strays);
	stage->clean = state_text("right", "v1");
}

void stage_settle(struct stage *stage)
{
	free(stage->clean);
	stage->clean = state_text("right", "v1");
	free(stage->strays.items);
	objects_clear(&stage->strays.before);
	strays_begin(&stage->strays);
}

void stage_clear(struct stage *stage)
{
	run_clear(&stage->run);
	books_clear(&stage->books);
	free(stage->clean);
	pair_close(&stage->pair);
}

void stage_expect_clean(const struct stage *stage, const char *when)
{
	expect_state(when, stage->clean, "right", "v1");
}

void stage_expect_tidy(void)
{
	_cleanup_run_ struct run run = {0};

	tool_run(&run, ARGUMENTS("cleanup", "--dry-run"));
	CHECK(!run.status && !run.out_size,
	      "expected nothing to clean up; exit status %d, stdout \"%s\", stderr \"%s\"",
	      run.status, run.out, run.err);
}

/* Lines that are no warnings. */
static unsigned int error_lines(const char *text)
{
	unsigned int lines = 0;

	for (const char *end; (end = strchr(text, '\n')); text = end + 1) {
		const char *warning = strstr(text, ": warning: ");

		lines += !warning || warning > end;
	}
	return lines;
}

void stage_expect_word(const struct stage *stage)
{
	if (stage->run.status == 0)
		return;
	CHECK(stage->run.status == 1, "expected exit status 0 or 1, got %d; stderr: %s",
	      stage->run.status, stage->run.err);
	CHECK(error_lines(stage->run.err) == 1 && !strncmp(stage->run.err, "netacct: ", 9),
	      "expected one line that says why, got \"%s\"", stage->run.err);
}

bool stage_unwritten(const struct stage *stage)
{
	return stage->injection.action == INJECT_ERROR && !strcmp(stage->injection.call, "write");
}

void stage_traffic(struct stage *stage)
{
	sender_flows(&stage->pair.in, &packet_datagram, 5);
	sender_flows(&stage->pair.out, &packet_datagram, 3);
}

static const char *action_word(const struct injection *injection)
{
	switch (injection->action) {
	case INJECT_KILL_BEFORE:
		return "killed before";
	case INJECT_KILL_AFTER:
		return "killed after";
	default:
		return strerrorname_np(injection->error);
	}
}

static void play_once(struct stage *stage, unsigned int point, enum inject_action action, int error)
{
	struct injection *injection = &stage->injection;
	char where[160];

	context("before call %u", point);
	stage->scene->set(stage);
	run_clear(&stage->run);
	*injection = (struct injection){.action = action, .point = point, .error = error};
	inject_run(injection, &stage->run, stage->scene->argv);
	if (!injection->reached)
		injection->action = INJECT_NOTHING;
	context("%s, %s call %u, %s", stage->scene->argv[0], action_word(injection), point,
		injection->call);
	stage->scene->judge(stage);
	snprintf(where, sizeof(where), "%s call %u, %s", action_word(injection), point,
		 injection->call);
	strays_note(&stage->strays, where);
}

/* How many runs it were. */
static unsigned int play_point(struct stage *stage, unsigned int point, bool changes)
{
	unsigned int runs = 0;

	if (stage->kill) {
		if (!changes || inject_all())
			play_once(stage, point, INJECT_KILL_BEFORE, 0), runs++;
		if (changes)
			play_once(stage, point, INJECT_KILL_AFTER, 0), runs++;
		return runs;
	}
	for (unsigned int i = 0; i < ARRAY_SIZE(errors); i++)
		if (inject_all() || i == point / stage->scene->step % ARRAY_SIZE(errors))
			play_once(stage, point, INJECT_ERROR, errors[i]), runs++;
	return runs;
}

static void play(struct stage *stage)
{
	unsigned int step = stage->scene->step * (slow() ? 10 : 1), point = 0, points = 0, runs = 0;
	_cleanup_inject_points_ struct inject_points all = {0};

	context("%s, unbroken", stage->scene->argv[0]);
	stage->scene->set(stage);
	run_clear(&stage->run);
	stage->injection = (struct injection){.action = INJECT_NOTHING};
	inject_count(&all, &stage->run, stage->scene->argv);
	stage->scene->judge(stage);
	while ((point = inject_next(&all, point, stage->kill && !slow(), step)) > 0) {
		runs += play_point(stage, point, point <= all.count && all.changes[point - 1]);
		points++;
	}
	context("%s", stage->scene->argv[0]);
	if (stage->scene->end)
		stage->scene->end(stage);
	remark("%s: %s at %u of %u system calls, %u runs", stage->scene->argv[0],
	       stage->kill ? "killed" : "errors", points, all.count, runs);
	strays_end(&stage->strays);
	context("%s", "");
}

void stage_kill(struct stage *stage, const struct scene *scene)
{
	stage->scene = scene;
	stage->kill = true;
	play(stage);
}

void stage_err(struct stage *stage, const struct scene *scene)
{
	stage->scene = scene;
	stage->kill = false;
	play(stage);
}

static bool known(const struct books *books, uint64_t generation)
{
	for (unsigned int i = 0; i < books->count; i++)
		if (books->generations[i] == generation)
			return true;
	return false;
}

/* The source of the pair's meter in what a drain printed; NULL: not whole, or not in it. */
static struct json_object *find_source(struct json_object *document)
{
	struct json_object *sources = NULL;

	if (!json_object_is_type(document, json_type_object) ||
	    !json_object_object_get_ex(document, "sources", &sources) ||
	    !json_object_array_length(sources))
		return NULL;
	return json_object_array_get_idx(sources, 0);
}

bool books_take(struct books *books, const char *text)
{
	_cleanup_dump_ struct dump dump = {text ? json_tokener_parse(text) : NULL};
	struct json_object *source = find_source(dump.root);
	_cleanup_ledger_ struct ledger part = {0};
	uint64_t generation, *grown;

	if (!source)
		return false;
	generation = json_number(source, "metadata.generation");
	if (known(books, generation))
		return true;
	grown = realloc(books->generations, (books->count + 1) * sizeof(*grown));
	CHECK(grown, "out of memory");
	grown[books->count++] = generation;
	books->generations = grown;
	json_flows(source, &part);
	ledger_merge(&books->total, &part);
	return true;
}

void books_clear(struct books *books)
{
	ledger_clear(&books->total);
	free(books->generations);
	memset(books, 0, sizeof(*books));
}

static void drain(struct books *books)
{
	_cleanup_run_ struct run run = {0};

	tool_run(&run, ARGUMENTS("drain", "-j", PAIR_ID));
	CHECK(!run.status && books_take(books, run.out),
	      "a later drain: exit status %d, stderr %s, stdout %.500s", run.status, run.err,
	      run.out);
}

void stage_expect_books(struct stage *stage)
{
	_cleanup_ledger_ struct ledger rest = {0}, wanted = {0};

	meter_settle(PAIR_ID, &stage->pair.ledger, &rest);
	expect_count("seen", &stage->pair.ledger.seen, &rest.seen);
	expect_balance(&rest);
	drain(&stage->books);
	drain(&stage->books);
	ledger_coarsen(&stage->pair.ledger, KEY_FLOW, &wanted);
	expect_flows(&wanted, &stage->books.total);
	netacct("verify");
}
