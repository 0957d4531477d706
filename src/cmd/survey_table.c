/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <netacct/cleanup.h>
#include <stdarg.h>
#include <string.h>

#include "../output/escape.h"
#include "survey_output.h"

#define COLUMNS 100
#define DETAIL_INDENT 11
#define LABEL_WIDTH 12
#define TEXT_WIDTH (COLUMNS - DETAIL_INDENT - LABEL_WIDTH)

struct table {
	struct buffer *out;
	struct buffer *scratch; /* in memory: a text escaped, before its width is known */
	size_t column; /* behind the label of a detail line */
};

static bool continues(char byte)
{
	return ((unsigned char)byte & 0xc0) == 0x80;
}

/* Escapes the text; what is wider than `most` columns is cut and ends in "...". */
static size_t put_cut(struct table *table, const char *text, size_t most)
{
	struct buffer *scratch = table->scratch;
	size_t end = 0, width = 0, kept = 0;

	scratch->used = 0;
	escape_terminal(scratch, text);
	for (; end < scratch->used; end++) {
		if (continues(scratch->data[end]))
			continue;
		if (width++ == most - 3)
			kept = end;
	}
	if (width <= most) {
		buffer_bytes(table->out, scratch->data, scratch->used);
		return width;
	}
	buffer_bytes(table->out, scratch->data, kept);
	buffer_text(table->out, "...");
	return most;
}

static void put_left(struct table *table, const char *text, size_t width)
{
	size_t used = put_cut(table, text, SIZE_MAX);

	buffer_spaces(table->out, used < width ? width - used : 0);
}

static void put_right(struct table *table, uint64_t number, size_t width)
{
	char digits[NUMBER_WRITE_MAX];
	size_t used = (size_t)(number_write(digits, number) - digits);

	buffer_spaces(table->out, used < width ? width - used : 0);
	buffer_bytes(table->out, digits, used);
}

static void begin_detail(struct table *table, const char *label)
{
	buffer_spaces(table->out, DETAIL_INDENT);
	put_left(table, label, LABEL_WIDTH);
	table->column = 0;
}

static void put_labelled(struct table *table, const char *label, uint64_t number)
{
	buffer_text(table->out, label);
	buffer_number(table->out, number);
}

static void put_hexadecimal(struct buffer *out, uint32_t number)
{
	char text[16];

	snprintf(text, sizeof(text), "0x%x", number);
	buffer_text(out, text);
}

static void put_program(struct table *table, const struct survey_program *program)
{
	put_labelled(table, " id ", program->id);
	if (program->name[0]) {
		buffer_char(table->out, ' ');
		put_cut(table, program->name, SIZE_MAX);
	}
	if (program->ours)
		buffer_text(table->out, " (netacct)");
	buffer_char(table->out, '\n');
}

static void put_filter(struct table *table, const char *label, const struct filter *filter,
		       const struct survey_program *program)
{
	begin_detail(table, label);
	if (filter->chain)
		put_labelled(table, "chain ", filter->chain);
	put_labelled(table, filter->chain ? " pref " : "pref ", filter->priority);
	buffer_text(table->out, " handle ");
	put_hexadecimal(table->out, filter->handle);
	buffer_char(table->out, ' ');
	put_cut(table, filter->kind, SIZE_MAX);
	if (filter->name[0] && strcmp(filter->name, program->name) != 0) {
		buffer_char(table->out, ' ');
		put_cut(table, filter->name, TEXT_WIDTH / 3);
	}
	if (program->id)
		put_program(table, program);
	else
		buffer_char(table->out, '\n');
}

static void put_attached(struct table *table, const struct survey_interface *interface)
{
	static const char *const tc_labels[] = {"tc ingress", "tc egress"};
	static const char *const tcx_labels[] = {"tcx ingress", "tcx egress"};

	if (interface->xdp.id) {
		begin_detail(table, "xdp");
		buffer_text(table->out, survey_xdp_mode(interface));
		put_program(table, &interface->xdp);
	}
	for (enum filter_side side = FILTER_INGRESS; side <= FILTER_EGRESS; side++) {
		const struct survey_tcx *tcx = &interface->tcx[side];
		const struct survey_filters *tc = &interface->tc[side];

		for (size_t i = 0; i < tcx->count; i++) {
			begin_detail(table, tcx_labels[side]);
			buffer_text(table->out, "program");
			put_program(table, &tcx->programs[i]);
		}
		for (size_t i = 0; i < tc->count; i++)
			put_filter(table, tc_labels[side], &tc->filters[i], &tc->programs[i]);
	}
}

/* As many on a line as fit. */
static void put_addresses(struct table *table, const struct survey_interface *interface)
{
	char text[SURVEY_ADDRESS];

	if (!interface->address_count)
		return;
	begin_detail(table, "addresses");
	for (size_t i = 0; i < interface->address_count; i++) {
		size_t length;

		survey_address(&interface->addresses[i], text);
		length = strlen(text);
		if (table->column && table->column + 1 + length > TEXT_WIDTH) {
			buffer_char(table->out, '\n');
			begin_detail(table, "");
		}
		if (table->column++)
			buffer_char(table->out, ' ');
		buffer_text(table->out, text);
		table->column += length;
	}
	buffer_char(table->out, '\n');
}

static void put_device(struct table *table, const char *label, const struct survey_netns *netns,
		       uint32_t ifindex, int32_t netnsid)
{
	const struct survey_interface *other = netnsid < 0 ? survey_find(netns, ifindex) : NULL;

	if (!ifindex)
		return;
	begin_detail(table, label);
	if (other) {
		put_cut(table, other->link.name, SIZE_MAX);
	} else {
		put_labelled(table, "index ", ifindex);
		if (netnsid >= 0)
			put_labelled(table, " in namespace id ", (uint64_t)netnsid);
	}
	buffer_char(table->out, '\n');
}

static void put_meter(struct table *table, const struct survey_interface *interface)
{
	if (!interface->meter)
		return;
	begin_detail(table, "meter");
	put_cut(table, interface->meter->id, SIZE_MAX);
	buffer_char(table->out, ' ');
	buffer_text(table->out, survey_meter_state(interface->meter_state));
	buffer_char(table->out, '\n');
}

static void put_row(struct table *table, const struct link *link)
{
	char hardware[SURVEY_HARDWARE];

	survey_hardware(link, hardware);
	put_right(table, link->ifindex, DETAIL_INDENT - 2);
	buffer_spaces(table->out, 2);
	put_left(table, link->name, 16);
	put_left(table, link->kind[0] ? link->kind : "-", 12);
	put_left(table, link_operstate(link->operstate), 15);
	put_right(table, link->mtu, 6);
	if (hardware[0] && link->address_len <= 6) {
		buffer_spaces(table->out, 2);
		buffer_text(table->out, hardware);
	}
	buffer_char(table->out, '\n');
	if (link->address_len > 6) {
		begin_detail(table, "hardware");
		put_cut(table, hardware, TEXT_WIDTH);
		buffer_char(table->out, '\n');
	}
}

static void put_interface(struct table *table, const struct survey_netns *netns,
			  const struct survey_interface *interface)
{
	const struct link *link = &interface->link;

	put_row(table, link);
	if (link->alias[0]) {
		begin_detail(table, "alias");
		put_cut(table, link->alias, TEXT_WIDTH);
		buffer_char(table->out, '\n');
	}
	put_device(table, "master", netns, link->master, -1);
	put_device(table, "lower", netns, link->lower, link->lower_netnsid);
	put_addresses(table, interface);
	put_attached(table, interface);
	put_meter(table, interface);
}

/* How to name one that has no name: by a process that is in it, or by a path. */
static void put_reach(struct table *table, const struct netns *netns)
{
	int end = 0;
	unsigned int pid;

	if (netns->own || netns->name[0] || netns->error || !netns->path[0])
		return;
	buffer_text(table->out, ", reached as ");
	if (sscanf(netns->path, "/proc/%u/ns/net%n", &pid, &end) == 1 && end && !netns->path[end])
		put_labelled(table, "pid:", pid);
	else
		put_cut(table, netns->path, SIZE_MAX);
	buffer_char(table->out, '/');
}

static void put_netns(struct table *table, const struct survey_netns *netns)
{
	char label[300];

	buffer_text(table->out, "namespace ");
	if (netns->netns.inode) {
		netns_label(&netns->netns, label);
		put_cut(table, label, SIZE_MAX);
		put_labelled(table, " (inode ", netns->netns.inode);
		if (netns->netns.cookie)
			put_labelled(table, ", cookie ", netns->netns.cookie);
		buffer_char(table->out, ')');
		put_reach(table, &netns->netns);
	} else {
		put_cut(table, netns->netns.path, SIZE_MAX);
	}
	if (netns->error[0]) {
		buffer_text(table->out, ": not all was seen: ");
		put_cut(table, netns->error, SIZE_MAX);
	}
	buffer_char(table->out, '\n');
	for (size_t i = 0; i < netns->count; i++)
		put_interface(table, netns, &netns->interfaces[i]);
}

int survey_table(struct buffer *out, const struct survey *survey)
{
	_cleanup_free_ struct buffer *scratch = buffer_new(NULL);
	struct table table = {.out = out, .scratch = scratch};

	if (!scratch)
		return -ENOMEM;
	buffer_text(out, "    INDEX  NAME            KIND        STATE             MTU  ADDRESS\n");
	for (size_t i = 0; i < survey->count; i++)
		put_netns(&table, survey->namespaces[i]);
	return 0;
}
