/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Output files read back: netacct's own documents, with "sources", and those
 * of the first Python tool, one source without packets, balance and id.
 */
#ifndef NETACCT_FILES_READ_H
#define NETACCT_FILES_READ_H

#include <json-c/json_object.h>

#include "../history/history.h"

#define FILES_READ_MAX (256u << 20) /* bytes */

/* A source as a file tells it; strings belong to the document, NULL where they are not there. */
struct file_source {
	struct json_object *object;
	const char *id, *interface, *namespace, *meter, *tag;
	int64_t since, attached_at; /* seconds; 0: not told */
	struct na_count balance[NA_BUCKETS]
			       [NA_DIRECTIONS]; /* of the meter, and of those before it: */
	struct na_count earlier[NA_BUCKETS][NA_DIRECTIONS];
	struct na_count rx_tx[NA_DIRECTIONS]; /* summary */
	int64_t timestamp; /* seconds, of the reading */
};

/* -ENOENT, the errno of reading it, -EINVAL where it is not a JSON object; json_object_put() it. */
int file_document(const char *path, struct json_object **ret);
/* 0 where neither schema is recognised. */
size_t file_sources(struct json_object *document);
/* -EINVAL where that one is not as it should be. */
int file_source(struct json_object *document, size_t number, struct file_source *ret);
/* Its records; free() them. -EINVAL where one is not as it should be. */
int file_records(const struct file_source *source, struct history_total **ret, size_t *ret_count);

#endif
