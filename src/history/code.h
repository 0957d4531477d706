/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Keys and records as bytes. A key begins with its kind and marks, then come
 * the parts that the kind has: addresses (IPv4: 4 bytes), protocol, ports
 * (host byte order, most significant byte first). So it tells its own length,
 * and equal keys are equal bytes.
 */
#ifndef NETACCT_HISTORY_CODE_H
#define NETACCT_HISTORY_CODE_H

#include "../record/record.h"

#define CODE_KEY_MAX 38
#define CODE_RECORD_MAX (CODE_KEY_MAX + 6 * 10 + 1)

/* Owner and direction of the key are left out. Returns the length. */
size_t code_key(const struct na_key *key, enum na_key_kind kind, uint8_t out[static CODE_KEY_MAX]);
/* The length that was read, 0 where these bytes are no key. */
size_t code_key_read(const uint8_t *in, size_t length, struct na_key *key, enum na_key_kind *kind);

/* The coarsest kind that keeps all of such a key. */
enum na_key_kind code_kind_of(const struct na_key *key);

/*
 * A record; its first_seen and last_seen are seconds, written as distances
 * from `base` seconds. Returns the length.
 */
size_t code_record(const struct flow_record *record, enum na_key_kind kind, int64_t base,
		   uint8_t out[static CODE_RECORD_MAX]);
/* The length that was read, 0 where these bytes are no record. */
size_t code_record_read(const uint8_t *in, size_t length, int64_t base, struct flow_record *record);

/* Records in the order of their coded keys, in which the tables are kept. */
struct code_order {
	uint8_t code[CODE_KEY_MAX];
	uint8_t length;
	const struct flow_record *record;
};
/* An array, to be freed, of `count` places in the order of the codes; -ENOMEM. */
int code_sort(const struct flow_record *records, size_t count, enum na_key_kind kind,
	      struct code_order **ret);

#endif
