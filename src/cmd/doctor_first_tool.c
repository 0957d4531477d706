/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <netacct/cleanup.h>
#include <string.h>

#include "../meter/first_tool.h"
#include "doctor.h"
#include "survey_output.h"

#define ROW "first-tool"
#define WORD 80

struct search {
	struct probes *probes;
	struct first_tool_object *objects; /* owned */
	size_t count;
	size_t rows;
};

static void cleanup_search(struct search *search)
{
	free(search->objects);
}
#define _cleanup_search_ __attribute__((cleanup(cleanup_search)))

void doctor_shell_word(const char *text, char *word, size_t size)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789_./:@%+=-";
	char *out = word, *end = word + size - 5; /* the longest step, ' and NUL */

	if (text[0] && text[0] != '-' && !text[strspn(text, plain)]) {
		snprintf(word, size, "%s", text);
		return;
	}
	*out++ = '\'';
	for (; *text && out < end; text++) {
		if (*text == '\'') {
			memcpy(out, "'\\'", 3);
			out += 3;
		}
		*out++ = *text;
	}
	*out++ = '\'';
	*out = '\0';
}

/* "ip netns exec blue ", or what else leads there. */
static void way_in(const struct netns *netns, char *text, size_t size)
{
	char word[320];

	text[0] = '\0';
	if (netns->own)
		return;
	doctor_shell_word(netns->name[0] ? netns->name : netns->path, word, sizeof(word));
	snprintf(text, size, netns->name[0] ? "ip netns exec %s " : "nsenter --net=%s ", word);
}

static bool is_theirs(const struct search *search, const struct survey_program *program)
{
	return first_tool_program_name(program->name) ||
	       (program->id && first_tool_has(search->objects, search->count, program->id));
}

static struct probe *add_row(struct search *search)
{
	search->rows++;
	return probe_add(search->probes, ROW, false);
}

static void add_filter(struct search *search, const struct netns *netns, const struct link *link,
		       enum filter_side side, const struct filter *filter)
{
	struct probe *probe = add_row(search);
	char way[400], device[WORD];

	way_in(netns, way, sizeof(way));
	doctor_shell_word(link->name, device, sizeof(device));
	probe_say(probe, PROBE_NOTE, "its filter %s (program %u) is on %s of %s%s%s",
		  filter->name[0] ? filter->name : "without a name", filter->prog_id,
		  survey_side(side), netns->name, netns->name[0] ? "/" : "", link->name);
	probe_advise(probe, "%stc filter del dev %s %s pref %u handle 0x%x bpf", way, device,
		     survey_side(side), filter->priority, filter->handle);
}

static void add_xdp(struct search *search, const struct netns *netns,
		    const struct survey_interface *interface)
{
	struct probe *probe = add_row(search);
	char way[400], device[WORD];

	way_in(netns, way, sizeof(way));
	doctor_shell_word(interface->link.name, device, sizeof(device));
	probe_say(probe, PROBE_NOTE, "its XDP program %s (%u, %s) is on %s%s%s",
		  interface->xdp.name, interface->xdp.id, survey_xdp_mode(interface), netns->name,
		  netns->name[0] ? "/" : "", interface->link.name);
	probe_advise(probe, "%sip link set dev %s %s off", way, device,
		     interface->xdp_mode == SURVEY_XDP_NATIVE	 ? "xdpdrv"
		     : interface->xdp_mode == SURVEY_XDP_GENERIC ? "xdpgeneric"
								 : "xdpoffload");
}

static void search_interface(struct search *search, const struct netns *netns,
			     const struct survey_interface *interface)
{
	enum filter_side side;
	size_t i;

	if (interface->xdp.id && is_theirs(search, &interface->xdp))
		add_xdp(search, netns, interface);
	for (side = FILTER_INGRESS; side <= FILTER_EGRESS; side++) {
		const struct survey_filters *tc = &interface->tc[side];

		for (i = 0; i < tc->count; i++)
			if (first_tool_filter_name(tc->filters[i].name) ||
			    is_theirs(search, &tc->programs[i]))
				add_filter(search, netns, &interface->link, side, &tc->filters[i]);
	}
}

/* All programs, or all maps, in one row. */
static void add_objects(struct search *search, enum first_tool_kind kind)
{
	const char *word = kind == FIRST_TOOL_MAP ? "map" : "prog";
	const struct first_tool_object *first = NULL;
	char list[400] = "";
	struct probe *probe;
	size_t i;

	for (i = 0; i < search->count; i++) {
		const struct first_tool_object *object = &search->objects[i];
		size_t length = strlen(list);

		if (object->kind != kind)
			continue;
		first = first ? first : object;
		snprintf(list + length, sizeof(list) - length, "%s%s (%u)", length ? ", " : "",
			 object->name, object->id);
	}
	if (!first)
		return;
	probe = add_row(search);
	probe_say(probe, PROBE_NOTE, "its %s are in the kernel: %s",
		  kind == FIRST_TOOL_MAP ? "maps" : "programs", list);
	probe_advise(probe,
		     "they go with the filters, XDP programs and processes that use them; where "
		     "bpftool -f %s show id %u names a pinned file, remove that",
		     word, first->id);
}

static void conclude(struct search *search, int blind)
{
	struct probe *probe;

	if (blind) {
		probe_unseen(add_row(search), "programs and maps may not be listed by this user");
	} else if (!search->rows) {
		probe = add_row(search);
		probe_say(probe, PROBE_GOOD, "nothing of the first, Python, tool is there");
	}
}

int doctor_first_tool(struct probes *probes)
{
	_cleanup_search_ struct search search = {.probes = probes};
	_cleanup_survey_ struct survey survey = {};
	int blind = first_tool_find(true, &search.objects, &search.count), error;
	size_t i, j;

	if (blind == -ENOMEM)
		return blind;
	error = survey_take(&survey);
	if (error)
		return error;
	for (i = 0; i < survey.count; i++)
		for (j = 0; j < survey.namespaces[i]->count; j++)
			search_interface(&search, &survey.namespaces[i]->netns,
					 &survey.namespaces[i]->interfaces[j]);
	add_objects(&search, FIRST_TOOL_PROGRAM);
	add_objects(&search, FIRST_TOOL_MAP);
	conclude(&search, blind);
	return 0;
}
