/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <fnmatch.h>
#include <netacct/cleanup.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "../collector/config.h"
#include "../history/calendar.h"
#include "../source/sentence.h"
#include "cmd.h"
#include "collect_remote.h"
#include "message.h"
#include "option.h"
#include "report.h"
#include "report_options.h"
#include "streams.h"

const char *report_source_id(const struct report *report, uint32_t source)
{
	for (size_t i = 0; i < report->source_count; i++)
		if (report->sources[i].number == source)
			return report->sources[i].id;
	return "";
}

int report_failed(const struct report *report, int error)
{
	if (report->why.text[0])
		message_error(REPORT_COMMAND, NULL, "%s", report->why.text);
	else
		message_errno(REPORT_COMMAND, NULL, error, NULL);
	return error == -EINVAL ? STATUS_USAGE : STATUS_FAILED;
}

int report_flushed(int error)
{
	return streams_flush(error) ? STATUS_FAILED : STATUS_DONE;
}

int report_print(const struct report *report, const struct sheet *sheet)
{
	char since[SHEET_TIME_MAX], until[SHEET_TIME_MAX], title[3 * SHEET_TIME_MAX];
	struct sheet titled = *sheet;

	sheet_local_time(report->frame.since, since);
	sheet_local_time(report->frame.until, until);
	snprintf(title, sizeof(title), "%s to %s", since, until);
	titled.title = title;
	return report_flushed(sheet_print(&titled, &report->frame));
}

static int load_config(const struct report_options *options, struct config *config)
{
	struct config_error why = {""};
	int error = config_load(options->config, config, &why);

	if (!error)
		return STATUS_DONE;
	if (why.text[0])
		message_error(REPORT_COMMAND, options->config, "%s", why.text);
	else
		message_errno(REPORT_COMMAND, options->config, error, NULL);
	return STATUS_FAILED;
}

static int parse_time(const char *option, const char *text, const struct report *report,
		      int reset_day, int64_t *ret)
{
	if (!calendar_parse(text, report->frame.now, reset_day, ret))
		return STATUS_DONE;
	message_error(REPORT_COMMAND, option,
		      "%s is no time: write 30d, 12h, 2026-11-22, 2026-11-22T10:30Z, today, month "
		      "or period",
		      quote(text).text);
	return STATUS_USAGE;
}

static int find_times(struct report *report)
{
	const struct report_options *options = report->options;
	struct sheet_frame *frame = &report->frame;
	int reset_day = options->reset_day ? (int)options->reset_day
			: report->config   ? report->config->reset_day
					   : 1;
	int status;

	frame->now = time(NULL);
	status = parse_time("--since", options->since ? options->since : "30d", report, reset_day,
			    &frame->since);
	if (status == STATUS_DONE)
		status = parse_time("--until", options->until ? options->until : "now", report,
				    reset_day, &frame->until);
	if (status == STATUS_DONE && frame->since >= frame->until) {
		message_error(REPORT_COMMAND, NULL, "--since is not before --until");
		status = STATUS_USAGE;
	}
	return status;
}

static int select_sources(struct report *report)
{
	const char *pattern = report->options->source;
	size_t count = 0;

	for (size_t i = 0; i < report->source_count; i++)
		if (report->sources[i].number >= report->selected_size)
			report->selected_size = (size_t)report->sources[i].number + 1;
	report->selected = calloc(report->selected_size + 1, sizeof(*report->selected));
	if (!report->selected)
		return report_failed(report, -ENOMEM);
	for (size_t i = 0; i < report->source_count; i++) {
		if (pattern && fnmatch(pattern, report->sources[i].id, 0) != 0)
			continue;
		report->selected[report->sources[i].number] = true;
		report->only = report->sources[i].number;
		count++;
	}
	if (count != 1)
		report->only = UINT32_MAX;
	if (count || !pattern)
		return STATUS_DONE;
	message_error(REPORT_COMMAND, pattern, "no such source in the history");
	return STATUS_FAILED;
}

static int run(struct report *report)
{
	int error = history_snapshot_begin(report->history, &report->why), status;

	if (!error)
		error = history_sources(report->history, &report->sources, &report->source_count,
					&report->why);
	if (error)
		return report_failed(report, error);
	status = select_sources(report);
	if (status != STATUS_DONE)
		return status;
	if (report->options->check)
		return report_check(report);
	if (report->options->anomalies)
		return report_anomalies(report);
	if (report->options->percentile)
		return report_percentile(report);
	return report_rows(report);
}

/* Whether the collector may be asked: it knows its own history, and opens no files for others. */
static bool is_remote(const struct report_options *options, int error)
{
	return error == -EACCES && !options->config && !options->history && !options->geoip;
}

static int cannot_open(const struct report *report, const char *path, int error)
{
	if (error == -ENOENT)
		message_error(REPORT_COMMAND, path, "no history: 'netacct collect' makes one");
	else
		report_failed(report, error);
	return STATUS_FAILED;
}

int cmd_report(int argc, char **argv)
{
	struct report_options options = {.bin = -1};
	_cleanup_config_ struct config config = {};
	_cleanup_history_ struct history *history = NULL;
	struct report report = {.options = &options};
	const char *path;
	int status, error;

	status = report_options_parse(argc, argv, &options, &report.frame.format);
	if (status != OPTIONS_RUN)
		return status;
	if (options.config) {
		status = load_config(&options, &config);
		report.config = &config;
	}
	if (!options.config || status == STATUS_DONE)
		status = find_times(&report);
	if (status != STATUS_DONE)
		return status;
	path = options.history ? options.history : options.config ? config.history : HISTORY_PATH;
	message_step("reading %s", quote(path).text);
	error = history_open_readonly(path, &history, &report.why);
	if (is_remote(&options, error))
		return collect_remote(argc, argv);
	if (error)
		return cannot_open(&report, path, error);
	report.history = history;
	status = run(&report);
	history_snapshot_end(history);
	history_sources_free(report.sources, report.source_count);
	free(report.selected);
	return status;
}
