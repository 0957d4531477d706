// SPDX-License-Identifier: GPL-2.0-or-later
#include "panel.h"

#include <string.h>

#include "die.h"
#include "machine.h"

#define FEW_FLOWS         \
	2,                \
	{                 \
		64, 10000 \
	}
#define MOST_FLOWS                   \
	4,                           \
	{                            \
		1, 64, 10000, 100000 \
	}
#define ALL_FLOWS                             \
	5,                                    \
	{                                     \
		1, 64, 10000, 100000, 1000000 \
	}
#define NEW_FLOWS     \
	1,            \
	{             \
		65536 \
	}

/* What a short run shows. */
static const struct panel short_run[] = {
	{{HOOK_TC, false, NA_KEY_FLOW, UNIFORM, 0, 0, 1}, ALL_FLOWS},
	{{HOOK_TC, true, NA_KEY_FLOW, UNIFORM, 0, 0, 1}, MOST_FLOWS},
	{{HOOK_TC, false, NA_KEY_HOST_PAIR, UNIFORM, 0, 0, 1}, MOST_FLOWS},
	{{HOOK_TC, true, NA_KEY_HOST_PAIR, UNIFORM, 0, 0, 1}, FEW_FLOWS},
	{{HOOK_TC, false, NA_KEY_FLOW, ZIPF, 0, 0, 1}, 2, {10000, 100000}},
	{{HOOK_TC, false, NA_KEY_FLOW, ALL_NEW, 0, 0, 1}, NEW_FLOWS},
	{{HOOK_TC, false, NA_KEY_FLOW, UNIFORM, 0, 10, 1}, FEW_FLOWS},
	{{HOOK_TC, false, NA_KEY_FLOW, UNIFORM, 0, 1000, 1}, FEW_FLOWS},
	{{HOOK_TC, false, NA_KEY_FLOW, UNIFORM, 0, 0, 2}, 3, {1, 64, 10000}},
	{{HOOK_XDP, false, NA_KEY_FLOW, UNIFORM, 0, 0, 1}, FEW_FLOWS},
	{{HOOK_FRAGS, false, NA_KEY_FLOW, UNIFORM, 0, 0, 1}, MOST_FLOWS},
};

static void title(const struct situation *situation, char *text, size_t size)
{
	snprintf(text, size, "%s IPv%d %s %s, whitelist %u, %u CPU", hook_name(situation->hook),
		 situation->ipv6 ? 6 : 4, situation->key == NA_KEY_FLOW ? "flow" : "host-pair",
		 distribution_name(situation->distribution), situation->whitelist, situation->cpus);
}

/* One number of flows: fresh programs, fresh maps, all rounds. Returns how many programs. */
static uint32_t run_column(const struct settings *settings, const struct situation *situation,
			   char (*names)[SUBJECT_NAME], struct quartiles cells[SUBJECTS_MAX])
{
	_cleanup_generator_ struct generator generator = {};
	struct subject subjects[SUBJECTS_MAX];
	char object[512];
	uint32_t count, i;

	snprintf(object, sizeof(object), "%s/tests/generator.bpf.o", settings->build);
	generator_open(&generator, object, situation->hook, situation->ipv6);
	sequence_fill(generator.steps, situation->distribution, situation->flows);
	count = subjects_open(settings, situation, &generator, subjects);
	rounds_run(settings, situation, &generator, subjects, count, cells);
	for (i = 0; i < count; i++) {
		memcpy(names[i], subjects[i].name, sizeof(names[i]));
		subject_close(&subjects[i]);
	}
	return count;
}

static void run_panel(const struct settings *settings, struct report *report,
		      const struct panel *panel)
{
	struct quartiles cells[PANEL_COLUMNS * SUBJECTS_MAX];
	struct situation situation = panel->situation;
	char text[128], names[SUBJECTS_MAX][SUBJECT_NAME];
	uint32_t column, rows = 0;

	title(&situation, text, sizeof(text));
	if (!strstr(text, settings->only))
		return;
	for (column = 0; column < panel->columns; column++) {
		situation.flows = panel->flows[column];
		rows = run_column(settings, &situation, names, &cells[column * SUBJECTS_MAX]);
	}
	panel_print(report, panel, text, names, rows, cells);
}

static void run_distributions(const struct settings *settings, struct report *report,
			      const struct situation *situation)
{
	struct panel panels[] = {
		{*situation, ALL_FLOWS}, {*situation, ALL_FLOWS}, {*situation, NEW_FLOWS}};
	enum distribution distribution;

	for (distribution = UNIFORM; distribution <= ALL_NEW; distribution++) {
		/* on two CPUs no flow is new to both */
		if (situation->cpus > 1 && distribution == ALL_NEW)
			continue;
		panels[distribution].situation.distribution = distribution;
		run_panel(settings, report, &panels[distribution]);
	}
}

static void run_keys(const struct settings *settings, struct report *report,
		     struct situation situation)
{
	static const uint32_t whitelists[] = {0, 10, 1000};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(whitelists); i++) {
		situation.whitelist = whitelists[i];
		situation.key = NA_KEY_HOST_PAIR;
		run_distributions(settings, report, &situation);
		situation.key = NA_KEY_FLOW;
		run_distributions(settings, report, &situation);
	}
}

static void run_all(const struct settings *settings, struct report *report, uint32_t cpus)
{
	struct situation situation = {};

	for (situation.hook = HOOK_TC; situation.hook < HOOK_COUNT; situation.hook++) {
		for (situation.cpus = 1; situation.cpus <= cpus; situation.cpus++) {
			situation.ipv6 = false;
			run_keys(settings, report, situation);
			situation.ipv6 = true;
			run_keys(settings, report, situation);
		}
	}
}

void panels_run(const struct settings *settings, struct report *report)
{
	struct machine machine;
	uint32_t cpus;
	size_t i;

	machine_read(&machine);
	cpus = machine.cpus > 1 ? 2 : 1;
	machine_pin(0);
	puts("\nns a packet above EMPTY: median (quartiles) and how many times netacct's that is;\n"
	     "netacct: how many times plain HASH's");
	if (settings->full) {
		run_all(settings, report, cpus);
		return;
	}
	for (i = 0; i < ARRAY_SIZE(short_run); i++)
		if (short_run[i].situation.cpus <= cpus)
			run_panel(settings, report, &short_run[i]);
}
