/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <ctype.h>
#include <netacct/cleanup.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "attach_run.h"
#include "cmd.h"
#include "message.h"
#include "option.h"

#define COMMAND "attach"

struct attach_options {
	const char *netns;
	int ingress; /* enum ingress_request */
	int hook; /* enum hook_request */
	int tail;
	bool replace;
	int key; /* enum na_key_kind */
	int layer3;
	uint64_t max_flows;
	const char *whitelist;
	const char *tag;
	int peer;
	const char *group;
	uint64_t max_sources;
};

static const struct option_word xdp_words[] = {{"auto", INGRESS_XDP_AUTO},
					       {"native", INGRESS_XDP_NATIVE},
					       {"generic", INGRESS_XDP_GENERIC},
					       {}};
static const struct option_word hook_words[] = {{"auto", HOOK_REQUEST_AUTO},
						{"clsact", HOOK_REQUEST_CLSACT},
						{"tcx", HOOK_REQUEST_TCX},
						{}};
static const struct option_word order_words[] = {{"head", 0}, {"tail", 1}, {}};
static const struct option_word key_words[] = {
	{"total", NA_KEY_TOTAL},	 {"host", NA_KEY_HOST}, {"remote", NA_KEY_REMOTE},
	{"host-pair", NA_KEY_HOST_PAIR}, {"flow", NA_KEY_FLOW}, {}};
static const struct option_word byte_words[] = {{"l2", 0}, {"l3", 1}, {}};
static const struct option_word perspective_words[] = {{"interface", 0}, {"peer", 1}, {}};

static int parse_tag(const char *text, void *field, char why[static OPTION_WHY])
{
	size_t i;

	for (i = 0; text[i]; i++)
		if (!isalnum((unsigned char)text[i]) && !strchr("-_.", text[i]))
			break;
	if (text[i] || !i || i >= sizeof(((struct na_source *)NULL)->tag)) {
		snprintf(why, OPTION_WHY, "1 to 63 letters, digits, '-', '_' and '.' are allowed");
		return -EINVAL;
	}
	*(const char **)field = text;
	return 0;
}

static const struct option_row rows[] = {
	{.short_name = 'n',
	 .long_name = "netns",
	 .argument = "NS",
	 .type = OPTION_STRING,
	 OPTION_FIELD(struct attach_options, netns),
	 .help = "the network namespace of the sources: a name, pid:N or a path"},
	{.long_name = "namespace",
	 .argument = "NS",
	 .type = OPTION_STRING,
	 OPTION_FIELD(struct attach_options, netns),
	 .help = "the same"},
	{.long_name = "xdp",
	 .argument = "MODE",
	 .without = "auto",
	 .type = OPTION_ENUM,
	 OPTION_FIELD(struct attach_options, ingress),
	 .words = xdp_words,
	 .help = "count received packets with XDP: auto, native or generic",
	 .shown_default = "tc"},
	{.long_name = "hook",
	 .argument = "HOOK",
	 .type = OPTION_ENUM,
	 OPTION_FIELD(struct attach_options, hook),
	 .words = hook_words,
	 .help = "how tc programs attach: auto, clsact or tcx",
	 .shown_default = "auto"},
	{.long_name = "order",
	 .argument = "ORDER",
	 .type = OPTION_ENUM,
	 OPTION_FIELD(struct attach_options, tail),
	 .words = order_words,
	 .help = "head: before the others on that hook; tail: behind them",
	 .shown_default = "head"},
	{.long_name = "replace",
	 .type = OPTION_FLAG,
	 OPTION_FIELD(struct attach_options, replace),
	 .help = "new programs on the maps of the meter that is there, every counter kept"},
	{.long_name = "key",
	 .argument = "KEY",
	 .type = OPTION_ENUM,
	 OPTION_FIELD(struct attach_options, key),
	 .words = key_words,
	 .help = "what makes a flow: total, host, remote, host-pair or flow",
	 .shown_default = "host-pair"},
	{.long_name = "max-flows",
	 .argument = "N",
	 .type = OPTION_UINT,
	 OPTION_FIELD(struct attach_options, max_flows),
	 .minimum = 1,
	 .maximum = FLOWS_MAX,
	 .help = "flows that have room; what does not is overflow",
	 .shown_default = "65536"},
	{.long_name = "bytes",
	 .argument = "LAYER",
	 .type = OPTION_ENUM,
	 OPTION_FIELD(struct attach_options, layer3),
	 .words = byte_words,
	 .help = "what a byte is: l2 (the frame without FCS) or l3 (from the IP header)",
	 .shown_default = "l2"},
	{.long_name = "whitelist",
	 .argument = "FILE",
	 .type = OPTION_STRING,
	 OPTION_FIELD(struct attach_options, whitelist),
	 .help = "addresses and networks whose traffic is excluded"},
	{.long_name = "tag",
	 .argument = "TAG",
	 .type = OPTION_CALLBACK,
	 .parse = parse_tag,
	 OPTION_FIELD(struct attach_options, tag),
	 .help = "a name for the source"},
	{.long_name = "perspective",
	 .argument = "WHO",
	 .type = OPTION_ENUM,
	 OPTION_FIELD(struct attach_options, peer),
	 .words = perspective_words,
	 .help = "whose rx, tx, local and remote: interface or peer (the veth's other end)",
	 .shown_default = "interface"},
	{.long_name = "group",
	 .argument = "NAME",
	 .type = OPTION_CALLBACK,
	 .parse = parse_tag,
	 OPTION_FIELD(struct attach_options, group),
	 .help = "let these sources share one set of maps, made or joined"},
	{.long_name = "max-sources",
	 .argument = "N",
	 .type = OPTION_UINT,
	 OPTION_FIELD(struct attach_options, max_sources),
	 .minimum = 2,
	 .maximum = SOURCES_MAX,
	 .help = "room for sources in a group, fixed when it is made",
	 .shown_default = "1024"},
};

static const struct option_table table = {
	.command = COMMAND,
	.arguments = "SOURCE...",
	.summary = "Count the packets of each SOURCE from now on, until it is detached.",
	.notes = "SOURCE is eth0, blue/eth0, pid:4711/eth0, /proc/4711/ns/net/eth0, blue/@default\n"
		 "or a pattern like 'veth*' or '*/eth0'; see netacct(8).\n",
	.rows = rows,
	.count = ARRAY_SIZE(rows),
	.arguments_min = 1,
	.arguments_max = SIZE_MAX,
};

static void fill_work(const struct attach_options *options, const struct whitelist *whitelist,
		      struct work *work)
{
	work->netns = options->netns;
	work->max_sources = (uint32_t)options->max_sources;
	work->replace = options->replace;
	work->asked = (struct asked){options->key, options->layer3, options->ingress, options->hook,
				     (uint32_t)options->max_flows};
	work->settings = (struct meter_settings){
		.key = options->key < 0 ? NA_KEY_HOST_PAIR : (enum na_key_kind)options->key,
		.layer3 = options->layer3 > 0,
		.max_flows = options->max_flows ? (uint32_t)options->max_flows : 65536,
		.group = options->group,
		.whitelist = options->whitelist ? whitelist : NULL,
		.whitelist_file = options->whitelist,
	};
	work->request = (struct attach_request){
		.hooks = {.ingress = options->ingress < 0 ? INGRESS_TC
							  : (enum ingress_request)options->ingress,
			  .hook = options->hook < 0 ? HOOK_REQUEST_AUTO
						    : (enum hook_request)options->hook,
			  .tail = options->tail},
		.peer = options->peer,
		.tag = options->tag,
		.verbose = message_level() >= MESSAGE_DETAILS,
	};
}

int cmd_attach(int argc, char **argv)
{
	struct attach_options options = {
		.key = -1, .ingress = -1, .hook = -1, .layer3 = -1, .max_sources = 1024};
	_cleanup_whitelist_ struct whitelist whitelist = {};
	struct whitelist_error why = {};
	struct arguments arguments;
	int status = options_parse(&table, argc, argv, &options, &arguments);
	struct work work = {.root = -1};

	if (status != OPTIONS_RUN)
		return status;
	if (options.replace && (options.group || options.tag || options.whitelist)) {
		message_error(COMMAND, "--replace", "keeps group, tag and whitelist as they are");
		return STATUS_USAGE;
	}
	if (options.whitelist && whitelist_load(options.whitelist, &whitelist, &why)) {
		message_error(COMMAND, options.whitelist, "%s", why.text);
		return STATUS_FAILED;
	}
	fill_work(&options, &whitelist, &work);
	status = attach_run(&work, &arguments);
	if (work.root >= 0)
		close(work.root);
	return status;
}
