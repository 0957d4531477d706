/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <netacct/cleanup.h>
#include <string.h>

#include "../meter/json_strict.h"
#include "../output/escape.h"
#include "../output/human.h"
#include "../output/rfc3339.h"
#include "files.h"
#include "files_read.h"

#define ID_WIDTH 32

static void put_amount(struct buffer *buffer, const struct na_count *count)
{
	char bytes[HUMAN_BYTES_MAX + 1], text[64];

	*human_bytes_write(bytes, count->bytes) = '\0';
	snprintf(text, sizeof(text), "%14llu %12s", (unsigned long long)count->packets, bytes);
	buffer_text(buffer, text);
}

static void put_line(struct buffer *buffer, const char *name, const struct na_count rx_tx[2])
{
	size_t before = buffer->used;

	escape_terminal(buffer, name);
	if (buffer->used - before < ID_WIDTH)
		buffer_spaces(buffer, ID_WIDTH - (buffer->used - before));
	put_amount(buffer, &rx_tx[NA_RX]);
	put_amount(buffer, &rx_tx[NA_TX]);
}

static void add(struct na_count to[2], const struct na_count from[2])
{
	int direction;

	for (direction = 0; direction < NA_DIRECTIONS; direction++) {
		na_count_add(&to[direction], from[direction]);
	}
}

static int put_file(struct buffer *buffer, const char *path, struct na_count total[2])
{
	_cleanup_json_ struct json_object *document = NULL;
	char stamp[RFC3339_WRITE_MAX + 1];
	struct rfc3339 time = {0};
	struct file_source source;
	size_t count, i;
	int error = file_document(path, &document);

	count = error ? 0 : file_sources(document);
	for (i = 0; i < count && !error; i++) {
		error = file_source(document, i, &source);
		if (error)
			break;
		put_line(buffer, source.id ? source.id : path, source.rx_tx);
		*rfc3339_seconds(&time, (uint64_t)source.timestamp, stamp) = '\0';
		buffer_text(buffer, "  ");
		buffer_text(buffer, stamp);
		buffer_char(buffer, '\n');
		add(total, source.rx_tx);
	}
	return error;
}

static bool seen_before(const struct config *config, size_t number)
{
	size_t i;

	for (i = 0; i < number; i++)
		if (config->instances[i].output_file &&
		    !strcmp(config->instances[i].output_file,
			    config->instances[number].output_file))
			return true;
	return false;
}

int files_print_summary(const struct config *config, FILE *file, struct config_error *why)
{
	_cleanup_free_ struct buffer *buffer = buffer_new(file);
	struct na_count total[NA_DIRECTIONS] = {};
	size_t i;
	int error, first = 0;

	if (!buffer)
		return -ENOMEM;
	buffer_text(buffer, "SOURCE                                RX-PACKETS     RX-BYTES    "
			    "TX-PACKETS     TX-BYTES  AS OF\n");
	for (i = 0; i < config->count; i++) {
		const struct config_instance *instance = &config->instances[i];

		if (!instance->output_file || instance->output_format != CONFIG_JSON ||
		    seen_before(config, i))
			continue;
		error = put_file(buffer, instance->output_file, total);
		if (!error || first)
			continue;
		first = error;
		snprintf(why->text, sizeof(why->text), "%.400s: %s", instance->output_file,
			 error == -EINVAL ? "not a document of netacct" : strerror(-error));
	}
	put_line(buffer, "total", total);
	buffer_char(buffer, '\n');
	error = buffer_flush(buffer);
	return error ? error : first;
}
