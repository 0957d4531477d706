/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <netacct/cleanup.h>
#include <stdbool.h>
#include <string.h>

#include "frame.h"

static const char *const commands[] = {"dump", "report"};

/* Those that only choose what is printed, and how. */
static const char *const options[] = {
	"json",	     "pretty",	   "format",  "top",   "sort",	  "by",	   "string-counters",
	"netns",     "namespace",  "verbose", "help",  "version", "since", "until",
	"bin",	     "percentile", "csv",     "total", "resolve", "check", "anomalies",
	"reset-day", "source",
};
static const char letters[] = "jpvhV";

static bool is_one_of(const char *word, size_t length, const char *const *words, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (strlen(words[i]) == length && !strncmp(words[i], word, length))
			return true;
	return false;
}

/* A namespace may be named by any path: root would open it for a stranger. */
static bool plain_netns(const char *value)
{
	return !strchr(value, '/');
}

/* "blue/eth0" and "prefix/24" have one slash; with two the first part is a path. */
static bool plain_argument(const char *word)
{
	const char *slash = strchr(word, '/');

	return word[0] != '/' && word[0] != '.' && (!slash || !strchr(slash + 1, '/'));
}

/* *ret_netns: the next word is a namespace. */
static bool long_allowed(const char *word, bool *ret_netns)
{
	size_t length = strcspn(word, "=");
	bool netns = is_one_of(word, length, (const char *const[]){"netns", "namespace"}, 2);

	if (!is_one_of(word, length, options, ARRAY_SIZE(options)))
		return false;
	*ret_netns = netns && !word[length];
	return !netns || plain_netns(word + length);
}

static bool short_allowed(const char *word, bool *ret_netns)
{
	for (; *word; word++) {
		if (*word == 'n') {
			*ret_netns = !word[1];
			return plain_netns(word + 1);
		}
		if (!strchr(letters, *word))
			return false;
	}
	return true;
}

static bool allowed(const char *word, bool *netns)
{
	bool value = *netns;

	*netns = false;
	if (word[0] != '-')
		return value ? plain_netns(word) : plain_argument(word);
	if (value || !word[1])
		return false;
	return word[1] == '-' ? long_allowed(word + 2, netns) : short_allowed(word + 1, netns);
}

int request_allowed(int argc, char *const *argv, const char **ret_word)
{
	bool netns = false;
	int i;

	*ret_word = argc < 1 ? "" : argv[0];
	if (argc < 1 || !is_one_of(argv[0], strlen(argv[0]), commands, ARRAY_SIZE(commands)))
		return -EPERM;
	for (i = 1; i < argc; i++) {
		*ret_word = argv[i];
		if (!allowed(argv[i], &netns))
			return -EPERM;
	}
	return 0;
}
