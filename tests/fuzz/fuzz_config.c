// SPDX-License-Identifier: GPL-2.0-or-later
/* The instances of a configuration, and the source ids that they match. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../../src/cmd/config_sources.h"
#include "fuzz.h"

static void check_taken(const struct config_sources *sources)
{
	size_t i;

	for (i = 0; i < sources->count; i++) {
		const char *pattern = sources->patterns[i];

		MUST(pattern && strstr(pattern, "--"));
		MUST(is_utf8(pattern, strlen(pattern)));
		/* one without a pattern in it stands for itself, backslashes too */
		if (!strpbrk(pattern, "*?["))
			MUST(config_sources_match(sources, pattern));
	}
	MUST(!sources->patterns || !sources->patterns[sources->count]);
	(void)config_sources_match(sources, "host--eth0");
	(void)config_sources_match(sources, "blue--a-rather-lon");
	(void)config_sources_match(sources, "");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input = {data, size};
	struct config_sources sources;
	struct config_error why;
	char *text = input_rest(&input);
	int error;

	fuzz_mark(&sources, sizeof(sources));
	error = config_sources_parse(text, size, &sources, &why);
	if (error) {
		MUST(error == -EINVAL);
		MUST(is_sentence(why.text, sizeof(why.text)));
		MUST(is_marked(&sources, sizeof(sources)));
	} else {
		check_taken(&sources);
		config_sources_clear(&sources);
	}
	free(text);
	return 0;
}
