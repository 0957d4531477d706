/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the programs have booked: read, and compared with what they must. */
#include "lab.h"

#include <inttypes.h>
#include <netacct/cleanup.h>

void lab_balance(const struct lab *lab, uint32_t source, enum na_direction direction,
		 struct na_balance *ret)
{
	_cleanup_fault_ struct fault fault = {};
	struct half_balance halves[NA_HALVES];
	uint32_t half;
	int bucket;

	for (half = 0; half < NA_HALVES; half++)
		assert_return_code(
			meter_read_balance(&lab->meter, source, half, &halves[half], &fault), 0);
	*ret = halves[0].direction[direction];
	for (bucket = 0; bucket < NA_BUCKETS; bucket++) {
		ret->bucket[bucket].packets +=
			halves[1].direction[direction].bucket[bucket].packets;
		ret->bucket[bucket].bytes += halves[1].direction[direction].bucket[bucket].bytes;
	}
	ret->spilled += halves[1].direction[direction].spilled;
	ret->undecided += halves[1].direction[direction].undecided;
	ret->super += halves[1].direction[direction].super;
}

void lab_assert_balanced(const struct lab *lab, uint32_t source)
{
	enum na_direction direction;

	for (direction = 0; direction < NA_DIRECTIONS; direction++) {
		struct na_count sum = {};
		struct na_balance now;
		int bucket;

		lab_balance(lab, source, direction, &now);
		for (bucket = NA_SEEN + 1; bucket < NA_BUCKETS; bucket++) {
			sum.packets += now.bucket[bucket].packets;
			sum.bytes += now.bucket[bucket].bytes;
		}
		assert_int_equal(now.bucket[NA_SEEN].packets, sum.packets);
		assert_int_equal(now.bucket[NA_SEEN].bytes, sum.bytes);
	}
}

static int take_record(void *context, const struct scanned *scanned)
{
	struct lab_records *records = context;

	if (records->count == records->room) {
		records->room = records->room ? records->room * 2 : 16;
		records->record =
			realloc(records->record, records->room * sizeof(*records->record));
		if (!records->record)
			return -ENOMEM;
	}
	records->record[records->count++] = (struct lab_record){
		*scanned->key,	    scanned->count,	scanned->first_seen,
		scanned->last_seen, scanned->tcp_flags,
	};
	return 0;
}

static uint32_t active_half(const struct lab *lab)
{
	_cleanup_fault_ struct fault fault = {};
	struct na_control control;

	assert_return_code(meter_control(&lab->meter, &control, &fault), 0);
	return control.active;
}

void lab_records(const struct lab *lab, struct lab_records *ret)
{
	_cleanup_fault_ struct fault fault = {};

	*ret = (struct lab_records){};
	if (scan_half(&lab->meter, active_half(lab), take_record, ret, &fault))
		fail_msg("%s", fault.text);
}

void lab_records_clear(struct lab_records *records)
{
	free(records->record);
	*records = (struct lab_records){};
}

void lab_zero(const struct lab *lab)
{
	_cleanup_fault_ struct fault fault = {};

	if (scan_zero(&lab->meter, active_half(lab), &fault))
		fail_msg("%s", fault.text);
}

static void book(const struct lab_booking *booking, uint32_t source, enum na_direction direction,
		 struct na_balance *balance)
{
	const enum na_bucket buckets[] = {NA_SEEN, booking->bucket};
	size_t i;

	if (booking->nothing || source != booking->source || direction != booking->direction)
		return;
	for (i = 0; i < ARRAY_SIZE(buckets); i++) {
		balance->bucket[buckets[i]].packets += booking->packets;
		balance->bucket[buckets[i]].bytes += booking->bytes;
	}
	balance->super += booking->super;
	balance->undecided += booking->undecided;
}

static void same_balance(const struct na_balance *want, const struct na_balance *got,
			 enum na_direction direction, const char *name)
{
	static const char *const buckets[] = {"seen", "accounted", "excluded", "overflow",
					      "non_ip"};
	int i;

	for (i = 0; i < NA_BUCKETS; i++)
		if (memcmp(&want->bucket[i], &got->bucket[i], sizeof(want->bucket[i])))
			fail_msg("%s: %s %s: off by %" PRId64 " packets, %" PRId64 " bytes", name,
				 direction ? "tx" : "rx", buckets[i],
				 (int64_t)(got->bucket[i].packets - want->bucket[i].packets),
				 (int64_t)(got->bucket[i].bytes - want->bucket[i].bytes));
	if (want->super != got->super || want->undecided != got->undecided)
		fail_msg("%s: super-packets off by %" PRId64 ", undecided by %" PRId64, name,
			 (int64_t)(got->super - want->super),
			 (int64_t)(got->undecided - want->undecided));
}

static void key_text(const struct na_key *key, char *text, size_t size)
{
	snprintf(text, size, "%08x%08x%08x%08x:%u %08x%08x%08x%08x:%u what %08x",
		 be32toh(key->local[0]), be32toh(key->local[1]), be32toh(key->local[2]),
		 be32toh(key->local[3]), key->local_port, be32toh(key->remote[0]),
		 be32toh(key->remote[1]), be32toh(key->remote[2]), be32toh(key->remote[3]),
		 key->remote_port, key->what);
}

static void same_record(const struct lab_booking *booking, const struct lab_record *record,
			const char *name)
{
	char want[160], got[160];

	key_text(&booking->key, want, sizeof(want));
	key_text(&record->key, got, sizeof(got));
	if (memcmp(&booking->key, &record->key, sizeof(booking->key)))
		fail_msg("%s: booked under\n\t%s, where it belongs under\n\t%s", name, got, want);
	if (record->count.packets != booking->packets || record->count.bytes != booking->bytes)
		fail_msg("%s: the record has %" PRIu64 " packets and %" PRIu64
			 " bytes, not %" PRIu64 " and %" PRIu64,
			 name, (uint64_t)record->count.packets, (uint64_t)record->count.bytes,
			 booking->packets, booking->bytes);
	if (record->tcp_flags != booking->tcp_flags)
		fail_msg("%s: TCP flags %02x, not %02x", name, record->tcp_flags,
			 booking->tcp_flags);
}

int lab_expect(const struct lab *lab, enum program program, const struct lab_packet *packet,
	       const struct lab_booking *booking, const char *name)
{
	_cleanup_lab_records_ struct lab_records records = {};
	bool flow = !booking->nothing && booking->bucket == NA_ACCOUNTED;
	struct na_balance want[NA_DIRECTIONS], got;
	enum na_direction direction;
	int error;

	for (direction = 0; direction < NA_DIRECTIONS; direction++) {
		lab_balance(lab, booking->source, direction, &want[direction]);
		book(booking, booking->source, direction, &want[direction]);
	}
	error = lab_run(lab, program, packet);
	if (error)
		return error;
	for (direction = 0; direction < NA_DIRECTIONS; direction++) {
		lab_balance(lab, booking->source, direction, &got);
		same_balance(&want[direction], &got, direction, name);
	}
	lab_records(lab, &records);
	if (records.count != flow)
		fail_msg("%s: %zu records, not %d", name, records.count, flow);
	if (flow)
		same_record(booking, &records.record[0], name);
	lab_zero(lab);
	return 0;
}

enum na_bucket lab_bucket(const struct lab *lab, enum program program, const struct frame *frame)
{
	enum na_direction direction = program == PROGRAM_EG ? NA_TX : NA_RX;
	struct lab_packet packet = {.bytes = frame->bytes, .size = frame->size};
	struct na_balance before, after;
	int bucket;

	lab_balance(lab, 0, direction, &before);
	assert_return_code(lab_run(lab, program, &packet), 0);
	lab_balance(lab, 0, direction, &after);
	assert_int_equal(after.bucket[NA_SEEN].packets, before.bucket[NA_SEEN].packets + 1);
	for (bucket = NA_ACCOUNTED; bucket < NA_BUCKETS; bucket++)
		if (after.bucket[bucket].packets != before.bucket[bucket].packets)
			return bucket;
	fail_msg("in no bucket");
	return NA_SEEN;
}
