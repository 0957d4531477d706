// SPDX-License-Identifier: GPL-2.0-or-later
#include "report.h"

#include <inttypes.h>
#include <json-c/json.h>

#include "die.h"
#include "machine.h"

static void add_text(json_object *to, const char *name, const char *value)
{
	json_object_object_add(to, name, json_object_new_string(value));
}

static void add_number(json_object *to, const char *name, uint64_t value)
{
	json_object_object_add(to, name, json_object_new_int64((int64_t)value));
}

static void add_quartiles(json_object *to, const char *unit, const struct quartiles *quartiles)
{
	add_text(to, "unit", unit);
	json_object_object_add(to, "low", json_object_new_double(quartiles->low));
	json_object_object_add(to, "median", json_object_new_double(quartiles->median));
	json_object_object_add(to, "high", json_object_new_double(quartiles->high));
}

void report_begin(struct report *report, const struct settings *settings)
{
	struct machine machine;

	*report = (struct report){.file = settings->json};
	machine_read(&machine);
	printf("%s; %s, %u CPUs%s\n", machine.kernel, machine.processor, machine.cpus,
	       machine.jit ? "" : "; no JIT");
	if (!report->file)
		return;
	report->root = json_object_new_object();
	report->packet = json_object_new_array();
	report->user = json_object_new_array();
	add_text(report->root, "schema", "netacct-bench/1");
	add_text(report->root, "kernel", machine.kernel);
	add_text(report->root, "processor", machine.processor);
	add_number(report->root, "cpus", machine.cpus);
	add_number(report->root, "jit", machine.jit);
	add_number(report->root, "rounds", settings->rounds);
	json_object_object_add(report->root, "packet", report->packet);
	json_object_object_add(report->root, "user", report->user);
	report->history = json_object_new_array();
	json_object_object_add(report->root, "history", report->history);
}

void report_end(struct report *report)
{
	if (fflush(stdout))
		die("cannot write to stdout");
	if (!report->file)
		return;
	if (json_object_to_file_ext(report->file, report->root, JSON_C_TO_STRING_PRETTY))
		die("%s: %s", report->file, json_util_get_last_err());
	json_object_put(report->root);
}

static void store(struct report *report, const struct situation *situation, const char *name,
		  const struct quartiles *cell)
{
	json_object *object = json_object_new_object();

	add_text(object, "program", name);
	add_text(object, "hook", hook_name(situation->hook));
	add_number(object, "ip", situation->ipv6 ? 6 : 4);
	add_text(object, "key", situation->key == NA_KEY_FLOW ? "flow" : "host-pair");
	add_text(object, "distribution", distribution_name(situation->distribution));
	add_number(object, "flows", situation->flows);
	add_number(object, "whitelist", situation->whitelist);
	add_number(object, "cpus", situation->cpus);
	add_quartiles(object, "ns", cell);
	json_object_array_add(report->packet, object);
}

static void print_head(const struct panel *panel, const char title[])
{
	uint32_t column;

	printf("\n%s; ns a packet above EMPTY, median and quartiles\n%-28s", title, "flows");
	for (column = 0; column < panel->columns; column++)
		printf("%21u", panel->flows[column]);
	putchar('\n');
}

static void print_cell(const struct quartiles *cell)
{
	char text[64];

	snprintf(text, sizeof(text), "%.1f (%.1f-%.1f)", cell->median, cell->low, cell->high);
	printf("%21s", text);
}

void report_panel(struct report *report, const struct panel *panel, const char title[],
		  char (*names)[64], uint32_t rows, const struct quartiles *cells)
{
	uint32_t row, column;

	print_head(panel, title);
	for (row = 0; row < rows; row++) {
		printf("%-28s", row ? names[row] : "EMPTY itself");
		for (column = 0; column < panel->columns; column++) {
			const struct quartiles *cell = &cells[column * SUBJECTS_MAX + row];
			struct situation situation = panel->situation;

			situation.flows = panel->flows[column];
			print_cell(cell);
			if (report->root)
				store(report, &situation, names[row], cell);
		}
		putchar('\n');
	}
	fflush(stdout);
}

void report_user(struct report *report, uint32_t flows, const char *what,
		 const struct quartiles *times, uint64_t memory)
{
	json_object *object;

	printf("%9u  %-44s %10.1f (%.1f-%.1f) ms", flows, what, times->median, times->low,
	       times->high);
	if (memory)
		printf(", %" PRIu64 " KiB of its own", memory);
	putchar('\n');
	fflush(stdout);
	if (!report->root)
		return;
	object = json_object_new_object();
	add_number(object, "flows", flows);
	add_text(object, "what", what);
	add_quartiles(object, "ms", times);
	if (memory)
		add_number(object, "memory_kib", memory);
	json_object_array_add(report->user, object);
}

void report_figure(struct report *report, const char *what, double value, const char *unit)
{
	json_object *object;

	printf("%-60s %12.2f %s\n", what, value, unit);
	fflush(stdout);
	if (!report->root)
		return;
	object = json_object_new_object();
	add_text(object, "what", what);
	json_object_object_add(object, "value", json_object_new_double(value));
	add_text(object, "unit", unit);
	json_object_array_add(report->history, object);
}
