/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The JSON of `dump` and `drain`, read back. */
#ifndef NETNS_DUMP_H
#define NETNS_DUMP_H

#include <stdint.h>

#include "ledger.h"

struct json_object;

/* A document; release with dump_clear(). */
struct dump {
	struct json_object *root;
};

void dump_clear(struct dump *dump);
#define _cleanup_dump_ __attribute__((cleanup(dump_clear)))

/* Parses one JSON document; anything else fails the test. */
void dump_parse(struct dump *dump, const char *text);
/* Runs the command (`dump`, `drain`, `list-all` …), which must print one document. */
void dump_run(struct dump *dump, const char *const *argv);

/* The source of that id; fails where it is not there. */
struct json_object *dump_source(const struct dump *dump, const char *id);
unsigned int dump_sources(const struct dump *dump);
/* The value at "metadata.key"; fails where it is not there. */
struct json_object *json_at(struct json_object *object, const char *path);
const char *json_text(struct json_object *object, const char *path);
uint64_t json_number(struct json_object *object, const char *path);

/* Its flows and balance. */
void dump_ledger(const struct dump *dump, const char *id, struct ledger *ret);
/* Only its flows, from a source object. */
void json_flows(struct json_object *source, struct ledger *ret);

/* Of a document of `list-all -j`; ns NULL: the own namespace. They fail where it is not there. */
struct json_object *list_namespace(const struct dump *list, const char *ns);
struct json_object *list_interface(const struct dump *list, const char *ns, const char *name);

/* `netacct dump -j` of one meter, as a ledger. */
void dump_one(const char *id, struct ledger *ret);

#endif
