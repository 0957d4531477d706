// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <limits.h>
#include <netacct/cleanup.h>
#include <string.h>
#include <unistd.h>

#include "output.h"
#include "render.h"

typedef int render_fn(const struct rendering *rendering, const struct reading *readings,
		      size_t count);

static const struct {
	const char *name;
	render_fn *render;
} formats[] = {
	[OUTPUT_JSON] = {"json", render_json},
	[OUTPUT_NDJSON] = {"ndjson", render_ndjson},
	[OUTPUT_CSV] = {"csv", render_csv},
	[OUTPUT_TABLE] = {"table", render_table},
};

int output_format_parse(const char *text, enum output_format *ret)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(formats); i++) {
		if (!strcmp(text, formats[i].name)) {
			*ret = (enum output_format)i;
			return 0;
		}
	}
	return -EINVAL;
}

/* NULL where nobody needs them, and where the system has no such file. */
static int load_services(const struct reading *readings, size_t count, struct services **ret)
{
	size_t i;
	int err;

	for (i = 0; i < count; i++) {
		if (readings[i].key != NA_KEY_FLOW)
			continue;
		err = services_load(SERVICES_FILE, ret);
		return err == -ENOMEM ? err : 0;
	}
	return 0;
}

/* Columns of a table are as wide as the widest of all records. */
static bool takes(enum output_format format, const struct reading *readings, size_t count)
{
	size_t i;

	for (i = 0; format == OUTPUT_TABLE && i < count; i++)
		if (readings[i].stream)
			return false;
	return (unsigned int)format < ARRAY_SIZE(formats);
}

int output_readings(FILE *file, const struct output_options *options,
		    const struct reading *readings, size_t count)
{
	_cleanup_free_ struct buffer *buffer = buffer_new(file);
	_cleanup_services_ struct services *services = NULL;
	struct output_options filled = *options;
	struct rendering rendering = {.buffer = buffer, .options = &filled};
	char hostname[HOST_NAME_MAX + 1] = "";
	int err, flushed;

	if (!buffer)
		return -ENOMEM;
	if (!takes(options->format, readings, count))
		return -EINVAL;
	err = load_services(readings, count, &services);
	if (err)
		return err;
	if (!filled.hostname) {
		gethostname(hostname, sizeof(hostname) - 1);
		filled.hostname = hostname;
	}
	rendering.services = services;
	err = formats[options->format].render(&rendering, readings, count);
	flushed = buffer_flush(buffer);
	return err ? err : flushed;
}
