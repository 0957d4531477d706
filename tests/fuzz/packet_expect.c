// SPDX-License-Identifier: GPL-2.0-or-later
/* What must be booked for a trial, from the decoder's findings. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "packet.h"

#define BY_FRAGS 0xffff /* GSO_BY_FRAGS of the kernel: a segment per fragment */

static void expect_key(const struct trial *trial, const struct decoded *decoded, bool sent,
		       struct na_key *ret)
{
	bool has_local = trial->key != NA_KEY_TOTAL && trial->key != NA_KEY_REMOTE;
	bool has_remote = trial->key != NA_KEY_TOTAL && trial->key != NA_KEY_HOST;

	ret->what = NA_WHAT_SET | (sent ? NA_WHAT_TX : 0);
	if (trial->key != NA_KEY_TOTAL && decoded->version == 4)
		ret->what |= NA_WHAT_IPV4;
	if (has_local)
		memcpy(ret->local, sent ? decoded->source : decoded->destination, 16);
	if (has_remote)
		memcpy(ret->remote, sent ? decoded->destination : decoded->source, 16);
	if (has_local && has_remote)
		ret->what |= decoded->protocol;
	if (trial->key != NA_KEY_FLOW)
		return;
	ret->what |= decoded->later_fragment ? NA_WHAT_FRAGMENT : 0;
	ret->local_port = sent ? decoded->source_port : decoded->destination_port;
	ret->remote_port = sent ? decoded->destination_port : decoded->source_port;
}

/* Bytes before the first that counts; without Ethernet there is no layer 2. */
static size_t uncounted(const struct trial *trial, const struct decoded *decoded)
{
	return trial->layer3 || !trial->wire.ethernet ? decoded->network : 0;
}

/* Segments are counted by cutting, not by a formula. */
static void expect_segments(const struct trial *trial, const struct decoded *decoded,
			    struct expected *ret)
{
	size_t headers = decode_headers(&trial->wire, decoded), data, segments = 0;

	data = headers < trial->wire.length ? trial->wire.length - headers : 0;
	if (trial->gso_size == BY_FRAGS) {
		segments = trial->gso_segs;
	} else {
		size_t left = data;

		do {
			left -= left < trial->gso_size ? left : trial->gso_size;
			segments++;
		} while (left);
	}
	ret->undecided = !headers || !segments;
	if (ret->undecided)
		return;
	ret->packets = segments;
	ret->bytes += (segments - 1) * (headers - uncounted(trial, decoded));
	ret->bytes -= segments * decoded->jumbo;
	if (trial->tagged && trial->wire.ethernet && !trial->layer3)
		ret->bytes += (segments - 1) * 4;
}

struct expected trial_expect(const struct trial *trial)
{
	struct decoded decoded = decode_packet(&trial->wire);
	struct expected expected = {.packets = 1, .ip = decoded.version};

	expected.sent = (trial->program == TRIAL_EG) != trial->peer;
	expected.bytes = trial->wire.length - uncounted(trial, &decoded);
	if (trial->tagged && trial->wire.ethernet && !trial->layer3)
		expected.bytes += 4;
	expected.super = trial->gso_size;
	if (expected.super)
		expect_segments(trial, &decoded, &expected);
	if (!expected.ip)
		return expected;
	expect_key(trial, &decoded, expected.sent, &expected.key);
	if (trial->key == NA_KEY_FLOW || trial->key == NA_KEY_HOST_PAIR)
		expected.tcp_flags = decoded.tcp_flags;
	return expected;
}

static void print_key(const char *who, const struct na_key *key)
{
	const uint8_t *bytes = (const uint8_t *)key;
	size_t i;

	fprintf(stderr, "%s key:", who);
	for (i = 0; i < 32; i++)
		fprintf(stderr, "%s%02x", i % 16 ? "" : " ", bytes[i]);
	fprintf(stderr, " %u %u what %#x\n", key->local_port, key->remote_port, key->what);
}

void trial_explain(const struct trial *trial, const struct expected *expected,
		   const struct na_entry *entry, const struct na_balance *balance)
{
	size_t i;

	fprintf(stderr,
		"program %d key %d ethernet %d protocol %#x layer3 %d tagged %d gso %u*%u, "
		"%zu bytes, %zu linear, %zu written:",
		trial->program, trial->key, trial->wire.ethernet, trial->protocol, trial->layer3,
		trial->tagged, trial->gso_size, trial->gso_segs, trial->wire.length, trial->linear,
		trial->written);
	for (i = 0; i < trial->written && i < 256; i++)
		fprintf(stderr, "%s%02x", i % 4 ? "" : " ", trial->wire.bytes[i]);
	fprintf(stderr,
		"\nexpected: ip %d sent %d super %d undecided %d, %" PRIu64 " packets, %" PRIu64
		" bytes, flags %#x\n",
		expected->ip, expected->sent, expected->super, expected->undecided,
		expected->packets, expected->bytes, expected->tcp_flags);
	print_key("expected", &expected->key);
	if (entry) {
		fprintf(stderr, "found: %llu packets, %llu bytes, state %#x\n", entry->packets,
			entry->bytes, entry->state);
		print_key("found", &entry->key);
	}
	for (i = 0; balance && i < NA_BUCKETS; i++)
		fprintf(stderr, "found bucket %zu: %llu packets, %llu bytes\n", i,
			balance->bucket[i].packets, balance->bucket[i].bytes);
	if (balance)
		fprintf(stderr, "found: super %llu undecided %llu\n", balance->super,
			balance->undecided);
}
