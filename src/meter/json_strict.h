/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * JSON that people write by hand and bills depend on: strictly RFC 8259, in
 * UTF-8, with no name twice in an object (json-c would take the last one and
 * lose the other), no NUL and no \u0000 (it cuts C strings short).
 */
#ifndef NETACCT_JSON_STRICT_H
#define NETACCT_JSON_STRICT_H

#include <json-c/json_object.h>
#include <stddef.h>

struct json_problem {
	char text[512];
};

/*
 * Parses the whole text, which needs no NUL at its end. json_object_put() the
 * result. -EINVAL with line and column (1 is the first; of characters), or
 * the name that is there twice, in `why`; -ENOMEM.
 */
int json_parse_strict(const char *text, size_t length, int depth_max, struct json_object **ret,
		      struct json_problem *why);

#define JSON_FILE_MAX (16u << 20) /* bytes */

/*
 * A whole file or pipe, not NUL-terminated; free() it. The errno of open()
 * and read(), -EFBIG over JSON_FILE_MAX, -EISDIR, -EINVAL for a device.
 */
int json_file_read(const char *path, char **ret, size_t *ret_length, struct json_problem *why);

/* A name that an object may hold. */
struct json_key {
	const char *name;
	enum json_type type; /* json_type_null: anything */
};

/*
 * -EINVAL for a name that is not among the keys (and the nearest that is) and
 * for a value of another type; `where` begins the sentence, "" or "group …: ".
 */
int json_check_keys(struct json_object *object, const struct json_key *keys, size_t count,
		    const char *where, struct json_problem *why);

/* "an object", "a string" … */
const char *json_type_words(enum json_type type);

static inline void cleanup_json(struct json_object **object)
{
	json_object_put(*object); /* NULL is fine */
}
#define _cleanup_json_ __attribute__((cleanup(cleanup_json)))

#endif
