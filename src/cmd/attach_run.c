/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "attach_run.h"

#include <errno.h>
#include <netacct/cleanup.h>
#include <stdio.h>
#include <string.h>

#include "../meter/conflict.h"
#include "../output/human.h"
#include "../record/record.h"
#include "../source/sentence.h"
#include "cmd.h"
#include "message.h"
#include "pick.h"

#define COMMAND "attach"

void attach_failed(struct work *work, const char *what, const struct fault *fault)
{
	say_fault(COMMAND, what, fault);
	work->status = STATUS_FAILED;
}

static const char *ingress_words(const struct na_source *source)
{
	switch (source->ingress) {
	case NA_INGRESS_XDP_NATIVE:
		return "XDP (native)";
	case NA_INGRESS_XDP_GENERIC:
		return "XDP (generic)";
	}
	return source->hook == NA_HOOK_TCX ? "tcx" : "tc";
}

void attach_say(const struct meter *meter, const struct na_source *source, uint64_t bytes)
{
	char memory[HUMAN_BYTES_MAX + 1], id[sizeof(source->id) * 4];

	message_escape(source->id, id, sizeof(id));
	*human_bytes_write(memory, bytes) = '\0';
	printf("%s: %s ingress, %s egress, key %s, room for %u flows, %s in the kernel%s\n", id,
	       ingress_words(source), source->hook == NA_HOOK_TCX ? "tcx" : "tc",
	       key_kind_name((enum na_key_kind)meter->meta.key), meter->meta.max_flows, memory,
	       meter->meta.sources > 1 ? ", shared" : "");
	if (source->ingress == NA_INGRESS_XDP_GENERIC)
		message_warning(COMMAND, source->id,
				"generic XDP sees super-packets without their segment size: "
				"packets and bytes are not exact");
	else if (source->flags & NA_SOURCE_INEXACT)
		message_warning(
			COMMAND, source->id,
			"the device takes VLAN tags out before XDP: bytes of tagged packets "
			"are not exact");
}

static void say_other(const struct source *source, const struct na_source *other,
		      enum conflict_kind kind)
{
	if (kind == CONFLICT_PLACE)
		message_error(COMMAND, source->id,
			      "the meter %s is there already, %s ingress, programs %u and %u "
			      "(detach it first, or --replace)",
			      other->id, ingress_words(other), other->in.prog_id,
			      other->eg.prog_id);
	else if (kind == CONFLICT_DEPARTED)
		message_error(COMMAND, source->id,
			      "another source has this id, departed, its records wait for a drain: "
			      "drain it first, or give it another name with --tag");
	else
		message_error(COMMAND, source->id,
			      "another source has this id, in another namespace: tell them apart "
			      "with --tag");
}

static bool refused(struct work *work, const struct meter_list *list, struct source *source)
{
	struct conflict conflict = conflict_find(list->meters, list->count, source);
	const char *tag = work->request.tag;

	if (conflict.kind > CONFLICT_PLACE && tag &&
	    strcmp(tag, conflict_source(list->meters, &conflict)->tag) != 0) {
		conflict_add_tag(source, tag);
		conflict = conflict_find(list->meters, list->count, source);
	}
	if (!conflict.kind)
		return false;
	say_other(source, conflict_source(list->meters, &conflict), conflict.kind);
	work->status = STATUS_FAILED;
	return true;
}

static int find_group(const struct work *work, struct meter_list *list, struct meter **ret,
		      struct fault *fault)
{
	const char *group = work->settings.group;

	*ret = group ? conflict_group(list->meters, list->count, group) : NULL;
	return *ret ? meter_settings_match(*ret, &work->settings, fault) : 0;
}

static size_t attach_each(struct work *work, struct meter *meter, const struct source_list *list,
			  const bool *skip)
{
	_cleanup_visit_ struct visit visit = VISIT_NONE;
	uint64_t bytes = layout_memory(meter->maps);
	size_t attached = 0, i;

	for (i = 0; i < list->count; i++) {
		_cleanup_fault_ struct fault fault = {};
		uint32_t number;

		if (skip[i])
			continue;
		message_step("attaching %s", quote(list->sources[i].id).text);
		if (meter_attach_next(meter, &list->sources[i], &work->request, &visit, &number,
				      &fault)) {
			attach_failed(work, list->sources[i].id, &fault);
			continue;
		}
		if (fault.log)
			message_text("verifier", fault.log);
		attach_say(meter, &meter->sources[number], bytes);
		attached++;
	}
	return attached;
}

/* The sources of one argument onto one meter: a group's, or one made for them. */
static void attach_list(struct work *work, const char *what, struct source_list *list)
{
	_cleanup_meter_list_ struct meter_list meters = {};
	_cleanup_free_ bool *skip = calloc(list->count, sizeof(*skip));
	_cleanup_fault_ struct fault fault = {};
	struct meter made = METER_CLOSED, *meter = NULL;
	size_t left = 0, i;

	if (!skip)
		fault_set(&fault, -ENOMEM, "no memory");
	if (!skip || meter_list(&meters, &fault) || find_group(work, &meters, &meter, &fault)) {
		attach_failed(work, what, &fault);
		return;
	}
	for (i = 0; i < list->count; i++) {
		skip[i] = refused(work, &meters, &list->sources[i]);
		left += !skip[i];
	}
	if (!left)
		return;
	if (!meter)
		message_step("making a meter with room for %u sources and %u flows",
			     work->settings.sources, work->settings.max_flows);
	if (!meter && meter_create(work->root, &work->settings, &made, &fault)) {
		attach_failed(work, what, &fault);
		return;
	}
	work->request.fresh = !meter;
	if (!attach_each(work, meter ? meter : &made, list, skip) && !meter)
		meter_remove(work->root, &made, &fault);
	meter_close(&made);
}

static void attach_argument(struct work *work, const char *text)
{
	_cleanup_source_list_ struct source_list list = {};
	struct source_error why = {};
	struct source_name name;
	bool pattern;

	if (source_parse(text, work->netns, &name, &why)) {
		message_error(COMMAND, text, "%s", why.text);
		work->status = STATUS_USAGE;
		return;
	}
	if (source_resolve(&name, &list, &why)) {
		message_error(COMMAND, text, "%s", why.text);
		work->status = STATUS_FAILED;
		return;
	}
	if (why.text[0])
		message_warning(COMMAND, text, "%s", why.text);
	if (work->replace) {
		attach_replace(work, text, &list);
		return;
	}
	pattern = name.netns_is_pattern || name.interface_is_pattern;
	work->settings.sources = work->settings.group || pattern ? work->max_sources : 1;
	if (list.count > work->settings.sources) {
		message_error(COMMAND, text, "%zu sources match, --max-sources is %u", list.count,
			      work->settings.sources);
		work->status = STATUS_FAILED;
		return;
	}
	attach_list(work, text, &list);
}

int attach_run(struct work *work, const struct arguments *arguments)
{
	_cleanup_fault_ struct fault fault = {};
	size_t i;

	message_step("opening " PIN_ROOT);
	work->root = pin_root(true, &fault);
	if (work->root < 0 || pin_lock(&work->root, &fault)) {
		attach_failed(work, NULL, &fault);
		return work->status;
	}
	for (i = 0; i < arguments->count; i++)
		attach_argument(work, arguments->values[i]);
	pin_remove_root();
	return work->status;
}
