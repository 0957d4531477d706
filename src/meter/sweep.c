/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sweep.h"

#include <errno.h>
#include <fcntl.h>
#include <netacct/cleanup.h>
#include <string.h>

#include "attach.h"
#include "create.h"
#include "drain.h"
#include "hold.h"
#include "programs.h"
#include "read.h"
#include "slot.h"
#include "visit.h"

static void found(struct sweeper *sweeper, const char *where, const char *text)
{
	sweeper->found++;
	sweeper->say(sweeper->context, where, text);
}

static void failed(struct sweeper *sweeper, const char *where, const struct fault *fault)
{
	sweeper->failed++;
	sweeper->complain(sweeper->context, where, fault);
}

static void remove_directory(struct sweeper *sweeper, const char *name, const char *why)
{
	_cleanup_fault_ struct fault fault = {};

	if (!sweeper->wanted(sweeper->context, ""))
		return;
	found(sweeper, name, why);
	if (!sweeper->dry_run && pin_remove_directory(sweeper->root, name, &fault))
		failed(sweeper, name, &fault);
}

/* Why a source is to go; NULL: it is well, or not to be judged. */
static const char *source_trouble(struct meter *meter, uint32_t number)
{
	_cleanup_visit_ struct visit visit = VISIT_NONE;
	const struct na_source *source = &meter->sources[number];
	_cleanup_fault_ struct fault fault = {};
	struct hooks_state hooks = {};
	struct nl_error words = {};
	struct link link;
	int error;

	if (source->state == NA_SOURCE_ATTACHING)
		return "attach was interrupted";
	if (source->state == NA_SOURCE_DETACHING)
		return "detach was interrupted";
	if (source->state != NA_SOURCE_LIVE)
		return NULL;
	error = visit_begin(meter, number, &visit, &fault);
	if (error)
		return error == -ENOENT ? "its namespace is gone" : NULL;
	error = link_by_index(visit.site.nl, source->ifindex, &link, &words);
	if (error)
		return error == -ENODEV ? "its interface is gone" : NULL;
	if (hooks_query(&visit.site, &hooks, &fault) || hooks.in || hooks.eg)
		return NULL;
	return "its programs are gone";
}

/* A replacement that broke off goes to its end. */
static void finish_replacement(struct sweeper *sweeper, struct meter *meter, uint32_t number)
{
	const struct na_source *source = &meter->sources[number];
	_cleanup_fault_ struct fault fault = {};

	if (source->state != NA_SOURCE_LIVE || !source->next_in)
		return;
	found(sweeper, source->id, "a replacement of its programs was interrupted");
	if (!sweeper->dry_run && meter_replace_finish(meter, number, &fault))
		failed(sweeper, source->id, &fault);
}

/* Off the hooks; what it has counted stays until its last words are said. */
static void sweep_source(struct sweeper *sweeper, struct meter *meter, uint32_t number)
{
	const struct na_source *source = &meter->sources[number];
	_cleanup_fault_ struct fault fault = {};
	const char *trouble;
	bool attaching = source->state == NA_SOURCE_ATTACHING;
	int error;

	if (!source_used(source) || !sweeper->wanted(sweeper->context, source->id))
		return;
	trouble = source_trouble(meter, number);
	if (!trouble) {
		finish_replacement(sweeper, meter, number);
		return;
	}
	found(sweeper, source->id, trouble);
	if (sweeper->dry_run)
		return;
	error = meter_detach(meter, number, &fault);
	if (!error && attaching && !source->attached_at && !slot_counted(meter, number))
		error = meter_release(meter, number, &fault);
	if (error)
		failed(sweeper, meter->directory, &fault);
}

static bool counts(const struct meter *meter)
{
	uint32_t i;

	for (i = 0; i < meter->meta.sources; i++)
		if (source_counts(&meter->sources[i]))
			return true;
	return false;
}

static bool all_wanted(const struct sweeper *sweeper, const struct meter *meter)
{
	uint32_t i;

	for (i = 0; i < meter->meta.sources; i++)
		if (source_used(&meter->sources[i]) &&
		    !sweeper->wanted(sweeper->context, meter->sources[i].id))
			return false;
	return meter_sources_used(meter) || sweeper->wanted(sweeper->context, "");
}

/* A meter that nothing counts into any more: its totals are delivered, then it goes. */
static void remove_meter(struct sweeper *sweeper, struct meter *meter)
{
	_cleanup_fault_ struct fault fault = {};
	struct reading *readings = NULL;
	char name[PIN_NAME];
	size_t count = 0;
	int error, undelivered = 0;

	snprintf(name, sizeof(name), "%s", meter->directory);
	found(sweeper, name, "nothing counts into it any more");
	if (sweeper->dry_run)
		return;
	error = meter_read(meter, READ_WHOLE, &readings, &count, &fault);
	if (!error && count)
		undelivered = sweeper->last_words(sweeper->context, readings, count);
	readings_free(readings, count);
	if (undelivered)
		sweeper->failed++;
	else if (!error)
		error = meter_remove(sweeper->root, meter, &fault);
	if (error)
		failed(sweeper, name, &fault);
}

/* What a drain or an attach left half done inside a meter that lives on. */
static void tidy(struct sweeper *sweeper, struct meter *meter)
{
	_cleanup_fault_ struct fault fault = {};
	struct na_control control;
	int error = meter_control(meter, &control, &fault);

	if (!error && control.flags & NA_CTL_TAKEN)
		found(sweeper, meter->directory,
		      "a drain was interrupted before it had emptied its half");
	if (!error && !sweeper->dry_run)
		error = drain_recover(meter, &control, &fault);
	if (!error && !sweeper->dry_run)
		programs_drop_strays(meter);
	if (error)
		failed(sweeper, meter->directory, &fault);
}

static void sweep_meter(struct sweeper *sweeper, struct meter *meter)
{
	_cleanup_fault_ struct fault fault = {};
	struct hold_state hold = {};
	uint32_t i;

	if (hold_query(meter->uuid, &hold, &fault) || pin_lock_meter(meter->lock, &fault)) {
		failed(sweeper, meter->directory, &fault);
		return;
	}
	if (hold.held)
		return; /* the collector looks after its meters, sees what vanishes and keeps it */
	for (i = 0; i < meter->meta.sources; i++)
		sweep_source(sweeper, meter, i);
	if (!counts(meter) && all_wanted(sweeper, meter))
		remove_meter(sweeper, meter);
	else
		tidy(sweeper, meter);
}

static void sweep_directory(struct sweeper *sweeper, const char *name)
{
	_cleanup_fault_ struct fault fault = {};
	struct meter meter = METER_CLOSED;
	int error = meter_open(sweeper->root, name, &meter, &fault);

	if (error == -ENOENT) {
		remove_directory(sweeper, name, "pins are missing: its removal was interrupted");
	} else if (error) {
		failed(sweeper, name, &fault);
	} else {
		sweep_meter(sweeper, &meter);
		meter_close(&meter);
	}
}

/* A collector's hold whose meter has gone. */
static void sweep_hold(struct sweeper *sweeper, const char *name)
{
	char meter[PIN_NAME];

	snprintf(meter, sizeof(meter), "m-%s", name + strlen("c-"));
	if (faccessat(sweeper->root, meter, F_OK, AT_SYMLINK_NOFOLLOW) && errno == ENOENT)
		remove_directory(sweeper, name, "a collector held a meter that has gone");
}

static int sweep_each(struct sweeper *sweeper, const char *prefix,
		      void (*sweep)(struct sweeper *sweeper, const char *name), struct fault *fault)
{
	_cleanup_free_ char(*names)[PIN_NAME] = NULL;
	size_t count = 0, i;
	int error = pin_list(sweeper->root, prefix, &names, &count, fault);

	for (i = 0; i < count && !error; i++)
		sweep(sweeper, names[i]);
	return error;
}

static void sweep_unfinished(struct sweeper *sweeper, const char *name)
{
	remove_directory(sweeper, name, "an attach was interrupted while it pinned");
}

int sweep_meters(struct sweeper *sweeper, struct fault *fault)
{
	int error;

	if (sweeper->root < 0)
		return 0;
	error = sweep_each(sweeper, "n-", sweep_unfinished, fault);
	if (!error)
		error = sweep_each(sweeper, "m-", sweep_directory, fault);
	if (!error)
		error = sweep_each(sweeper, "c-", sweep_hold, fault);
	return error;
}
