/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <netacct/cleanup.h>
#include <string.h>

#include "../output/escape.h"
#include "../output/json_writer.h"
#include "doctor.h"

#define COLUMNS 100
#define STATE_WIDTH 9
#define NEEDED_WIDTH 8
#define NAME_WIDTH 20
#define INDENT (STATE_WIDTH + NEEDED_WIDTH + NAME_WIDTH)
#define TEXT_WIDTH (COLUMNS - INDENT)

static const char *state_word(const struct probe *probe)
{
	static const char *const words[] = {
		[PROBE_GOOD] = "good", [PROBE_MISSING] = "missing", [PROBE_NOTE] = "note"};

	return words[probe->state];
}

bool doctor_good(const struct probes *probes)
{
	size_t i;

	for (i = 0; i < probes->count; i++)
		if (probes->rows[i].needed && probes->rows[i].state == PROBE_MISSING)
			return false;
	return true;
}

static void put_padded(struct buffer *out, const char *text, size_t width)
{
	size_t length = strlen(text);

	buffer_text(out, text);
	buffer_spaces(out, length < width ? width - length : 1);
}

static bool continues(char byte)
{
	return ((unsigned char)byte & 0xc0) == 0x80;
}

/* How many bytes fit in a line: up to a blank where there is one. */
static size_t fitting(const char *text, size_t length)
{
	size_t width = 0, end = 0, blank = 0;

	for (; end < length; end++) {
		if (continues(text[end]))
			continue;
		if (width == TEXT_WIDTH)
			break;
		if (text[end] == ' ')
			blank = end;
		width++;
	}
	return end == length || text[end] == ' ' || !blank ? end : blank;
}

/* The first line begins where we are, the others below it. */
static void put_wrapped(struct buffer *out, struct buffer *scratch, const char *text)
{
	size_t at = 0;

	scratch->used = 0;
	escape_terminal(scratch, text);
	while (at < scratch->used) {
		size_t length = fitting(scratch->data + at, scratch->used - at);

		if (at)
			buffer_spaces(out, INDENT);
		buffer_bytes(out, scratch->data + at, length);
		buffer_char(out, '\n');
		at += length;
		while (at < scratch->used && scratch->data[at] == ' ')
			at++;
	}
	if (!scratch->used)
		buffer_char(out, '\n');
}

/* A line at a time: the buffer in memory is smaller than a log may be. */
static void put_log(struct buffer *out, struct buffer *scratch, const char *log)
{
	char line[1024];

	while (*log) {
		size_t length = strcspn(log, "\n");

		snprintf(line, sizeof(line), "%.*s", (int)length, log);
		buffer_spaces(out, INDENT);
		put_wrapped(out, scratch, line);
		log += length + (log[length] == '\n');
	}
}

static void put_row(struct buffer *out, struct buffer *scratch, const struct probe *probe,
		    bool logs)
{
	char advice[sizeof(probe->advice) + 8];

	put_padded(out, state_word(probe), STATE_WIDTH);
	put_padded(out, probe->needed ? "needed" : "", NEEDED_WIDTH);
	put_padded(out, probe->name, NAME_WIDTH);
	put_wrapped(out, scratch, probe->text);
	if (probe->advice[0]) {
		snprintf(advice, sizeof(advice), "to do: %s", probe->advice);
		buffer_spaces(out, INDENT);
		put_wrapped(out, scratch, advice);
	}
	if (logs && probe->log)
		put_log(out, scratch, probe->log);
}

/* The names of rows of a kind behind `head`; false: there are none. */
static bool put_names(struct buffer *out, const char *head, const struct probes *probes,
		      bool missing)
{
	size_t width = 0, i;

	for (i = 0; i < probes->count; i++) {
		const struct probe *probe = &probes->rows[i];
		size_t length = strlen(probe->name) + 2;

		if (missing ? !probe->needed || probe->state != PROBE_MISSING : !probe->unseen)
			continue;
		if (width && width + length >= COLUMNS) {
			buffer_text(out, ",\n  ");
			width = 2;
		} else {
			buffer_text(out, width ? ", " : head);
			width += width ? 0 : strlen(head);
		}
		buffer_text(out, probe->name);
		width += length;
	}
	if (width)
		buffer_char(out, '\n');
	return width;
}

int doctor_table(struct buffer *out, const struct probes *probes, const char *source, bool logs)
{
	_cleanup_free_ struct buffer *scratch = buffer_new(NULL);
	bool unseen;
	size_t i;

	if (!scratch)
		return -ENOMEM;
	for (i = 0; i < probes->count; i++)
		put_row(out, scratch, &probes->rows[i], logs);
	unseen = put_names(out, "\nnot seen: ", probes, false);
	put_names(out, "\nmissing and needed: ", probes, true);
	if (doctor_good(probes)) {
		buffer_text(out, "\nnothing that is needed is missing");
		buffer_text(out, source ? " there\n" : unseen ? " of what could be seen\n" : "\n");
	}
	return 0;
}

static void put_text(struct json *json, const char *name, const char *text)
{
	json_string(json, name, text && text[0] ? text : NULL);
}

void doctor_json(struct buffer *out, const struct probes *probes, const char *source, bool pretty)
{
	struct json json = {.buffer = out, .pretty = pretty};
	size_t i;

	json_open(&json, NULL, '{');
	json_string(&json, "schema", "netacct-doctor/1");
	json_boolean(&json, "good", doctor_good(probes));
	json_string(&json, "source", source);
	json_open(&json, "checks", '[');
	for (i = 0; i < probes->count; i++) {
		const struct probe *probe = &probes->rows[i];

		json_open(&json, NULL, '{');
		json_string(&json, "name", probe->name);
		json_string(&json, "state", state_word(probe));
		json_boolean(&json, "needed", probe->needed);
		json_boolean(&json, "unseen", probe->unseen);
		put_text(&json, "text", probe->text);
		put_text(&json, "to_do", probe->advice);
		put_text(&json, "log", probe->log);
		json_close(&json, '}');
	}
	json_close(&json, ']');
	json_close(&json, '}');
	buffer_char(out, '\n');
}
