/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Instances to show on the collector's console, and what holds for all that it shows. */
#ifndef CONSOLE_SAMPLE_H
#define CONSOLE_SAMPLE_H

#include "sample.h"

#include "../../src/collector/console.h"
#include "../../src/collector/console_line.h"
#include "../../src/record/utf8.h"

static const struct console_options wide = {
	.rows = 40, .columns = 120, .now = SAMPLE_NOW, .seconds = 5};

static inline char *print(const struct console_options *options, const struct console_block *blocks,
			  size_t count)
{
	size_t length = 0;
	char *text = NULL;
	FILE *file = open_memstream(&text, &length);

	assert_non_null(file);
	assert_int_equal(console_print(file, options, blocks, count), 0);
	fclose(file);
	assert_int_equal(strlen(text), length);
	return text;
}

/* No more lines than the terminal has but one, none wider than it is, nothing that it obeys. */
static inline void assert_fits(const char *text, const struct console_options *options)
{
	unsigned int rows = 0;

	while (*text) {
		const char *end = strchr(text, '\n');
		uint32_t character;

		assert_non_null(end);
		rows++;
		if (console_width(text, (size_t)(end - text)) > options->columns)
			fail_msg("wider than %u: %.*s", options->columns, (int)(end - text), text);
		while (text < end) {
			text += utf8_read(text, (size_t)(end - text), &character);
			assert_true(character != UTF8_INVALID && character >= 0x20 &&
				    (character < 0x7f || character >= 0xa0));
		}
		text = end + 1;
	}
	assert_true(rows <= (options->rows > 1 ? options->rows - 1 : 1));
}

static inline struct reading some(void)
{
	const struct flow_record records[] = {
		sample_record(sample_key("2001:db8::2", "2001:db8::1", 6, 0, 0), 100, 0),
		sample_record(sample_key("192.168.1.100", "8.8.8.8", 17, 0, 0), 1572864, 512),
		sample_record(sample_key("10.0.0.2", "9.9.9.9", 1, 0, 0), 0, 2048),
	};
	struct reading reading = sample_reading(NA_KEY_HOST_PAIR, records, 3);

	reading.balance.bucket[NA_SEEN][NA_RX] = (struct na_count){15740, 1573564};
	reading.balance.bucket[NA_ACCOUNTED][NA_RX] = (struct na_count){15729, 1572964};
	reading.balance.bucket[NA_NON_IP][NA_RX] = (struct na_count){11, 600};
	reading.balance.judged = true;
	reading.whitelist.enabled = true;
	reading.whitelist.count = 4;
	return reading;
}

static inline struct reading recent(void)
{
	const struct flow_record records[] = {
		sample_record(sample_key("192.168.1.100", "8.8.8.8", 17, 0, 0), 3072, 0),
		sample_record(sample_key("10.0.0.9", "9.9.9.9", 1, 0, 0), 0, 7),
	};
	struct reading reading = sample_reading(NA_KEY_HOST_PAIR, records, 2);

	/* the owner's number in its meter is not part of what one sees */
	reading.records[0].key.what |= 5u << NA_WHAT_OWNER_SHIFT;
	return reading;
}

#endif
