// SPDX-License-Identifier: GPL-2.0-or-later
/* Readings that are streams, as the commands print them. */
#include <fcntl.h>
#include <netacct/cleanup.h>
#include <unistd.h>

#include "../../src/cmd/cmd.h"
#include "../../src/cmd/show.h"
#include "sample_json.h"
#include "sample_stream.h"

#define MANY 9000

/* What a descriptor gets, in a file without a name. */
struct caught {
	int fd, kept;
	FILE *file;
};

static struct caught catch (int fd)
{
	struct caught caught = {.fd = fd, .kept = dup(fd), .file = tmpfile()};

	fflush(NULL);
	assert_non_null(caught.file);
	assert_int_equal(dup2(fileno(caught.file), fd), fd);
	return caught;
}

/* Ends it; free() the text. */
static char *release(struct caught *caught)
{
	char *text = NULL;
	size_t size = 0;
	ssize_t length;

	fflush(NULL);
	dup2(caught->kept, caught->fd);
	close(caught->kept);
	rewind(caught->file);
	length = getdelim(&text, &size, '\0', caught->file);
	fclose(caught->file);
	if (length < 0)
		text[0] = '\0';
	return text;
}

static int show(const struct show_options *options, size_t checks, char **ret_out, char **ret_err)
{
	struct reading reading = sample_many(NA_KEY_FLOW, MANY);
	struct caught out, err;
	int status;

	sample_to_stream(&reading)->checks = checks;
	err = catch (STDERR_FILENO);
	out = catch (STDOUT_FILENO);
	status = show_readings("dump", options, &reading, 1);
	*ret_out = release(&out);
	*ret_err = release(&err);
	reading_clear(&reading);
	return status;
}

static size_t lines(const char *text)
{
	size_t count = 0;

	for (; (text = strchr(text, '\n')); text++)
		count++;
	return count;
}

static void prints_streams(void **state)
{
	static const struct {
		struct show_options options;
		size_t lines;
	} cases[] = {
		{{.format = OUTPUT_JSON, .by = -1}, 1},
		{{.format = OUTPUT_NDJSON, .by = -1}, MANY + 1},
		{{.format = OUTPUT_CSV, .by = -1}, MANY + 1},
		{{.format = OUTPUT_CSV, .by = -1, .top = 7}, 8},
		{{.format = OUTPUT_CSV, .by = -1, .sort = "source_ip"}, MANY + 1},
		{{.format = OUTPUT_CSV, .by = NA_KEY_TOTAL}, 2},
		{{.format = OUTPUT_TABLE, .by = -1, .top = 7}, 17},
	};
	char *out, *err;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		assert_int_equal(show(&cases[i].options, SIZE_MAX, &out, &err), STATUS_DONE);
		assert_string_equal(err, "");
		assert_int_equal(lines(out), cases[i].lines);
		free(out);
		free(err);
	}
}

static void says_what_a_drain_took(void **state)
{
	const struct show_options printed = {.format = OUTPUT_NDJSON, .by = -1};
	const struct show_options read = {.format = OUTPUT_TABLE, .by = -1};
	char *out, *err;

	(void)state;
	assert_int_equal(show(&printed, 4, &out, &err), STATUS_FAILED);
	assert_string_equal(err, "netacct: dump: host--eth0: a drain took records away while they "
				 "were printed: what was printed is not whole: run it again\n");
	assert_non_null(strstr(out, "\"type\":\"flow\""));
	free(out);
	free(err);
	assert_int_equal(show(&read, 0, &out, &err), SHOW_STALE);
	assert_string_equal(err, "");
	assert_string_equal(out, "");
	free(out);
	free(err);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(prints_streams),
		cmocka_unit_test(says_what_a_drain_took),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
