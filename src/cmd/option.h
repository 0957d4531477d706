/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Command lines. A command has one table, a row an option, and a struct that
 * the rows' offsets point into; parsing, defaults and --help come from the
 * table alone.
 *
 *	struct attach_options { const char *netns; int xdp; uint64_t max_flows; };
 *
 *	static const struct option_row rows[] = {
 *		{ .short_name = 'n', .long_name = "netns", .argument = "NS",
 *		  .type = OPTION_STRING, OPTION_FIELD(struct attach_options, netns),
 *		  .help = "the network namespace" },
 *
 * The syntax is GNU's: --long=VALUE, --long VALUE, -xVALUE, -x VALUE, -jv for
 * -j -v, options after arguments, "--" ends them. Long names are matched
 * whole, never by prefix. -h/--help, -v/--verbose and -V/--version are in
 * every table without being written there.
 */
#ifndef NETACCT_OPTION_H
#define NETACCT_OPTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum option_type {
	OPTION_FLAG, /* bool: true */
	OPTION_STRING, /* const char *: into argv */
	OPTION_UINT, /* uint64_t or uint32_t by the field's size: decimal, minimum to maximum */
	OPTION_ENUM, /* int or an enum: value of one of `words` */
	OPTION_CALLBACK, /* whatever `parse` makes of it */
	OPTION_HELP, /* these three are the parser's own */
	OPTION_VERBOSE,
	OPTION_VERSION,
};

struct option_word {
	const char *word; /* NULL ends the array */
	int value;
};

#define OPTION_WHY 256

struct option_row {
	char short_name; /* 0: none */
	const char *long_name;
	const char *argument; /* its name in the help; NULL: it takes none */
	const char
		*without; /* not NULL: the argument may be left out (--long[=X]) and is this then */
	enum option_type type;
	size_t offset; /* of the field in the command's struct */
	size_t size; /* of that field, see OPTION_FIELD */
	uint64_t minimum, maximum; /* OPTION_UINT */
	const struct option_word *words; /* OPTION_ENUM */
	/* OPTION_CALLBACK: 0, or -errno with a sentence in why ("": a general one is made). */
	int (*parse)(const char *text, void *field, char why[static OPTION_WHY]);
	const char *shown_default; /* in the help; NULL: none */
	const char *help; /* one line; fits in 100 columns with what the table adds */
};

#define OPTION_FIELD(type, field) \
	.offset = offsetof(type, field), .size = sizeof(((type *)NULL)->field)

struct option_table {
	const char *command; /* "attach" */
	const char *arguments; /* of the usage line: "SOURCE...", "" for none */
	const char *summary; /* one line: what the command does */
	const char *notes; /* lines below the options, each ended by a newline; may be NULL */
	const struct option_row *rows;
	size_t count;
	size_t arguments_min; /* fewer are a usage error */
	size_t arguments_max; /* more are one too; SIZE_MAX: any number */
};

struct arguments {
	char **values; /* into argv, not owned */
	size_t count;
};

#define OPTIONS_RUN (-1)

/*
 * argv[0] is the command's name. Returns OPTIONS_RUN where the command is to
 * go on; else an exit status to return at once: 0 after --help or --version,
 * 2 after an error, which has been printed. argv is permuted.
 */
int options_parse(const struct option_table *table, int argc, char **argv, void *fields,
		  struct arguments *ret);

#endif
