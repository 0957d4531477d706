/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report_options.h"

#include <netacct/cleanup.h>

#include "cmd.h"
#include "message.h"
#include "option.h"

static const struct option_word bins[] = {{"5min", HISTORY_5MIN},
					  {"hour", HISTORY_HOUR},
					  {"day", HISTORY_DAY},
					  {"month", HISTORY_MONTH},
					  {}};

#define FIELD(field) OPTION_FIELD(struct report_options, field)

static const struct option_row rows[] = {
	{.long_name = "since",
	 .argument = "TIME",
	 .type = OPTION_STRING,
	 FIELD(since),
	 .help = "from when: 12h, 30d, 2026-11-22, 2026-11-22T10:30Z, period",
	 .shown_default = "30d"},
	{.long_name = "until",
	 .argument = "TIME",
	 .type = OPTION_STRING,
	 FIELD(until),
	 .help = "until when, likewise",
	 .shown_default = "now"},
	{.long_name = "reset-day",
	 .argument = "N",
	 .type = OPTION_UINT,
	 FIELD(reset_day),
	 .minimum = 1,
	 .maximum = 31,
	 .help = "the day on which a billing period begins",
	 .shown_default = "1, or as configured"},
	{.long_name = "by",
	 .argument = "KEY",
	 .type = OPTION_CALLBACK,
	 FIELD(by),
	 .parse = report_by_parse,
	 .help = "source, host (local), remote, prefix/N, protocol or port",
	 .shown_default = "source"},
	{.long_name = "total",
	 .type = OPTION_FLAG,
	 FIELD(total),
	 .help = "all sources and hosts together"},
	{.long_name = "bin",
	 .argument = "BIN",
	 .type = OPTION_ENUM,
	 FIELD(bin),
	 .words = bins,
	 .help = "a row for each 5min, hour, day or month"},
	{.long_name = "top",
	 .argument = "N",
	 .type = OPTION_UINT,
	 FIELD(top),
	 .minimum = 1,
	 .maximum = UINT32_MAX,
	 .help = "the N busiest; the others become one row"},
	{.long_name = "source",
	 .argument = "PATTERN",
	 .type = OPTION_STRING,
	 FIELD(source),
	 .help = "only sources whose id the shell pattern matches"},
	{.long_name = "percentile",
	 .argument = "P",
	 .type = OPTION_UINT,
	 FIELD(percentile),
	 .minimum = 1,
	 .maximum = 100,
	 .help = "of the rates of 5 minutes, per source: in, out and the larger of both"},
	{.long_name = "anomalies",
	 .type = OPTION_FLAG,
	 FIELD(anomalies),
	 .help = "what stands out from the same hours of the weeks before"},
	{.long_name = "check",
	 .type = OPTION_FLAG,
	 FIELD(check),
	 .help = "limits of which a percentage is reached; status 3 where one is used up"},
	{.long_name = "resolve",
	 .type = OPTION_FLAG,
	 FIELD(resolve),
	 .help = "names beside addresses, through reverse DNS, for some seconds at most"},
#ifdef HAVE_LIBMAXMINDDB
	{.long_name = "geoip",
	 .argument = "FILE",
	 .type = OPTION_STRING,
	 FIELD(geoip),
	 .help = "country and AS of addresses, from a database in the MaxMind format"},
#endif
	{.short_name = 'c',
	 .long_name = "config",
	 .argument = "FILE",
	 .type = OPTION_STRING,
	 FIELD(config),
	 .help = "the collector's configuration: its history, limits and reset day"},
	{.long_name = "history",
	 .argument = "FILE",
	 .type = OPTION_STRING,
	 FIELD(history),
	 .help = "the history to read",
	 .shown_default = HISTORY_PATH},
	{.short_name = 'j',
	 .long_name = "json",
	 .type = OPTION_FLAG,
	 FIELD(json),
	 .help = "print JSON"},
	{.short_name = 'p',
	 .long_name = "pretty",
	 .type = OPTION_FLAG,
	 FIELD(pretty),
	 .help = "print it indented; implies --json"},
	{.long_name = "csv", .type = OPTION_FLAG, FIELD(csv), .help = "print CSV"},
};

static const struct option_table table = {
	.command = REPORT_COMMAND,
	.arguments = "",
	.summary = "Print what the collector's history holds of a time.",
	.notes = "'month' begins with the calendar's, 'period' with the billing period. With "
		 "prefix/N up\nto 32 IPv6 addresses are taken by /64, beyond that IPv4 addresses "
		 "each alone.\n",
	.rows = rows,
	.count = ARRAY_SIZE(rows),
};

static int wrong(const char *option, const char *why)
{
	message_error(REPORT_COMMAND, option, "%s (see 'netacct report --help')", why);
	return STATUS_USAGE;
}

static int check(const struct report_options *options)
{
	bool sheet = options->check || options->anomalies || options->percentile;

	if (options->check + options->anomalies + (options->percentile > 0) > 1)
		return wrong(NULL, "--check, --anomalies and --percentile each stand alone");
	if (options->check && !options->config)
		return wrong("--check", "needs the limits of a configuration, -c FILE");
	if (options->total && options->by.given)
		return wrong("--total", "leaves nothing for --by");
	if (sheet && (options->by.given || options->bin >= 0))
		return wrong(options->by.given ? "--by" : "--bin",
			     "does not go with --check, --anomalies or --percentile");
	if (options->total && (options->check || options->anomalies))
		return wrong("--total", "does not go with --check or --anomalies");
	if (options->top && (options->check || options->percentile))
		return wrong("--top", "does not go with --check or --percentile");
	if (options->check && (options->since || options->until || options->source))
		return wrong("--check", "is about the limits' own sources and periods");
	if (options->csv && (options->json || options->pretty))
		return wrong("--csv", "leaves no room for JSON");
	return OPTIONS_RUN;
}

int report_options_parse(int argc, char **argv, struct report_options *options,
			 enum sheet_format *ret_format)
{
	struct arguments arguments;
	int status = options_parse(&table, argc, argv, options, &arguments);

	if (status == OPTIONS_RUN)
		status = check(options);
	if (status != OPTIONS_RUN)
		return status;
	if (options->total)
		options->by.key = REPORT_BY_NOTHING;
	*ret_format = options->pretty ? SHEET_PRETTY
		      : options->json ? SHEET_JSON
		      : options->csv  ? SHEET_CSV
				      : SHEET_TABLE;
	return OPTIONS_RUN;
}
