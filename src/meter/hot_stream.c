/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "hot_stream.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <fcntl.h>
#include <netacct/cleanup.h>
#include <netacct/lookup.h>
#include <string.h>
#include <sys/mman.h>

#include "hot.h"
#include "programs.h"

#define BLOCK 32 /* entries whose index lines are asked for together */

struct hot_stream {
	struct record_stream stream;
	struct hot_half hot;
	struct mapping lines;
	struct na_config config; /* how the programs find entries */
	uint32_t before; /* number of the entry before the half's first */
	size_t hot_parts;
	struct record_table *rest; /* NULL: empty */
	int control; /* descriptor; -1: nobody counts into the half */
	uint32_t sequence;
};

static const struct hot_stream *of(const struct record_stream *stream)
{
	return (const struct hot_stream *)(const void *)stream;
}

static uint64_t key_hash(const struct hot_stream *stream, const struct na_key *key)
{
	__u64 word[5];

	memcpy(word, key, sizeof(word));
	return na_hash(stream->config.seed, word, key->what & NA_WHAT_IPV4);
}

/* The line of a key in one of the shards. */
static const struct na_line *line_of(const struct hot_stream *stream, uint64_t hash, uint32_t shard)
{
	uint32_t line = na_hash_line(hash, stream->config.lines);

	if (shard)
		line = na_shard_line(line, shard, stream->config.lines);
	return (const struct na_line *)stream->lines.start + line;
}

/* But for the direction. */
static bool same_flow(const struct na_key *a, const struct na_key *b)
{
	return !((a->what ^ b->what) & ~NA_WHAT_TX) && !memcmp(a, b, offsetof(struct na_key, what));
}

static void start_record(const struct na_key *key, struct flow_record *ret)
{
	*ret = (struct flow_record){.key = *key, .first_seen = UINT32_MAX};
	ret->key.what &= ~NA_WHAT_TX;
}

/* Adds entry i, of the same flow, to a record; nothing where it is not published. */
static void add_entry(const struct hot_stream *stream, uint32_t i, struct flow_record *record)
{
	struct scanned entry;

	if (!hot_read(&stream->hot, i, &entry))
		return;
	na_count_add(entry.key->what & NA_WHAT_TX ? &record->tx : &record->rx, entry.count);
	record_widen(record, entry.first_seen, entry.last_seen);
	record->tcp_flags |= entry.tcp_flags;
}

/*
 * Adds the other entries of a flow to that of entry `self`: its other
 * direction, and what two CPUs may have made at once. False: an entry before
 * `self` is of that flow, and the record is that one's.
 */
static bool gather_line(const struct hot_stream *stream, const struct na_line *line, uint64_t hash,
			const struct na_key *key, uint32_t self, struct flow_record *record)
{
	/* the tag of the other direction differs in its highest bit */
	uint32_t compared = ~stream->config.entry_mask & ~(NA_WHAT_TX << 23);
	uint32_t tag = na_hash_tag(hash, 0, stream->config.entry_mask);
	uint32_t start = na_hash_start(hash), i;
	/* the line beside it: of each two that lie together */
	const struct na_line *first = stream->lines.start;
	ptrdiff_t beside = (line - first) ^ 1;

	for (i = 0; i < NA_PROBES; i++) {
		const struct na_line *at = i < NA_LINE_SLOTS ? line : first + beside;
		uint32_t slot =
			__atomic_load_n(&at->slot[(start + i) % NA_LINE_SLOTS], __ATOMIC_ACQUIRE);
		uint32_t number = (slot & stream->config.entry_mask) - stream->before - 1;

		if (!slot)
			break;
		if ((slot ^ tag) & compared || number >= stream->hot.count || number == self ||
		    !hot_published(&stream->hot, number) ||
		    !same_flow(&stream->hot.entries[number].key, key))
			continue;
		if (number < self)
			return false;
		add_entry(stream, number, record);
	}
	return true;
}

static bool gather(const struct hot_stream *stream, uint64_t hash, const struct na_key *key,
		   uint32_t self, struct flow_record *record)
{
	uint32_t shard;

	for (shard = 0; shard < stream->config.shards; shard++)
		if (!gather_line(stream, line_of(stream, hash, shard), hash, key, self, record))
			return false;
	return true;
}

/* The whole flow that entry i is the first of; false: it is not, or has no packets. */
static bool read_entry(const struct hot_stream *stream, uint32_t i, uint64_t hash,
		       struct flow_record *ret)
{
	const struct na_key *key = &stream->hot.entries[i].key;
	const struct flow_record *rest;

	start_record(key, ret);
	add_entry(stream, i, ret);
	if (!gather(stream, hash, key, i, ret))
		return false;
	rest = stream->rest ? record_table_find(stream->rest, &ret->key) : NULL;
	if (rest)
		record_merge(ret, rest);
	return ret->rx.packets || ret->tx.packets;
}

static size_t read_block(const struct hot_stream *stream, uint32_t begin, uint32_t count,
			 struct flow_record *ret)
{
	struct {
		uint32_t entry;
		uint64_t hash;
	} found[BLOCK];
	size_t used = 0;
	uint32_t there = 0, i;

	for (i = begin; i < begin + count; i++) {
		if (!hot_published(&stream->hot, i))
			continue;
		found[there].entry = i;
		found[there].hash = key_hash(stream, &stream->hot.entries[i].key);
		__builtin_prefetch(line_of(stream, found[there++].hash, 0));
	}
	for (i = 0; i < there; i++)
		used += read_entry(stream, found[i].entry, found[i].hash, &ret[used]);
	return used;
}

/* What is not in the table at all. */
static size_t read_rest(const struct hot_stream *stream, size_t begin, struct flow_record *ret)
{
	const struct flow_record *records = record_table_records(stream->rest);
	size_t end = record_table_count(stream->rest), used = 0, i;
	struct flow_record none;

	if (end > begin + STREAM_PART)
		end = begin + STREAM_PART;
	for (i = begin; i < end; i++)
		if (gather(stream, key_hash(stream, &records[i].key), &records[i].key, UINT32_MAX,
			   &none))
			ret[used++] = records[i];
	return used;
}

static size_t read_part(const struct record_stream *base, size_t part,
			struct flow_record ret[static STREAM_PART])
{
	const struct hot_stream *stream = of(base);
	uint32_t i = (uint32_t)(part * STREAM_PART), end, count;
	size_t used = 0;

	if (part >= stream->hot_parts)
		return read_rest(stream, (part - stream->hot_parts) * STREAM_PART, ret);
	end = stream->hot.count - i < STREAM_PART ? stream->hot.count : i + STREAM_PART;
	for (; i < end; i += count) {
		count = end - i < BLOCK ? end - i : BLOCK;
		used += read_block(stream, i, count, ret + used);
	}
	return used;
}

/* Each entry by itself, and all that lies elsewhere. */
static size_t read_split(const struct record_stream *base, size_t part,
			 struct flow_record ret[static STREAM_PART])
{
	const struct hot_stream *stream = of(base);
	size_t begin = part * STREAM_PART, end, used = 0, i;

	if (part >= stream->hot_parts) {
		begin -= stream->hot_parts * STREAM_PART;
		end = record_table_count(stream->rest) - begin;
		end = end < STREAM_PART ? end : STREAM_PART;
		memcpy(ret, record_table_records(stream->rest) + begin, end * sizeof(*ret));
		return end;
	}
	end = stream->hot.count - begin < STREAM_PART ? stream->hot.count : begin + STREAM_PART;
	for (i = begin; i < end; i++) {
		if (!hot_published(&stream->hot, (uint32_t)i))
			continue;
		start_record(&stream->hot.entries[i].key, &ret[used]);
		add_entry(stream, (uint32_t)i, &ret[used]);
		used += ret[used].rx.packets || ret[used].tx.packets;
	}
	return used;
}

static int check(const struct record_stream *base)
{
	const struct hot_stream *stream = of(base);
	struct na_control control;
	uint32_t zero = 0;

	if (stream->control < 0)
		return 0;
	if (bpf_map_lookup_elem(stream->control, &zero, &control))
		return negative_errno();
	return control.sequence == stream->sequence ? 0 : -ESTALE;
}

static void close_stream(struct record_stream *base)
{
	struct hot_stream *stream = (struct hot_stream *)(void *)base;

	hot_close(&stream->hot);
	mapping_close(&stream->lines);
	record_table_free(stream->rest);
	if (stream->control >= 0)
		close(stream->control);
	free(stream);
}

static int map_all(const struct meter *meter, uint32_t half, struct hot_stream *stream)
{
	size_t length = (size_t)meter->meta.lines * sizeof(struct na_line);
	int error = hot_open(meter, half, &stream->hot);

	if (error)
		return error;
	return mapping_open(meter->maps[MAP_LINES], half * length, length, PROT_READ,
			    &stream->lines);
}

int hot_stream_open(const struct meter *meter, uint32_t half, const struct na_control *control,
		    struct record_table *rest, struct record_stream **ret)
{
	struct hot_stream *stream = calloc(1, sizeof(*stream));
	size_t records = rest ? record_table_count(rest) : 0;
	int error;

	if (!stream)
		return -ENOMEM;
	stream->control = -1;
	error = map_all(meter, half, stream);
	if (!error && control) {
		stream->control = fcntl(meter->maps[MAP_CONTROL], F_DUPFD_CLOEXEC, 3);
		stream->sequence = control->sequence;
		error = stream->control < 0 ? negative_errno() : 0;
	}
	if (error) {
		close_stream(&stream->stream);
		return error;
	}
	programs_config(&meter->meta, 0, 0, 0, false, &stream->config);
	stream->before = half * meter->meta.entries;
	stream->hot_parts = (stream->hot.count + STREAM_PART - 1) / STREAM_PART;
	if (records)
		stream->rest = rest;
	else
		record_table_free(rest);
	stream->stream = (struct record_stream){
		.parts = stream->hot_parts + (records + STREAM_PART - 1) / STREAM_PART,
		.room = stream->hot.count + records,
		.read = read_part,
		.read_split = read_split,
		.check = check,
		.close = close_stream,
	};
	*ret = &stream->stream;
	return 0;
}
