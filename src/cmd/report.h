/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the parts of `report` share. */
#ifndef NETACCT_REPORT_H
#define NETACCT_REPORT_H

#include "../history/history.h"
#include "report_key.h"
#include "report_sheet.h"

#define REPORT_COMMAND "report"

struct config;

struct report_options {
	const char *since, *until, *source, *config, *history;
	struct report_by by;
	int bin; /* enum history_level, -1: the whole time in one */
	uint64_t top; /* 0: all */
	uint32_t percentile; /* 0: not asked for */
	uint32_t reset_day; /* 0: not given */
	bool total, check, anomalies, resolve;
	bool json, pretty, csv;
	const char *geoip;
};

/* A report under way: the history is open, and in a snapshot. */
struct report {
	const struct report_options *options;
	const struct config *config; /* NULL: none */
	struct history *history;
	struct history_source *sources; /* owned */
	size_t source_count;
	bool *selected; /* by a source's number; owned */
	size_t selected_size;
	uint32_t only; /* the one source that is meant, UINT32_MAX: several */
	struct sheet_frame frame;
	struct history_error why; /* what a step says that failed */
};

static inline bool report_selected(const struct report *report, uint32_t source)
{
	return source < report->selected_size && report->selected[source];
}

/* The id of a source by its number; "" where there is none. */
const char *report_source_id(const struct report *report, uint32_t source);

/* Says why a step failed (report->why, else the errno) and returns STATUS_FAILED. */
int report_failed(const struct report *report, int error);

/* What is printed: one of them. Exit statuses, after saying why. */
int report_rows(struct report *report);
int report_percentile(struct report *report);
int report_anomalies(struct report *report);
int report_check(struct report *report);

/* What a write came to: an exit status, after saying why. */
int report_flushed(int error);

/* Prints and flushes. */
int report_print(const struct report *report, const struct sheet *sheet);

#endif
