/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `netacct report` as a user runs it, on a history that was made through its API. */
#ifndef TEST_HISTORY_REPORT_H
#define TEST_HISTORY_REPORT_H

#include "../../src/cmd/cmd.h"
#include "sample_json.h"
#include "test_history_lab.h"

struct ran {
	int status;
	char *out, *err;
};

static inline char *read_whole(int file)
{
	off_t size = lseek(file, 0, SEEK_END);
	char *text = calloc(1, (size_t)size + 1);

	assert_non_null(text);
	assert_int_equal(pread(file, text, (size_t)size, 0), size);
	close(file);
	return text;
}

/* Puts a file where a stream is; what was there is given back. */
static inline int redirect(int stream, int *ret_file)
{
	char path[] = "/tmp/netacct-report-XXXXXX";
	int saved = dup(stream);

	*ret_file = mkstemp(path);
	assert_true(saved >= 0 && *ret_file >= 0);
	unlink(path);
	dup2(*ret_file, stream);
	return saved;
}

static inline void put_back(int stream, int saved)
{
	dup2(saved, stream);
	close(saved);
}

static inline void ran_clear(struct ran *ran)
{
	free(ran->out);
	free(ran->err);
}
#define _cleanup_ran_ __attribute__((cleanup(ran_clear)))

/* report --history PATH and the words, which are split at spaces. */
static inline struct ran report(const struct lab *lab, const char *words)
{
	char *argv[32] = {(char *)"report", (char *)"--history", (char *)lab->path};
	char *copy = strdup(words), *rest = NULL;
	int argc = 3, out, err, saved_out, saved_err;
	struct ran ran;

	for (char *word = strtok_r(copy, " ", &rest); word; word = strtok_r(NULL, " ", &rest))
		argv[argc++] = word;
	fflush(stdout);
	saved_out = redirect(STDOUT_FILENO, &out);
	saved_err = redirect(STDERR_FILENO, &err);
	ran.status = cmd_report(argc, argv);
	fflush(stdout);
	put_back(STDOUT_FILENO, saved_out);
	put_back(STDERR_FILENO, saved_err);
	ran.out = read_whole(out);
	ran.err = read_whole(err);
	free(copy);
	return ran;
}

/* The document of report --json, put() it. */
static inline struct json_object *report_json(const struct lab *lab, const char *words)
{
	char more[512];
	struct json_object *document;

	snprintf(more, sizeof(more), "%s --json", words);
	_cleanup_ran_ struct ran ran = report(lab, more);

	assert_string_equal(ran.err, "");
	assert_int_equal(ran.status, STATUS_DONE);
	document = parse(ran.out, strlen(ran.out));
	assert_string_equal(text_at(document, "schema"), "netacct/1");
	assert_string_equal(text_at(document, "kind"), "report");
	return document;
}

static inline size_t length_at(struct json_object *object, const char *path)
{
	return json_object_array_length(at(object, path));
}

/* "" where the row has no such text. */
static inline const char *text_of(struct json_object *row, const char *name)
{
	struct json_object *value;

	return json_object_object_get_ex(row, name, &value) ? json_object_get_string(value) : "";
}

static inline bool flag_of(struct json_object *row, const char *name)
{
	struct json_object *value;

	return json_object_object_get_ex(row, name, &value) && json_object_get_boolean(value);
}

#endif
