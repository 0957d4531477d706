// SPDX-License-Identifier: GPL-2.0-or-later
#include <stddef.h>
#include <string.h>

#include "config_part.h"

#define HISTORY_FOLDER "/var/lib/netacct"
#define SIZE_MIN (1u << 20)
#define SIZE_LIMIT (1ull << 62)
#define ROWS_MAX (1ull << 31)
#define HOUR 3600ull
#define DAY (24 * HOUR)
#define CENTURY (36525 * DAY)

#define MEMBER(member) FIELD(struct config, member)
#define SETTING(member) MEMBER(history_settings.member)

static const struct field fields[] = {
	{"path", FIELD_TEXT, MEMBER(history), 0, 0, false, NULL},
	{"max_size", FIELD_SIZE, SETTING(max_size), SIZE_MIN, SIZE_LIMIT, true, NULL},
	{"max_totals", FIELD_NUMBER, SETTING(max_totals), 1, ROWS_MAX, false, NULL},
	{"retention", FIELD_OBJECT, 0, 0, 0, 0, false, NULL},
	{"top", FIELD_OBJECT, 0, 0, 0, 0, false, NULL},
};

/* A bin must last until the coarser one that is made of it is over. */
static const struct field retention_fields[] = {
	{"minute", FIELD_DURATION, SETTING(retention[HISTORY_MINUTE]), HOUR, CENTURY, true, NULL},
	{"5min", FIELD_DURATION, SETTING(retention[HISTORY_5MIN]), 2 * HOUR, CENTURY, true, NULL},
	{"hour", FIELD_DURATION, SETTING(retention[HISTORY_HOUR]), 2 * DAY, CENTURY, true, NULL},
	{"day", FIELD_DURATION, SETTING(retention[HISTORY_DAY]), 62 * DAY, CENTURY, true, NULL},
	{"month", FIELD_DURATION, SETTING(retention[HISTORY_MONTH]), 62 * DAY, CENTURY, true, NULL},
};

static const struct field top_fields[] = {
	{"5min", FIELD_NUMBER, SETTING(top[HISTORY_5MIN]), 0, ROWS_MAX, false, NULL},
	{"hour", FIELD_NUMBER, SETTING(top[HISTORY_HOUR]), 0, ROWS_MAX, false, NULL},
	{"day", FIELD_NUMBER, SETTING(top[HISTORY_DAY]), 0, ROWS_MAX, false, NULL},
	{"month", FIELD_NUMBER, SETTING(top[HISTORY_MONTH]), 0, ROWS_MAX, false, NULL},
};

int config_read_history(const struct config_reading *reading, struct json_object *history)
{
	static const char where[] = "\"history\": ";
	struct config *config = reading->config;
	struct json_object *part;
	int error = config_read_object(history, fields, ARRAY_SIZE(fields), where, config,
				       reading->why);

	if (!error && !config->history)
		error = config_fail(reading->why, where, "\"path\" must be a string, not null");
	if (!error && json_object_object_get_ex(history, "path", NULL))
		error = config_path_replace(&config->history, HISTORY_FOLDER, reading->folder,
					    where, "path", reading->why);
	if (!error && json_object_object_get_ex(history, "retention", &part))
		error = config_read_object(part, retention_fields, ARRAY_SIZE(retention_fields),
					   "\"history\": \"retention\": ", config, reading->why);
	if (!error && json_object_object_get_ex(history, "top", &part))
		error = config_read_object(part, top_fields, ARRAY_SIZE(top_fields),
					   "\"history\": \"top\": ", config, reading->why);
	return error;
}
