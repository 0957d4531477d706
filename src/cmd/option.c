/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "option.h"

#include <ctype.h>
#include <errno.h>
#include <netacct/netlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "about.h"
#include "cmd.h"
#include "message.h"
#include "option_help.h"

#define NAME_SHOWN 128

struct parser {
	const struct option_table *table;
	void *fields;
	char **argv;
	int argc;
	int next; /* the argument to look at next */
	char name[NAME_SHOWN]; /* the option at hand, as it was written */
};

static int no_such_option(const struct parser *parser)
{
	message_error(parser->table->command, parser->name,
		      "no such option (see 'netacct %s --help')", parser->table->command);
	return STATUS_USAGE;
}

static int parse_uint(const struct option_row *row, const char *text, void *field,
		      char why[static OPTION_WHY])
{
	char *end = NULL;
	unsigned long long value;

	errno = 0;
	value = strtoull(text, &end, 10);
	if (!isdigit((unsigned char)text[0]) || *end || errno || value < row->minimum ||
	    value > row->maximum) {
		snprintf(why, OPTION_WHY, "'%.64s' is not a number from %llu to %llu", text,
			 (unsigned long long)row->minimum, (unsigned long long)row->maximum);
		return -EINVAL;
	}
	if (row->size == sizeof(uint32_t))
		*(uint32_t *)field = (uint32_t)value;
	else
		*(uint64_t *)field = value;
	return 0;
}

static int parse_enum(const struct option_row *row, const char *text, int *field,
		      char why[static OPTION_WHY])
{
	int length;

	for (const struct option_word *word = row->words; word->word; word++) {
		if (!strcmp(word->word, text)) {
			*field = word->value;
			return 0;
		}
	}
	length = snprintf(why, OPTION_WHY, "'%.64s' is none of ", text);
	option_words(row, ", ", why + length, (size_t)(OPTION_WHY - length));
	return -EINVAL;
}

static int parse_value(const struct option_row *row, const char *text, void *field,
		       char why[static OPTION_WHY])
{
	switch (row->type) {
	case OPTION_STRING:
		*(const char **)field = text;
		return 0;
	case OPTION_UINT:
		return parse_uint(row, text, field, why);
	case OPTION_ENUM:
		return parse_enum(row, text, field, why);
	case OPTION_CALLBACK:
		return row->parse(text, field, why);
	default:
		return -EINVAL;
	}
}

static void say_netlink(const char *line)
{
	message_detail("netlink: %s", line);
}

static void raise_level(void)
{
	message_raise_level();
	if (message_level() >= MESSAGE_DETAILS)
		rtnl_set_trace(say_netlink);
}

/* What a row without an argument does. */
static int apply_flag(const struct parser *parser, const struct option_row *row)
{
	switch (row->type) {
	case OPTION_HELP:
		option_help(parser->table);
		return STATUS_DONE;
	case OPTION_VERSION:
		about_version();
		return STATUS_DONE;
	case OPTION_VERBOSE:
		raise_level();
		return OPTIONS_RUN;
	default:
		*(bool *)((char *)parser->fields + row->offset) = true;
		return OPTIONS_RUN;
	}
}

static int apply(const struct parser *parser, const struct option_row *row, const char *text)
{
	char why[OPTION_WHY] = "";

	if (!parse_value(row, text, (char *)parser->fields + row->offset, why))
		return OPTIONS_RUN;
	if (!why[0])
		snprintf(why, sizeof(why), "'%.64s' is not valid", text);
	message_error(parser->table->command, parser->name, "%s", why);
	return STATUS_USAGE;
}

/* `attached` is the text after "=" or behind the letter, NULL where there is none. */
static int with_argument(struct parser *parser, const struct option_row *row, const char *attached)
{
	if (attached)
		return apply(parser, row, attached);
	if (row->without)
		return apply(parser, row, row->without);
	if (parser->next >= parser->argc) {
		message_error(parser->table->command, parser->name,
			      "needs an argument, %s (see 'netacct %s --help')", row->argument,
			      parser->table->command);
		return STATUS_USAGE;
	}
	return apply(parser, row, parser->argv[parser->next++]);
}

static int parse_long(struct parser *parser, const char *text)
{
	const char *equals = strchr(text, '=');
	size_t length = equals ? (size_t)(equals - text) : strlen(text);
	const struct option_row *row = option_by_name(parser->table, text, length);

	snprintf(parser->name, sizeof(parser->name), "--%.*s", (int)length, text);
	if (!row)
		return no_such_option(parser);
	if (row->argument)
		return with_argument(parser, row, equals ? equals + 1 : NULL);
	if (equals) {
		message_error(parser->table->command, parser->name, "takes no argument");
		return STATUS_USAGE;
	}
	return apply_flag(parser, row);
}

static int parse_short(struct parser *parser, const char *letters)
{
	for (; *letters; letters++) {
		const struct option_row *row = option_by_letter(parser->table, *letters);
		int status;

		snprintf(parser->name, sizeof(parser->name), "-%c", *letters);
		if (!row)
			return no_such_option(parser);
		if (row->argument)
			return with_argument(parser, row, letters[1] ? letters + 1 : NULL);
		status = apply_flag(parser, row);
		if (status != OPTIONS_RUN)
			return status;
	}
	return OPTIONS_RUN;
}

static int check_count(const struct option_table *table, const struct arguments *arguments)
{
	if (arguments->count < table->arguments_min) {
		message_error(table->command, NULL, "needs %s (see 'netacct %s --help')",
			      table->arguments, table->command);
		return STATUS_USAGE;
	}
	if (arguments->count > table->arguments_max) {
		message_error(table->command, arguments->values[table->arguments_max],
			      "one argument too many (see 'netacct %s --help')", table->command);
		return STATUS_USAGE;
	}
	return OPTIONS_RUN;
}

/* Arguments move to the front of argv, behind the command's name, as they are met. */
int options_parse(const struct option_table *table, int argc, char **argv, void *fields,
		  struct arguments *ret)
{
	struct parser parser = {
		.table = table, .fields = fields, .argv = argv, .argc = argc, .next = 1};
	struct arguments arguments = {.values = argv + 1};
	bool ended = false;
	int status;

	while (parser.next < argc) {
		char *text = argv[parser.next++];

		if (ended || text[0] != '-' || !text[1]) {
			arguments.values[arguments.count++] = text;
			continue;
		}
		if (!strcmp(text, "--")) {
			ended = true;
			continue;
		}
		if (text[1] == '-')
			status = parse_long(&parser, text + 2);
		else
			status = parse_short(&parser, text + 1);
		if (status != OPTIONS_RUN)
			return status;
	}
	status = check_count(table, &arguments);
	if (status == OPTIONS_RUN)
		*ret = arguments;
	return status;
}
