/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Records and readings to try the outputs on. */
#ifndef SAMPLE_H
#define SAMPLE_H

#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../src/output/output.h"

#define SAMPLE_SECOND 1000000000ull
/* 2026-11-22T10:30:00.123456789Z */
#define SAMPLE_NOW (1795343400ull * SAMPLE_SECOND + 123456789)

static inline void sample_address(const char *text, uint32_t address[4], uint32_t *what)
{
	static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};

	if (inet_pton(AF_INET, text, &address[3]) == 1) {
		memcpy(address, mapped, sizeof(mapped));
		*what |= NA_WHAT_IPV4;
	} else {
		assert_int_equal(inet_pton(AF_INET6, text, address), 1);
	}
}

static inline struct na_key sample_key(const char *local, const char *remote, uint8_t protocol,
				       uint16_t local_port, uint16_t remote_port)
{
	struct na_key key = {.local_port = local_port, .remote_port = remote_port};
	uint32_t what = NA_WHAT_SET | protocol;

	if (local)
		sample_address(local, key.local, &what);
	if (remote)
		sample_address(remote, key.remote, &what);
	key.what = what;
	return key;
}

static inline struct flow_record sample_record(struct na_key key, uint64_t rx_bytes,
					       uint64_t tx_bytes)
{
	return (struct flow_record){.key = key,
				    .rx = {.packets = rx_bytes / 100, .bytes = rx_bytes},
				    .tx = {.packets = tx_bytes / 100, .bytes = tx_bytes},
				    .first_seen = 0,
				    .last_seen = 250};
}

/* A reading of host--eth0 with a copy of the records; reading_clear() it. A tick is 0.256 s. */
static inline struct reading sample_reading(enum na_key_kind kind,
					    const struct flow_record *records, size_t count)
{
	struct reading reading = {
		.id = strdup("host--eth0"),
		.interface = strdup("eth0"),
		.uuid = "0b5c0000-0000-4000-8000-000000000001",
		.read_at = SAMPLE_NOW,
		.attached_at = SAMPLE_NOW - 5400 * SAMPLE_SECOND,
		.since = SAMPLE_NOW - 3600 * SAMPLE_SECOND,
		.netns_inode = 4026531840,
		.netns_cookie = 1,
		.ifindex = 2,
		.max_flows = 65536,
		.generation = 12,
		.live = true,
		.exact = true,
		.key = kind,
		.time_base = {.epoch_monotonic = 0,
			      .realtime_minus_monotonic = SAMPLE_NOW - 120 * SAMPLE_SECOND,
			      .hz = 250},
		.count = count,
		.shown = count,
	};

	reading.records = calloc(count + 1, sizeof(*records));
	assert_non_null(reading.records);
	if (count)
		memcpy(reading.records, records, count * sizeof(*records));
	return reading;
}

/* What output_readings() writes; free() it. */
static inline char *sample_output(const struct output_options *options,
				  const struct reading *readings, size_t count)
{
	struct output_options filled = *options;
	size_t length = 0;
	char *text = NULL;
	FILE *file = open_memstream(&text, &length);

	assert_non_null(file);
	if (!filled.hostname)
		filled.hostname = "db1";
	filled.timestamp = SAMPLE_NOW;
	assert_int_equal(output_readings(file, &filled, readings, count), 0);
	fclose(file);
	assert_int_equal(strlen(text), length);
	return text;
}

#endif
