/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "option_help.h"

#include <netacct/cleanup.h>
#include <stdio.h>
#include <string.h>

#define LABEL_SIZE 64

static const struct option_row common_rows[] = {
	{.short_name = 'v',
	 .long_name = "verbose",
	 .type = OPTION_VERBOSE,
	 .help = "say each step on stderr; twice: every detail too"},
	{.short_name = 'V',
	 .long_name = "version",
	 .type = OPTION_VERSION,
	 .help = "print version, ABI and features, and exit"},
	{.short_name = 'h',
	 .long_name = "help",
	 .type = OPTION_HELP,
	 .help = "print this help and exit"},
};

/* The command's rows, then the common ones, then NULL. */
static const struct option_row *row_at(const struct option_table *table, size_t index)
{
	if (index < table->count)
		return &table->rows[index];
	index -= table->count;
	return index < ARRAY_SIZE(common_rows) ? &common_rows[index] : NULL;
}

const struct option_row *option_by_letter(const struct option_table *table, char letter)
{
	const struct option_row *row;

	for (size_t i = 0; (row = row_at(table, i)); i++) {
		if (row->short_name && row->short_name == letter)
			return row;
	}
	return NULL;
}

const struct option_row *option_by_name(const struct option_table *table, const char *name,
					size_t length)
{
	const struct option_row *row;

	for (size_t i = 0; (row = row_at(table, i)); i++) {
		if (strlen(row->long_name) == length && !memcmp(row->long_name, name, length))
			return row;
	}
	return NULL;
}

void option_words(const struct option_row *row, const char *separator, char *buffer, size_t size)
{
	size_t used = 0;

	buffer[0] = '\0';
	for (const struct option_word *word = row->words; word->word && used < size; word++)
		used += (size_t)snprintf(buffer + used, size - used, "%s%s", used ? separator : "",
					 word->word);
}

/* "-n, --netns=NS", "    --xdp[=MODE]"; returns its length. */
static int label(const struct option_row *row, char buffer[static LABEL_SIZE])
{
	char letter[5] = "    ";

	if (row->short_name)
		snprintf(letter, sizeof(letter), "-%c, ", row->short_name);
	return snprintf(buffer, LABEL_SIZE, "%s--%s%s%s%s%s", letter, row->long_name,
			row->without ? "[" : "", row->argument ? "=" : "",
			row->argument ? row->argument : "", row->without ? "]" : "");
}

static void help_row(const struct option_row *row, int width)
{
	char buffer[LABEL_SIZE];

	label(row, buffer);
	printf("  %-*s  %s", width, buffer, row->help);
	if (row->shown_default)
		printf(" (default: %s)", row->shown_default);
	putchar('\n');
}

void option_help(const struct option_table *table)
{
	const struct option_row *row;
	char buffer[LABEL_SIZE];
	int width = 0;

	for (size_t i = 0; (row = row_at(table, i)); i++) {
		int length = label(row, buffer);

		width = length > width ? length : width;
	}
	printf("usage: netacct %s [OPTION]...%s%s\n", table->command,
	       table->arguments[0] ? " " : "", table->arguments);
	printf("%s\n\n", table->summary);
	for (size_t i = 0; (row = row_at(table, i)); i++)
		help_row(row, width);
	if (table->notes)
		printf("\n%s", table->notes);
	printf("\nThe manual: netacct-%s(8)\n", table->command);
}
