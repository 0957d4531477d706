// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "code.h"

/* Seven bits a byte, the lowest first; the eighth says that more follow. */
static uint8_t *put_number(uint8_t *out, uint64_t number)
{
	while (number >= 0x80) {
		*out++ = (uint8_t)(number | 0x80);
		number >>= 7;
	}
	*out++ = (uint8_t)number;
	return out;
}

/* NULL: the bytes end within the number, or it is longer than 64 bits. */
static const uint8_t *get_number(const uint8_t *in, const uint8_t *end, uint64_t *ret)
{
	unsigned int shift;
	uint64_t number = 0;

	for (shift = 0; in && in < end && shift < 64; shift += 7) {
		number |= (uint64_t)(*in & 0x7f) << shift;
		if (!(*in++ & 0x80)) {
			*ret = number;
			return in;
		}
	}
	return NULL;
}

/* Small distances in either direction become small numbers. */
static uint64_t fold_sign(int64_t distance)
{
	return ((uint64_t)distance << 1) ^ (distance < 0 ? UINT64_MAX : 0);
}

static int64_t unfold_sign(uint64_t number)
{
	return (int64_t)(number >> 1 ^ (0 - (number & 1)));
}

size_t code_record(const struct flow_record *record, enum na_key_kind kind, int64_t base,
		   uint8_t out[static CODE_RECORD_MAX])
{
	uint8_t *end = out + code_key(&record->key, kind, out);

	end = put_number(end, record->rx.packets);
	end = put_number(end, record->rx.bytes);
	end = put_number(end, record->tx.packets);
	end = put_number(end, record->tx.bytes);
	end = put_number(end, fold_sign(base - (int64_t)record->last_seen));
	end = put_number(end, fold_sign((int64_t)record->last_seen - (int64_t)record->first_seen));
	*end++ = record->tcp_flags;
	return (size_t)(end - out);
}

static uint32_t to_seconds(int64_t seconds)
{
	if (seconds < 0)
		return 0;
	return seconds > UINT32_MAX ? UINT32_MAX : (uint32_t)seconds;
}

size_t code_record_read(const uint8_t *in, size_t length, int64_t base, struct flow_record *record)
{
	const uint8_t *end = in + length, *next;
	uint64_t number[6];
	enum na_key_kind kind;
	size_t key = code_key_read(in, length, &record->key, &kind), i;

	if (!key)
		return 0;
	next = in + key;
	for (i = 0; i < 6; i++)
		next = get_number(next, end, &number[i]);
	if (!next || next == end)
		return 0;
	record->rx = (struct na_count){number[0], number[1]};
	record->tx = (struct na_count){number[2], number[3]};
	base -= unfold_sign(number[4]);
	record->last_seen = to_seconds(base);
	record->first_seen = to_seconds(base - unfold_sign(number[5]));
	record->tcp_flags = *next++;
	return (size_t)(next - in);
}

static int compare(const void *left, const void *right)
{
	const struct code_order *one = left, *other = right;

	/* No key is the beginning of another: the shorter one differs before its end. */
	return memcmp(one->code, other->code,
		      one->length < other->length ? one->length : other->length);
}

int code_sort(const struct flow_record *records, size_t count, enum na_key_kind kind,
	      struct code_order **ret)
{
	struct code_order *order = malloc((count ? count : 1) * sizeof(*order));
	size_t i;

	if (!order)
		return -ENOMEM;
	for (i = 0; i < count; i++) {
		order[i].length = (uint8_t)code_key(&records[i].key, kind, order[i].code);
		order[i].record = &records[i];
	}
	qsort(order, count, sizeof(*order), compare);
	*ret = order;
	return 0;
}
