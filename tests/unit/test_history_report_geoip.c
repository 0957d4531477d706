// SPDX-License-Identifier: GPL-2.0-or-later
/* report --geoip, with a database of one network that is written here. */
#include "test_history_report.h"

#ifdef HAVE_LIBMAXMINDDB
/* MaxMind DB format 2.0: a control byte has the type in its upper three bits, the size below. */
#define TEXT(length) (2 << 5 | (length))
#define UINT16(bytes) (5 << 5 | (bytes))
#define UINT32(bytes) (6 << 5 | (bytes))
#define MAP(count) (7 << 5 | (count))
#define UINT64(bytes) (0 << 5 | (bytes)), 9 - 7
#define ARRAY(count) (0 << 5 | (count)), 11 - 7

struct writer {
	FILE *file;
};

static void put(struct writer *writer, const uint8_t *bytes, size_t count)
{
	assert_int_equal(fwrite(bytes, 1, count, writer->file), count);
}
#define PUT(writer, ...) \
	put(writer, (const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__}))

static void put_text(struct writer *writer, const char *text)
{
	size_t length = strlen(text);

	if (length < 29)
		PUT(writer, (uint8_t)TEXT(length));
	else
		PUT(writer, TEXT(29), (uint8_t)(length - 29));
	put(writer, (const uint8_t *)text, length);
}

static void put_metadata(struct writer *writer)
{
	static const char marker[] = "\xab\xcd\xefMaxMind.com";

	put(writer, (const uint8_t *)marker, sizeof(marker) - 1);
	PUT(writer, MAP(9));
	put_text(writer, "node_count");
	PUT(writer, UINT32(1), 1);
	put_text(writer, "record_size");
	PUT(writer, UINT16(1), 24);
	put_text(writer, "ip_version");
	PUT(writer, UINT16(1), 4);
	put_text(writer, "database_type");
	put_text(writer, "Test");
	put_text(writer, "languages");
	PUT(writer, ARRAY(0));
	put_text(writer, "binary_format_major_version");
	PUT(writer, UINT16(1), 2);
	put_text(writer, "binary_format_minor_version");
	PUT(writer, UINT16(0));
	put_text(writer, "build_epoch");
	PUT(writer, UINT64(1), 1);
	put_text(writer, "description");
	PUT(writer, MAP(0));
}

/* One node: 0.0.0.0/1 leads to the only record, 128.0.0.0/1 to nothing. */
static void write_database(const char *path)
{
	static const uint8_t separator[16];
	struct writer writer = {fopen(path, "w")};

	assert_non_null(writer.file);
	PUT(&writer, 0, 0, 1 + sizeof(separator), 0, 0, 1);
	put(&writer, separator, sizeof(separator));
	PUT(&writer, MAP(3));
	put_text(&writer, "country");
	PUT(&writer, MAP(1));
	put_text(&writer, "iso_code");
	put_text(&writer, "ZZ");
	put_text(&writer, "autonomous_system_number");
	PUT(&writer, UINT32(2), 0xfb, 0xf4);
	put_text(&writer, "autonomous_system_organization");
	put_text(&writer, "Example Networks");
	put_metadata(&writer);
	fclose(writer.file);
}

LAB_TEST(countries_and_systems)
{
	struct flow_record records[2];
	struct json_object *document;
	char path[128], words[256];

	records[0] = lab_record(lab, 7, 5000, 0);
	records[1] = lab_record(lab, 0xc0000000, 1000, 0); /* 202.0.0.0 */
	lab_store(lab, records, 2);
	lab_maintain(lab, true);
	lab_close(lab);
	snprintf(path, sizeof(path), "%s/test.mmdb", lab->folder);
	write_database(path);
	snprintf(words, sizeof(words), "--since 2026-11-22 --until 2026-11-23 --by host --geoip %s",
		 path);
	document = report_json(lab, words);
	assert_string_equal(text_at(document, "rows/0/host"), "10.0.0.7");
	assert_string_equal(text_at(document, "rows/0/country"), "ZZ");
	assert_int_equal(number_at(document, "rows/0/as_number"), 64500);
	assert_string_equal(text_at(document, "rows/0/as_organization"), "Example Networks");
	assert_string_equal(text_at(document, "rows/1/host"), "202.0.0.0");
	assert_string_equal(text_of(at(document, "rows/1"), "country"), "");
	json_object_put(document);
	_cleanup_ran_ struct ran ran = report(lab, "--by host --geoip /nonexistent.mmdb "
						   "--since 2026-11-22 --until 2026-11-23");

	assert_int_equal(ran.status, STATUS_FAILED);
	assert_non_null(strstr(ran.err, "/nonexistent.mmdb"));
	assert_string_equal(ran.out, "");
}
#else
LAB_TEST(countries_and_systems)
{
	_cleanup_ran_ struct ran ran = report(lab, "--geoip /nonexistent.mmdb");

	assert_int_equal(ran.status, STATUS_USAGE);
}
#endif

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(countries_and_systems),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
