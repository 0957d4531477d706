// SPDX-License-Identifier: GPL-2.0-or-later
#include "report.h"

#include <json-c/json.h>
#include <math.h>
#include <string.h>

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

static void add_double(json_object *to, const char *name, double value)
{
	char text[32];

	snprintf(text, sizeof(text), "%.6g", value);
	json_object_object_add(to, name, json_object_new_double_s(value, text));
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
	add_text(report->root, "schema", "netacct-bench/2");
	add_text(report->root, "kernel", machine.kernel);
	add_text(report->root, "processor", machine.processor);
	add_number(report->root, "cpus", machine.cpus);
	add_number(report->root, "jit", machine.jit);
	add_number(report->root, "rounds", settings->rounds);
	json_object_object_add(report->root, "figures", json_object_new_array());
	report_save(report);
}

void report_save(struct report *report)
{
	if (fflush(stdout))
		die("cannot write to stdout");
	if (report->root &&
	    json_object_to_file_ext(report->file, report->root, JSON_C_TO_STRING_PRETTY))
		die("%s", json_util_get_last_err());
}

void report_load(struct report *report)
{
	if (!report->root)
		return;
	json_object_put(report->root);
	report->root = json_object_from_file(report->file);
	if (!report->root)
		die("%s", json_util_get_last_err());
}

void report_end(struct report *report)
{
	report_save(report);
	json_object_put(report->root);
	report->root = NULL;
}

void report_table(struct report *report, const char *part, const char *title)
{
	report_save(report);
	snprintf(report->part, sizeof(report->part), "%s", part);
	snprintf(report->title, sizeof(report->title), "%s", title);
	printf("\n%s: %s\n", part, title);
}

static bool has_ratio(const struct quartiles *base)
{
	return base && base->median > 0;
}

void report_store(struct report *report, const char *scene, const char *what,
		  const struct quartiles *values, const char *unit, const struct quartiles *base)
{
	json_object *figure, *figures;

	if (!json_object_object_get_ex(report->root, "figures", &figures))
		return;
	figure = json_object_new_object();
	add_text(figure, "part", report->part);
	add_text(figure, "table", report->title);
	add_text(figure, "scene", scene);
	add_text(figure, "what", what);
	add_text(figure, "unit", unit);
	add_double(figure, "low", values->low);
	add_double(figure, "median", values->median);
	add_double(figure, "high", values->high);
	if (has_ratio(base))
		add_double(figure, "ratio", values->median / base->median);
	json_object_array_add(figures, figure);
}

/* Three digits that mean something, or more. */
static int decimals(double value)
{
	double size = fabs(value);

	if (size >= 100 || size == 0)
		return 0;
	return size >= 10 ? 1 : size >= 1 ? 2 : 3;
}

void report_format(char *text, size_t size, const struct quartiles *values,
		   const struct quartiles *base)
{
	int digits = decimals(values->median);
	size_t used = (size_t)snprintf(text, size, "%.*f", digits, values->median);

	if (used < size && (values->low < values->median || values->high > values->median))
		used += (size_t)snprintf(text + used, size - used, " (%.*f-%.*f)", digits,
					 values->low, digits, values->high);
	if (used < size && has_ratio(base)) {
		double ratio = values->median / base->median;

		snprintf(text + used, size - used, " %.*fx",
			 ratio >= 10  ? 0
			 : ratio >= 1 ? 1
				      : 2,
			 ratio);
	}
}

void report_line(struct report *report, const char *scene, const char *what,
		 const struct quartiles *values, const char *unit, const struct quartiles *base)
{
	char text[64], ratio[64] = "";

	report_format(text, sizeof(text), values, NULL);
	if (has_ratio(base))
		snprintf(ratio, sizeof(ratio), "  %.2fx", values->median / base->median);
	printf("%-20s %-46s %24s %s%s\n", scene, what, text, unit, ratio);
	fflush(stdout);
	report_store(report, scene, what, values, unit, base);
}

void report_value(struct report *report, const char *scene, const char *what, double value,
		  const char *unit)
{
	const struct quartiles values = {value, value, value};

	report_line(report, scene, what, &values, unit, NULL);
}
