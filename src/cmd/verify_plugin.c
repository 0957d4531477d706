/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "verify_plugin.h"

#include <inttypes.h>
#include <netacct/cleanup.h>
#include <stdarg.h>
#include <string.h>

#include "../meter/clock.h"
#include "../meter/read.h"
#include "../meter/verify.h"
#include "message.h"
#include "streams.h"

enum severity { PLUGIN_OK, PLUGIN_WARNING, PLUGIN_CRITICAL };

/* The worst that was found, and the first that was as bad. */
struct outcome {
	enum severity severity;
	char text[512];
	size_t sources;
	uint64_t use; /* percent, of the fullest meter */
	uint64_t age; /* seconds, of the one drained longest ago */
};

__attribute__((format(printf, 3, 4))) static void
found(struct outcome *outcome, enum severity severity, const char *format, ...)
{
	va_list list;

	if (severity <= outcome->severity)
		return;
	outcome->severity = severity;
	va_start(list, format);
	vsnprintf(outcome->text, sizeof(outcome->text), format, list);
	va_end(list);
}

static void judge_findings(struct outcome *outcome, struct meter *meter)
{
	_cleanup_findings_ struct findings findings = {};
	_cleanup_fault_ struct fault fault = {};
	size_t i;

	if (meter_verify(meter, &findings, &fault)) {
		found(outcome, PLUGIN_CRITICAL, "%s", fault.text);
		return;
	}
	for (i = 0; i < findings.count; i++) {
		const struct finding *one = &findings.items[i];
		const char *id = meter->sources[one->source].id;

		if (one->state == FINDING_WRONG)
			found(outcome, PLUGIN_CRITICAL, "%s: %s", id, one->text);
		else if (one->state == FINDING_NOTE && !strcmp(one->check, "order"))
			found(outcome, PLUGIN_WARNING, "%s: %s", id, one->text);
	}
}

static void judge_readings(struct outcome *outcome, const struct plugin_limits *limits,
			   const struct meter *meter)
{
	_cleanup_fault_ struct fault fault = {};
	struct reading *readings = NULL;
	uint64_t flows = 0, use, age, now = clock_realtime();
	size_t count = 0, i;

	if (meter_read(meter, READ_WHOLE, &readings, &count, &fault)) {
		found(outcome, PLUGIN_CRITICAL, "%s", fault.text);
		return;
	}
	for (i = 0; i < count; i++) {
		flows += readings[i].count;
		age = now > readings[i].since ? (now - readings[i].since) / 1000000000u : 0;
		outcome->age = age > outcome->age ? age : outcome->age;
		if (limits->max_age && age > limits->max_age)
			found(outcome, PLUGIN_WARNING, "%s: not drained for %" PRIu64 " s",
			      readings[i].id, age);
	}
	use = flows * 100 / meter->meta.max_flows;
	outcome->use = use > outcome->use ? use : outcome->use;
	if (count && use > limits->max_use)
		found(outcome, PLUGIN_WARNING, "%s: %" PRIu64 " of %u flows in use", readings[0].id,
		      flows, meter->meta.max_flows);
	outcome->sources += count;
	readings_free(readings, count);
}

int verify_plugin(const struct plugin_limits *limits, struct picked *picked)
{
	static const char *const words[] = {"OK", "WARNING", "CRITICAL"};
	struct outcome outcome = {};
	char text[1024];
	size_t i;

	if (!picked)
		found(&outcome, PLUGIN_CRITICAL, "the meters cannot be read");
	else if (picked->incomplete)
		found(&outcome, PLUGIN_CRITICAL, "not all meters can be read");
	for (i = 0; picked && i < picked->list.count; i++) {
		if (!picked_meter(picked, i))
			continue;
		judge_findings(&outcome, &picked->list.meters[i]);
		judge_readings(&outcome, limits, &picked->list.meters[i]);
	}
	if (!outcome.sources)
		found(&outcome, PLUGIN_WARNING, "no meters");
	message_escape_sentence(outcome.text[0] ? outcome.text : "the books balance", text,
				sizeof(text));
	printf("NETACCT %s - %s | sources=%zu use=%" PRIu64 "%% age=%" PRIu64 "s\n",
	       words[outcome.severity], text, outcome.sources, outcome.use, outcome.age);
	return streams_flush(0) ? PLUGIN_CRITICAL : (int)outcome.severity;
}
