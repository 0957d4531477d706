// SPDX-License-Identifier: GPL-2.0-or-later
/* What instances must not do to each other. */
#include <errno.h>
#include <string.h>

#include "../source/sentence.h"
#include "config_part.h"

static bool same(const char *left, const char *right)
{
	return left == right || (left && right && !strcmp(left, right));
}

static int check_pair(const struct config *config, size_t first, size_t second,
		      struct config_error *why)
{
	const struct config_instance *one = &config->instances[first];
	const struct config_instance *other = &config->instances[second];
	char where[CONFIG_WHERE];

	config_where(where, "instance", second + 1, other->tag ? other->tag : other->interface);
	if (same(one->namespace, other->namespace) && same(one->interface, other->interface))
		return config_fail(why, where, "instance %zu counts at the same interface",
				   first + 1);
	if (same(one->name, other->name))
		return config_fail(why, where, "instance %zu is called %s too: give them tags",
				   first + 1, quote(one->name).text);
	if (one->output_file && same(one->output_file, other->output_file) &&
	    one->output_format != other->output_format)
		return config_fail(
			why, where,
			"\"output_format\": instance %zu writes the same file in another",
			first + 1);
	return 0;
}

/* What is written over must be nobody else's. */
static int check_output(const struct config *config, size_t number, struct config_error *why)
{
	const struct config_instance *instance = &config->instances[number];
	const char *output = instance->output_file, *what = NULL;
	char where[CONFIG_WHERE];

	if (!output)
		return 0;
	if (same(output, config->path))
		what = "the configuration itself";
	else if (same(output, config->history))
		what = "the history";
	else if (same(output, config->socket))
		what = "the socket";
	for (size_t i = 0; !what && i < config->count; i++)
		if (same(output, config->instances[i].whitelist_file))
			what = "a whitelist";
	if (!what)
		return 0;
	config_where(where, "instance", number + 1,
		     instance->tag ? instance->tag : instance->interface);
	return config_fail(why, where, "\"output_file\": %s is %s", quote(output).text, what);
}

int config_check_instances(const struct config *config, struct config_error *why)
{
	int error = 0;

	for (size_t i = 0; !error && i < config->count; i++) {
		for (size_t j = 0; !error && j < i; j++)
			error = check_pair(config, j, i, why);
		if (!error)
			error = check_output(config, i, why);
	}
	return error;
}
