/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Output files in a folder of their own, with a history and drains made by hand. */
#ifndef FILES_DESK_H
#define FILES_DESK_H

#include <errno.h>
#include <sys/stat.h>

#include "../../src/collector/files.h"
#include "sample_json.h"
#include "test_history_lab.h"

#define DESK_INSTANCES 2

/* As the first Python tool wrote it: one document for one interface, bytes alone, local times. */
#define DESK_FIRST_TOOL                                                                       \
	"{\n  \"metadata\": {\"timestamp\": \"2025-01-20T11:30:00.123456\", \"interface\": "  \
	"\"eth0\", \"namespace\": null, \"total_entries\": 2, \"whitelisted_ips_count\": "    \
	"0},\n"                                                                               \
	"  \"summary\": {\"total_rx_bytes\": 5000, \"total_tx_bytes\": 700, \"total_bytes\":" \
	" 5700, \"unique_source_ips\": 2, \"unique_destination_ips\": 2},\n"                  \
	"  \"protocol_breakdown\": {\"TCP\": {\"count\": 1, \"rx_bytes\": 4000, "             \
	"\"tx_bytes\": 700}},\n"                                                              \
	"  \"traffic_data\": [\n"                                                             \
	"    {\"source_ip\": \"10.0.0.1\", \"destination_ip\": \"192.0.2.1\", "               \
	"\"protocol\": \"TCP\", \"rx_bytes\": 4000, \"tx_bytes\": 700, \"total_bytes\": "     \
	"4700, \"first_seen\": \"2025-01-20T10:30:00\", \"last_updated\": "                   \
	"\"2025-01-20T11:29:58.5\"},\n"                                                       \
	"    {\"source_ip\": \"10.0.0.2\", \"destination_ip\": \"192.0.2.9\", "               \
	"\"protocol\": \"UNKNOWN\", \"rx_bytes\": 1000, \"tx_bytes\": 0, "                    \
	"\"total_bytes\": 1000, \"first_seen\": \"2025-01-20T10:31:00\", "                    \
	"\"last_updated\": \"2025-01-20T10:31:00\"}\n  ],\n"                                  \
	"  \"whitelist_info\": {\"enabled\": false, \"count\": 0, \"sample_ips\": []}\n}\n"

struct desk {
	struct lab lab;
	struct config config;
	struct config_instance instances[DESK_INSTANCES];
	char path[DESK_INSTANCES][128];
	struct files *files;
	struct config_error why;
	char said[2048];
	unsigned int sentences;
	uint64_t meter; /* each has an `attached_at` of its own, seconds */
	struct na_count seen[NA_DIRECTIONS]; /* by that meter */
};

static inline void desk_hear(void *context, const char *sentence)
{
	struct desk *desk = context;

	snprintf(desk->said, sizeof(desk->said), "%s", sentence);
	desk->sentences++;
}

static inline int desk_try_open(struct desk *desk)
{
	return files_open(&desk->config, desk->lab.history, desk_hear, desk, &desk->files,
			  &desk->why);
}

static inline void desk_open(struct desk *desk)
{
	if (desk_try_open(desk))
		fail_msg("%s", desk->why.text);
}

static inline void desk_close(struct desk *desk)
{
	files_close(desk->files);
	desk->files = NULL;
}

static inline void desk_begin(struct desk *desk)
{
	static const char *const names[] = {"eth0", "eth1"};
	size_t i;

	*desk = (struct desk){.meter = (uint64_t)LAB_NOON - 600};
	lab_begin(&desk->lab);
	lab_open(&desk->lab);
	for (i = 0; i < DESK_INSTANCES; i++) {
		snprintf(desk->path[i], sizeof(desk->path[i]), "%s/%s.out", desk->lab.folder,
			 names[i]);
		desk->instances[i] = (struct config_instance){
			.name = (char *)names[i],
			.interface = (char *)names[i],
			.output_file = desk->path[i],
			.key = NA_KEY_HOST_PAIR,
		};
	}
	desk->config = (struct config){
		.instances = desk->instances, .count = 1, .history_settings = desk->lab.settings};
}

static inline void desk_end(struct desk *desk)
{
	desk_close(desk);
	lab_end(&desk->lab);
}

/* Another meter; the one before is closed in the history. */
static inline void desk_replace(struct desk *desk)
{
	assert_int_equal(history_close_source(desk->lab.history, LAB_UUID, 0,
					      desk->meter * SAMPLE_SECOND, &desk->lab.why),
			 0);
	desk->meter++;
	memset(desk->seen, 0, sizeof(desk->seen));
}

static inline struct reading desk_reading(struct desk *desk, const char *id,
					  struct flow_record *records, size_t count)
{
	struct reading reading = lab_reading(&desk->lab, id, 0, records, count);
	size_t i;

	for (i = 0; i < count; i++) {
		na_count_add(&desk->seen[NA_RX], records[i].rx);
		na_count_add(&desk->seen[NA_TX], records[i].tx);
	}
	reading.interface = (char *)strstr(id, "eth");
	snprintf(reading.uuid, sizeof(reading.uuid), LAB_UUID);
	reading.attached_at = desk->meter * SAMPLE_SECOND;
	reading.since = ((uint64_t)desk->lab.drained + (uint64_t)desk->lab.offset);
	reading.read_at = (uint64_t)lab_seconds(&desk->lab) * SAMPLE_SECOND;
	reading.generation = desk->lab.generation + 1;
	memcpy(reading.balance.bucket[NA_SEEN], desk->seen, sizeof(desk->seen));
	memcpy(reading.balance.bucket[NA_ACCOUNTED], desk->seen, sizeof(desk->seen));
	return reading;
}

/* Five seconds later a drain of the instance's meter: stored, and added to its file. */
static inline void desk_add(struct desk *desk, size_t instance, struct flow_record *records,
			    size_t count)
{
	static const char *const ids[] = {"host--eth0", "host--eth1"};
	struct reading reading;

	lab_pass(&desk->lab, 5);
	reading = desk_reading(desk, ids[instance], records, count);
	reading.owner = (uint32_t)instance;
	reading.key = desk->instances[instance].key;
	assert_int_equal(history_bind(desk->lab.history, LAB_UUID, reading.owner,
				      reading.attached_at, desk->instances[instance].name,
				      &desk->lab.why),
			 0);
	assert_int_equal(lab_try_store(&desk->lab, &reading, 1), 0);
	assert_int_equal(files_add(desk->files, instance, &reading, 1), 0);
}

static inline void desk_write(struct desk *desk)
{
	if (files_write(desk->files, &desk->why))
		fail_msg("%s", desk->why.text);
}

/* One record of host number `host`; by remote address it is the remote one. */
static inline void desk_drain(struct desk *desk, size_t instance, uint32_t host, uint64_t rx_bytes,
			      uint64_t tx_bytes)
{
	struct flow_record record = lab_record(&desk->lab, host, rx_bytes, tx_bytes);

	if (desk->instances[instance].key == NA_KEY_REMOTE)
		memcpy(record.key.remote, record.key.local, sizeof(record.key.remote));
	key_coarsen(&record.key, desk->instances[instance].key);
	record.first_seen += 4 * LAB_TICKS_PER_SECOND;
	record.last_seen += 4 * LAB_TICKS_PER_SECOND;
	desk_add(desk, instance, &record, 1);
	desk_write(desk);
}

/* The whole file; free() it. */
static inline char *desk_text(const char *path)
{
	FILE *file = fopen(path, "r");
	struct stat status;
	char *text;

	assert_non_null(file);
	assert_int_equal(fstat(fileno(file), &status), 0);
	text = calloc(1, (size_t)status.st_size + 1);
	assert_non_null(text);
	assert_int_equal(fread(text, 1, (size_t)status.st_size, file), status.st_size);
	fclose(file);
	return text;
}

/* json_object_put() it. */
static inline struct json_object *desk_document(const char *path)
{
	char *text = desk_text(path);
	struct json_object *object = parse(text, strlen(text));

	free(text);
	return object;
}

static inline void desk_put(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static inline mode_t desk_mode(const char *path)
{
	struct stat status;

	assert_int_equal(lstat(path, &status), 0);
	return status.st_mode & 07777;
}

/* How many names in the folder have `part` in them; the last of them into `name`. */
static inline size_t desk_names(const struct desk *desk, const char *part, char name[static 400])
{
	DIR *folder = opendir(desk->lab.folder);
	const struct dirent *entry;
	size_t count = 0;

	assert_non_null(folder);
	while ((entry = readdir(folder)))
		if (strstr(entry->d_name, part)) {
			snprintf(name, 400, "%s/%s", desk->lab.folder, entry->d_name);
			count++;
		}
	closedir(folder);
	return count;
}

/* Sums of the first source of the file's document: bytes, and the records' are the same. */
static inline void desk_check(const char *path, size_t records, uint64_t rx_bytes,
			      uint64_t tx_bytes)
{
	struct json_object *root = desk_document(path), *flows = at(root, "sources/0/traffic_data");
	uint64_t rx = 0, tx = 0;
	size_t i;

	assert_int_equal(json_object_array_length(flows), records);
	for (i = 0; i < records; i++) {
		rx += number_at(json_object_array_get_idx(flows, i), "rx_bytes");
		tx += number_at(json_object_array_get_idx(flows, i), "tx_bytes");
	}
	assert_int_equal(rx, rx_bytes);
	assert_int_equal(tx, tx_bytes);
	assert_int_equal(number_at(root, "sources/0/summary/total_rx_bytes"), rx_bytes);
	assert_int_equal(number_at(root, "sources/0/summary/total_tx_bytes"), tx_bytes);
	assert_int_equal(number_at(root, "sources/0/balance/accounted/rx_bytes"), rx_bytes);
	assert_int_equal(number_at(root, "sources/0/balance/seen/tx_bytes"), tx_bytes);
	json_object_put(root);
}

#define DESK_TEST(name)                           \
	static void name##_on(struct desk *desk); \
	static void name(void **state)            \
	{                                         \
		struct desk desk;                 \
                                                  \
		(void)state;                      \
		desk_begin(&desk);                \
		name##_on(&desk);                 \
		desk_end(&desk);                  \
	}                                         \
	static void name##_on(struct desk *desk)

#endif
