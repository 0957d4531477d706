/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A command's option table, and what it makes of words. */
#ifndef NETACCT_TEST_OPTION_SAMPLE_H
#define NETACCT_TEST_OPTION_SAMPLE_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <errno.h>
#include <netacct/cleanup.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../../src/cmd/option.h"

enum mode { MODE_OFF, MODE_AUTO, MODE_NATIVE };

struct fields {
	bool all;
	bool quiet;
	const char *netns;
	uint64_t flows;
	uint32_t top;
	uint32_t next_to_top; /* must stay as it is */
	enum mode mode;
	char even[8];
};

static const struct option_word modes[] = {
	{"auto", MODE_AUTO},
	{"native", MODE_NATIVE},
	{NULL, 0},
};

static int parse_even(const char *text, void *field, char why[static OPTION_WHY])
{
	if (!strcmp(text, "general"))
		return -EINVAL;
	if (strlen(text) % 2) {
		snprintf(why, OPTION_WHY, "'%s' is odd", text);
		return -EINVAL;
	}
	snprintf(field, sizeof(((struct fields *)NULL)->even), "%s", text);
	return 0;
}

static const struct option_row rows[] = {
	{.short_name = 'a',
	 .long_name = "all",
	 .type = OPTION_FLAG,
	 OPTION_FIELD(struct fields, all),
	 .help = "all of them"},
	{.short_name = 'q',
	 .long_name = "quiet",
	 .type = OPTION_FLAG,
	 OPTION_FIELD(struct fields, quiet),
	 .help = "no output"},
	{.short_name = 'n',
	 .long_name = "netns",
	 .argument = "NS",
	 .type = OPTION_STRING,
	 OPTION_FIELD(struct fields, netns),
	 .help = "the namespace"},
	{.short_name = 'f',
	 .long_name = "max-flows",
	 .argument = "N",
	 .type = OPTION_UINT,
	 .minimum = 2,
	 .maximum = 1000,
	 OPTION_FIELD(struct fields, flows),
	 .shown_default = "65536",
	 .help = "flows that have room"},
	{.short_name = 'm',
	 .long_name = "mode",
	 .argument = "MODE",
	 .without = "auto",
	 .type = OPTION_ENUM,
	 .words = modes,
	 OPTION_FIELD(struct fields, mode),
	 .help = "auto or native"},
	{.long_name = "top",
	 .argument = "N",
	 .type = OPTION_UINT,
	 .maximum = UINT32_MAX,
	 OPTION_FIELD(struct fields, top),
	 .help = "so many"},
	{.long_name = "even",
	 .argument = "TEXT",
	 .type = OPTION_CALLBACK,
	 .parse = parse_even,
	 OPTION_FIELD(struct fields, even),
	 .help = "a text of even length"},
};

static const struct option_table table = {
	.command = "attach",
	.arguments = "SOURCE...",
	.summary = "Count at a source.",
	.notes = "A note.\n",
	.rows = rows,
	.count = ARRAY_SIZE(rows),
	.arguments_max = 3,
};

/* What the last parse left behind. */
static struct fields fields;
static struct arguments arguments;
static char *words[16];
static char output[8192];

static void catch (FILE *stream, FILE *file, int saved, char *buffer, size_t size)
{
	size_t length;

	fflush(stream);
	dup2(saved, fileno(stream));
	close(saved);
	rewind(file);
	length = fread(buffer, 1, size - 1, file);
	buffer[length] = '\0';
	fclose(file);
}

/* Parses "attach" and the words; what is said on `stream` is in `output`. */
static int parse_to(FILE *stream, const struct option_table *of, const char *const *text)
{
	FILE *file = tmpfile();
	int saved = dup(fileno(stream));
	int count = 1;
	int status;

	assert_non_null(file);
	memset(&fields, 0, sizeof(fields));
	fields.flows = 7;
	words[0] = (char *)"attach";
	for (; text[count - 1]; count++)
		words[count] = (char *)text[count - 1];
	words[count] = NULL;
	fflush(stream);
	dup2(fileno(file), fileno(stream));
	status = options_parse(of, count, words, &fields, &arguments);
	catch (stream, file, saved, output, sizeof(output));
	return status;
}

#define parse(...) parse_to(stderr, &table, (const char *const[]){__VA_ARGS__, NULL})

#endif
