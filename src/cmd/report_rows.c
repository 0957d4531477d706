// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <netacct/cleanup.h>
#include <stdio.h>
#include <string.h>

#include "../output/services.h"
#include "cmd.h"
#include "report_names.h"

enum {
	START,
	END,
	SOURCE,
	HOST,
	REMOTE,
	PREFIX,
	PROTOCOL,
	PORT,
	SERVICE,
	NAME,
	COUNTRY,
	SYSTEM,
	ORGANIZATION,
	RX_PACKETS,
	RX_BYTES,
	TX_PACKETS,
	TX_BYTES,
	TOTAL_BYTES,
	OTHER,
	REST,
	COLUMNS
};

static const struct sheet_column columns[COLUMNS] = {
	[START] = {"start", "START", SHEET_TIME},
	[END] = {"end", NULL, SHEET_TIME},
	[SOURCE] = {"source", "SOURCE", SHEET_TEXT},
	[HOST] = {"host", "HOST", SHEET_TEXT},
	[REMOTE] = {"remote", "REMOTE", SHEET_TEXT},
	[PREFIX] = {"prefix", "PREFIX", SHEET_TEXT},
	[PROTOCOL] = {"protocol", "PROTOCOL", SHEET_TEXT},
	[PORT] = {"port", "PORT", SHEET_NUMBER},
	[SERVICE] = {"service", "SERVICE", SHEET_TEXT},
	[NAME] = {"name", "NAME", SHEET_TEXT},
	[COUNTRY] = {"country", "COUNTRY", SHEET_TEXT},
	[SYSTEM] = {"as_number", "AS", SHEET_NUMBER},
	[ORGANIZATION] = {"as_organization", "ORGANIZATION", SHEET_TEXT},
	[RX_PACKETS] = {"rx_packets", "RX-PACKETS", SHEET_NUMBER},
	[RX_BYTES] = {"rx_bytes", "RX-BYTES", SHEET_BYTES},
	[TX_PACKETS] = {"tx_packets", "TX-PACKETS", SHEET_NUMBER},
	[TX_BYTES] = {"tx_bytes", "TX-BYTES", SHEET_BYTES},
	[TOTAL_BYTES] = {"total_bytes", "TOTAL", SHEET_BYTES},
	[OTHER] = {"other", NULL, SHEET_FLAG},
	[REST] = {"rest", NULL, SHEET_FLAG},
};

/* What is shown, and which columns of it. */
struct rows {
	const struct report *report;
	const struct report_groups *groups;
	const struct report_names *names;
	const struct services *services;
	struct sheet_column shown[COLUMNS];
	int number[COLUMNS]; /* of each shown one */
	size_t count;
	int label; /* the first one that says what a row is of */
};

static bool column_wanted(const struct report_options *options, int column)
{
	static const int of_key[] = {[REPORT_BY_SOURCE] = SOURCE,     [REPORT_BY_HOST] = HOST,
				     [REPORT_BY_REMOTE] = REMOTE,     [REPORT_BY_PREFIX] = PREFIX,
				     [REPORT_BY_PROTOCOL] = PROTOCOL, [REPORT_BY_PORT] = PROTOCOL,
				     [REPORT_BY_NOTHING] = -1};

	if (column == START || column == END)
		return options->bin >= 0;
	if (column >= SOURCE && column <= PROTOCOL)
		return column == of_key[options->by.key];
	if (column == PORT || column == SERVICE)
		return options->by.key == REPORT_BY_PORT;
	if (column == NAME)
		return options->resolve;
	if (column == COUNTRY || column == SYSTEM || column == ORGANIZATION)
		return options->geoip != NULL;
	return true;
}

static void choose(struct rows *rows)
{
	const struct report_options *options = rows->report->options;

	rows->label = -1;
	for (int i = 0; i < COLUMNS; i++) {
		if (!column_wanted(options, i))
			continue;
		if (i >= SOURCE && i <= PROTOCOL)
			rows->label = i;
		rows->shown[rows->count] = columns[i];
		rows->number[rows->count++] = i;
	}
}

static void say(struct sheet_cell *cell, const char *text)
{
	sheet_text(cell, text);
	cell->table_only = true;
}

static void set_label(const struct rows *rows, const struct na_key *key, struct sheet_cell *cell)
{
	char text[REPORT_KEY_TEXT];

	if (key->remote[REPORT_KEY_KIND] == REPORT_OTHER) {
		say(cell, "other");
	} else if (key->remote[REPORT_KEY_KIND] == REPORT_REST) {
		say(cell, "(rest)");
	} else if (rows->label == SOURCE) {
		sheet_text(cell, report_source_id(rows->report, key->remote[REPORT_KEY_SOURCE]));
	} else {
		report_key_text(&rows->report->options->by, key, text);
		sheet_text(cell, text);
	}
}

static void set_name(const struct rows *rows, const struct na_key *key, int column,
		     struct sheet_cell *cell)
{
	const struct report_name *name = report_name_of(rows->names, key);

	if (!name)
		return;
	if (column == NAME)
		sheet_text(cell, name->name);
	else if (column == COUNTRY)
		sheet_text(cell, name->country);
	else if (column == ORGANIZATION)
		sheet_text(cell, name->organization);
	else if (name->number)
		sheet_number(cell, name->number);
}

static void set_key(const struct rows *rows, const struct na_key *key, int column,
		    struct sheet_cell *cell)
{
	bool group = key->remote[REPORT_KEY_KIND] == REPORT_GROUP;

	switch (column) {
	case START:
		sheet_number(cell, (uint64_t)report_key_start(key));
		break;
	case END:
		sheet_number(cell, (uint64_t)report_key_end(key));
		break;
	case PORT:
		if (group)
			sheet_number(cell, key->local_port);
		break;
	case SERVICE:
		if (group)
			sheet_text(cell, services_find(rows->services,
						       (uint8_t)(key->what & NA_WHAT_PROTOCOL),
						       key->local_port));
		break;
	case OTHER:
		cell->there = key->remote[REPORT_KEY_KIND] == REPORT_OTHER;
		break;
	case REST:
		cell->there = key->remote[REPORT_KEY_KIND] == REPORT_REST;
		break;
	default:
		if (group)
			set_name(rows, key, column, cell);
	}
}

static bool set_count(const struct na_count *rx, const struct na_count *tx, int column,
		      struct sheet_cell *cell)
{
	switch (column) {
	case RX_PACKETS:
		sheet_number(cell, rx->packets);
		return true;
	case RX_BYTES:
		sheet_number(cell, rx->bytes);
		return true;
	case TX_PACKETS:
		sheet_number(cell, tx->packets);
		return true;
	case TX_BYTES:
		sheet_number(cell, tx->bytes);
		return true;
	case TOTAL_BYTES:
		sheet_number(cell, rx->bytes + tx->bytes);
		return true;
	default:
		return false;
	}
}

static void set_cell(const struct sheet *sheet, size_t row, size_t shown, struct sheet_cell *cell)
{
	const struct rows *rows = sheet->context;
	const struct report_groups *groups = rows->groups;
	int column = rows->number[shown];

	if (row >= groups->count) {
		if (column == rows->label)
			say(cell, "total");
		else
			set_count(&groups->rx, &groups->tx, column, cell);
	} else if (column == rows->label) {
		set_label(rows, &groups->rows[row].key, cell);
	} else if (!set_count(&groups->rows[row].rx, &groups->rows[row].tx, column, cell)) {
		set_key(rows, &groups->rows[row].key, column, cell);
	}
}

static void put_sources(struct json *json, const struct report *report)
{
	json_open(json, "sources", '[');
	for (size_t i = 0; i < report->source_count; i++) {
		const struct history_source *source = &report->sources[i];

		if (!report_selected(report, source->number))
			continue;
		json_open(json, NULL, '{');
		json_string(json, "id", source->id);
		json_string(json, "interface", source->interface);
		json_string(json, "namespace", source->namespace);
		json_seconds(json, "first", (uint64_t)source->first * 1000000000u);
		json_seconds(json, "last", (uint64_t)source->last * 1000000000u);
		json_close(json, '}');
	}
	json_close(json, ']');
}

static void put_head(const struct sheet *sheet, struct json *json)
{
	const struct rows *rows = sheet->context;
	const struct report_options *options = rows->report->options;
	const struct report_groups *groups = rows->groups;
	char by[32];

	snprintf(by, sizeof(by), "%s", report_by_name(&options->by));
	if (options->by.key == REPORT_BY_PREFIX)
		snprintf(by, sizeof(by), "prefix/%u", options->by.length);
	json_string(json, "by", by);
	json_string(json, "bin",
		    options->bin < 0 ? NULL : history_level_name((enum history_level)options->bin));
	if (options->top)
		json_number(json, "top", options->top);
	put_sources(json, rows->report);
	json_open(json, "total", '{');
	json_number(json, "rx_packets", groups->rx.packets);
	json_number(json, "rx_bytes", groups->rx.bytes);
	json_number(json, "tx_packets", groups->tx.packets);
	json_number(json, "tx_bytes", groups->tx.bytes);
	json_number(json, "total_bytes", groups->rx.bytes + groups->tx.bytes);
	json_close(json, '}');
}

static int print(const struct report *report, const struct report_groups *groups,
		 const struct report_names *names)
{
	struct rows rows = {.report = report, .groups = groups, .names = names};
	_cleanup_services_ struct services *services = NULL;
	struct sheet sheet = {.name = "rows",
			      .columns = rows.shown,
			      .rows = groups->count,
			      .cell = set_cell,
			      .head = put_head,
			      .empty = "Nothing was counted in that time.",
			      .context = &rows};

	if (report->options->by.key == REPORT_BY_PORT)
		(void)services_load(SERVICES_FILE, &services); /* without: none is named */
	rows.services = services;
	choose(&rows);
	sheet.column_count = rows.count;
	sheet.footers = rows.label >= 0;
	return report_print(report, &sheet);
}

int report_rows(struct report *report)
{
	_cleanup_report_groups_ struct report_groups groups = {};
	_cleanup_report_names_ struct report_names names = {};
	int error = report_gather(report, &groups);

	if (!error)
		error = report_names_find(report, &groups, &names);
	if (error)
		return report_failed(report, error);
	return print(report, &groups, &names);
}
