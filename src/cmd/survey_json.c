/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdio.h>
#include <string.h>

#include "../output/json_writer.h"
#include "survey_output.h"

static const char *text_or_null(const char *text)
{
	return text[0] ? text : NULL;
}

static void put_program(struct json *json, const char *name, const struct survey_program *program)
{
	if (!program->id) {
		json_null(json, name);
		return;
	}
	json_open(json, name, '{');
	json_number(json, "id", program->id);
	json_string(json, "name", text_or_null(program->name));
	json_close(json, '}');
}

static void put_filter(struct json *json, const struct filter *filter,
		       const struct survey_program *program)
{
	char handle[16], protocol[8];

	snprintf(handle, sizeof(handle), "0x%x", filter->handle);
	snprintf(protocol, sizeof(protocol), "0x%04x", filter->protocol);
	json_open(json, NULL, '{');
	json_number(json, "chain", filter->chain);
	json_number(json, "priority", filter->priority);
	json_string(json, "protocol", protocol);
	json_string(json, "handle", handle);
	json_string(json, "kind", filter->kind);
	json_string(json, "name", text_or_null(filter->name));
	put_program(json, "program", program);
	json_boolean(json, "direct_action", filter->direct_action);
	json_boolean(json, "ours", program->ours);
	json_close(json, '}');
}

static void put_tc(struct json *json, const struct survey_interface *interface)
{
	json_open(json, "tc", '{');
	for (enum filter_side side = FILTER_INGRESS; side <= FILTER_EGRESS; side++) {
		const struct survey_filters *tc = &interface->tc[side];

		json_open(json, survey_side(side), '[');
		for (size_t i = 0; i < tc->count; i++)
			put_filter(json, &tc->filters[i], &tc->programs[i]);
		json_close(json, ']');
	}
	json_close(json, '}');
}

static void put_tcx(struct json *json, const struct survey *survey,
		    const struct survey_interface *interface)
{
	if (!survey->tcx || survey->blind[SIGHT_TCX]) {
		json_null(json, "tcx");
		return;
	}
	json_open(json, "tcx", '{');
	for (enum filter_side side = FILTER_INGRESS; side <= FILTER_EGRESS; side++) {
		const struct survey_tcx *tcx = &interface->tcx[side];

		json_open(json, survey_side(side), '[');
		for (size_t i = 0; i < tcx->count; i++) {
			json_open(json, NULL, '{');
			json_number(json, "id", tcx->programs[i].id);
			json_string(json, "name", text_or_null(tcx->programs[i].name));
			json_boolean(json, "ours", tcx->programs[i].ours);
			json_close(json, '}');
		}
		json_close(json, ']');
	}
	json_close(json, '}');
}

static void put_xdp(struct json *json, const struct survey_interface *interface)
{
	if (!interface->xdp.id) {
		json_null(json, "xdp");
		return;
	}
	json_open(json, "xdp", '{');
	json_string(json, "mode", survey_xdp_mode(interface));
	json_number(json, "id", interface->xdp.id);
	json_string(json, "name", text_or_null(interface->xdp.name));
	json_boolean(json, "ours", interface->xdp.ours);
	json_close(json, '}');
}

static void put_meter(struct json *json, const struct survey_interface *interface)
{
	if (!interface->meter) {
		json_null(json, "meter");
		return;
	}
	json_open(json, "meter", '{');
	json_string(json, "id", interface->meter->id);
	json_string(json, "uuid", interface->meter->uuid);
	json_string(json, "state", survey_meter_state(interface->meter_state));
	json_close(json, '}');
}

/* A device that this one is under or over; netnsid -1: in the same namespace. */
static void put_device(struct json *json, const char *name, const struct survey_netns *netns,
		       uint32_t ifindex, int32_t netnsid)
{
	const struct survey_interface *other = netnsid < 0 ? survey_find(netns, ifindex) : NULL;

	if (!ifindex) {
		json_null(json, name);
		return;
	}
	json_open(json, name, '{');
	json_number(json, "ifindex", ifindex);
	json_string(json, "name", other ? other->link.name : NULL);
	if (netnsid < 0)
		json_null(json, "netnsid");
	else
		json_number(json, "netnsid", (uint64_t)netnsid);
	json_close(json, '}');
}

static void put_addresses(struct json *json, const struct survey_interface *interface)
{
	char text[SURVEY_ADDRESS];

	json_open(json, "addresses", '[');
	for (size_t i = 0; i < interface->address_count; i++) {
		survey_address(&interface->addresses[i], text);
		json_string(json, NULL, text);
	}
	json_close(json, ']');
}

static void put_interface(struct json *json, const struct survey *survey,
			  const struct survey_netns *netns,
			  const struct survey_interface *interface)
{
	const struct link *link = &interface->link;
	char hardware[SURVEY_HARDWARE];

	survey_hardware(link, hardware);
	json_open(json, NULL, '{');
	json_number(json, "ifindex", link->ifindex);
	json_string(json, "name", link->name);
	json_string(json, "kind", text_or_null(link->kind));
	json_string(json, "state", link_operstate(link->operstate));
	json_number(json, "mtu", link->mtu);
	json_string(json, "address", text_or_null(hardware));
	put_addresses(json, interface);
	json_string(json, "alias", text_or_null(link->alias));
	put_device(json, "lower", netns, link->lower, link->lower_netnsid);
	put_device(json, "master", netns, link->master, -1);
	put_xdp(json, interface);
	put_tc(json, interface);
	put_tcx(json, survey, interface);
	put_meter(json, interface);
	json_close(json, '}');
}

static void put_netns(struct json *json, const struct survey *survey,
		      const struct survey_netns *netns)
{
	json_open(json, NULL, '{');
	json_string(json, "name", text_or_null(netns->netns.name));
	json_boolean(json, "own", netns->netns.own);
	json_number(json, "inode", netns->netns.inode);
	if (netns->netns.cookie)
		json_number(json, "cookie", netns->netns.cookie);
	else
		json_null(json, "cookie");
	json_string(json, "path", text_or_null(netns->netns.path));
	if (netns->error[0])
		json_string(json, "error", netns->error);
	json_open(json, "interfaces", '[');
	for (size_t i = 0; i < netns->count; i++)
		put_interface(json, survey, netns, &netns->interfaces[i]);
	json_close(json, ']');
	json_close(json, '}');
}

static void put_unseen(struct json *json, const struct survey *survey)
{
	json_open(json, "unseen", '[');
	for (enum survey_sight sight = 0; sight < SIGHTS; sight++) {
		if (!survey->blind[sight])
			continue;
		json_open(json, NULL, '{');
		json_string(json, "what", survey_sight(sight));
		json_string(json, "why", strerror(-survey->blind[sight]));
		json_close(json, '}');
	}
	json_close(json, ']');
}

void survey_json(struct buffer *out, const struct survey *survey, bool pretty)
{
	struct json json = {.buffer = out, .pretty = pretty};

	json_open(&json, NULL, '{');
	json_string(&json, "schema", "netacct-list/1");
	put_unseen(&json, survey);
	json_open(&json, "namespaces", '[');
	for (size_t i = 0; i < survey->count; i++)
		put_netns(&json, survey, survey->namespaces[i]);
	json_close(&json, ']');
	json_close(&json, '}');
	buffer_char(out, '\n');
}
