/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pick.h"

#include <netacct/cleanup.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../meter/attach.h"
#include "cmd.h"
#include "message.h"

void say_fault(const char *command, const char *what, const struct fault *fault)
{
	bool denied = fault->error == -EPERM || fault->error == -EACCES;

	if (denied && geteuid() != 0)
		message_error(command, what, "%s (netacct %s needs root)", fault->text, command);
	else
		message_error(command, what, "%s", fault->text);
	if (fault->log)
		message_text("verifier", fault->log);
}

void meter_title(const struct meter *meter, char title[static METER_TITLE])
{
	const char *id = meter->directory;
	uint32_t i;

	for (i = 0; i < meter->meta.sources; i++)
		if (source_used(&meter->sources[i])) {
			id = meter->sources[i].id;
			break;
		}
	if (meter->meta.group[0])
		snprintf(title, METER_TITLE, "%s (group %s)", id, meter->meta.group);
	else
		snprintf(title, METER_TITLE, "%s", id);
}

void say_meter_fault(const char *command, const struct meter *meter, const struct fault *fault)
{
	char title[METER_TITLE];

	meter_title(meter, title);
	say_fault(command, title, fault);
}

void picked_clear(struct picked *picked)
{
	size_t i;

	for (i = 0; picked->sources && i < picked->list.count; i++)
		free(picked->sources[i]);
	free(picked->sources);
	meter_list_clear(&picked->list);
	picked->sources = NULL;
}

bool picked_meter(const struct picked *picked, size_t meter)
{
	uint32_t i;

	for (i = 0; i < picked->list.meters[meter].meta.sources; i++)
		if (picked->sources[meter][i])
			return true;
	return false;
}

static bool named(const struct na_source *source, const char *text)
{
	return !strcmp(source->id, text) || (source->tag[0] && !strcmp(source->tag, text));
}

/* By its UUID, as its directory is called, or by the name of the group. */
static bool meter_named(const struct meter *meter, const char *text)
{
	return !strcmp(meter->uuid, text) || !strcmp(meter->directory, text) ||
	       (meter->meta.group[0] && !strcmp(meter->meta.group, text));
}

/* Marks what answers to an id, a tag, or the name of a meter. */
static size_t mark_by_name(struct picked *picked, const char *text)
{
	size_t marked = 0, i;
	uint32_t j;

	for (i = 0; i < picked->list.count; i++) {
		const struct meter *meter = &picked->list.meters[i];
		bool whole = meter_named(meter, text);

		for (j = 0; j < meter->meta.sources; j++) {
			if (!source_used(&meter->sources[j]) ||
			    (!whole && !named(&meter->sources[j], text)))
				continue;
			picked->sources[i][j] = true;
			marked++;
		}
	}
	return marked;
}

static size_t mark_source(struct picked *picked, const struct source *source)
{
	size_t marked = 0, i;
	uint32_t j;

	for (i = 0; i < picked->list.count; i++) {
		const struct meter *meter = &picked->list.meters[i];

		for (j = 0; j < meter->meta.sources; j++) {
			if (!source_is(&meter->sources[j], &source->netns, source->link.ifindex))
				continue;
			picked->sources[i][j] = true;
			marked++;
		}
	}
	return marked;
}

/* The interface has gone, its meter has not: found by the names it had. */
static size_t mark_gone(struct picked *picked, const struct source_name *name)
{
	char id[sizeof(name->netns) + sizeof(name->interface) + 2];

	if (name->place != SOURCE_OWN && name->place != SOURCE_NAME)
		return 0;
	snprintf(id, sizeof(id), "%s--%s", name->place == SOURCE_OWN ? "host" : name->netns,
		 name->interface);
	return mark_by_name(picked, id);
}

static int mark_by_source(const char *command, struct picked *picked, const char *text,
			  const char *netns)
{
	_cleanup_source_list_ struct source_list list = {};
	struct source_error why = {};
	struct source_name name;
	size_t marked = 0, i;

	if (source_parse(text, netns, &name, &why)) {
		message_error(command, text, "%s", why.text);
		return STATUS_USAGE;
	}
	if (source_resolve(&name, &list, &why)) {
		if (mark_gone(picked, &name))
			return STATUS_DONE;
		message_error(command, text, "no meter, and no source: %s", why.text);
		return STATUS_FAILED;
	}
	for (i = 0; i < list.count; i++)
		marked += mark_source(picked, &list.sources[i]);
	if (marked)
		return STATUS_DONE;
	message_error(command, text, "no meter is attached there");
	return STATUS_FAILED;
}

static int allocate(struct picked *picked)
{
	size_t i;

	picked->sources = calloc(picked->list.count + 1, sizeof(*picked->sources));
	for (i = 0; picked->sources && i < picked->list.count; i++) {
		picked->sources[i] = calloc(picked->list.meters[i].meta.sources, sizeof(bool));
		if (!picked->sources[i])
			return -ENOMEM;
	}
	return picked->sources ? 0 : -ENOMEM;
}

static void mark_all(struct picked *picked)
{
	size_t i;
	uint32_t j;

	for (i = 0; i < picked->list.count; i++)
		for (j = 0; j < picked->list.meters[i].meta.sources; j++)
			picked->sources[i][j] = source_used(&picked->list.meters[i].sources[j]);
}

static int open_all(const char *command, struct picked *picked)
{
	_cleanup_fault_ struct fault fault = {};
	int error = meter_list(&picked->list, &fault);

	if (error) {
		say_fault(command, NULL, &fault);
		return STATUS_FAILED;
	}
	error = allocate(picked);
	if (error)
		message_errno(command, NULL, error, NULL);
	return error ? STATUS_FAILED : STATUS_DONE;
}

static bool nothing(const struct picked *picked)
{
	size_t i;

	for (i = 0; i < picked->list.count; i++)
		if (picked_meter(picked, i))
			return false;
	return true;
}

int pick_meters(const char *command, const struct arguments *arguments, const char *netns,
		struct picked *ret)
{
	_cleanup_picked_ struct picked picked = {};
	int status, one;
	size_t i;

	if (netns && !arguments->count) {
		message_error(command, "--netns",
			      "names the namespace of a METER, and there is none");
		return STATUS_USAGE;
	}
	message_step("opening the pinned meters");
	status = open_all(command, &picked);
	if (status == STATUS_DONE && !arguments->count)
		mark_all(&picked);
	if (picked.list.broken && !arguments->count) {
		say_fault(command, picked.list.broken_name, &picked.list.fault);
		picked.incomplete = true;
	}
	for (i = 0; status == STATUS_DONE && i < arguments->count; i++) {
		if (!netns && mark_by_name(&picked, arguments->values[i]))
			continue;
		one = mark_by_source(command, &picked, arguments->values[i], netns);
		if (one == STATUS_USAGE)
			status = one;
		else if (one != STATUS_DONE)
			picked.incomplete = true;
	}
	if (status == STATUS_DONE && picked.incomplete && arguments->count && nothing(&picked))
		status = STATUS_FAILED;
	if (status == STATUS_DONE) {
		*ret = picked;
		picked = (struct picked){};
	}
	return status;
}
