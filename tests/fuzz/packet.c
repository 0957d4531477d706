// SPDX-License-Identifier: GPL-2.0-or-later
#define _GNU_SOURCE
#include "packet.h"

#include <string.h>
#include <sys/mman.h>

#include "fuzz.h"

#define PLACE 0x20000000ul
#define PLACE_SIZE (1ul << 20)

/* Memory below 4 GiB whose last byte is followed by nothing. */
static uint8_t *place_end(void)
{
	static uint8_t *place;

	if (!place) {
		place = mmap((void *)PLACE, PLACE_SIZE, PROT_READ | PROT_WRITE,
			     MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
		MUST(place == (void *)PLACE);
		MUST(!mprotect(place + PLACE_SIZE / 2, PLACE_SIZE / 2, PROT_NONE));
	}
	return place + PLACE_SIZE / 2;
}

static void make_wire(struct input *input, size_t zeros, struct trial *trial)
{
	uint8_t *bytes;

	if (input->left > 65536)
		input->left = 65536;
	trial->written = input->left;
	trial->wire.length = input->left + zeros;
	bytes = place_end() - trial->wire.length;
	memcpy(bytes, input->at, input->left);
	trial->wire.bytes = bytes;
	if (trial->linear > trial->wire.length)
		trial->linear = trial->wire.length;
}

/*
 * What a tunnel device leaves before its packet says another length than the
 * packet, which says its own: of those that do not (BIG TCP) nothing is asked.
 */
static void place_network(size_t before, struct trial *trial)
{
	struct wire *wire = &trial->wire;
	struct decoded inner;

	if (wire->ethernet || before + 6 > trial->linear)
		return;
	inner = decode_ip(wire, before, (uint16_t)trial->protocol);
	if (inner.version && inner.end == wire->length &&
	    wire16(wire, before + (inner.version == 4 ? 2 : 4)) != 0 &&
	    memcmp(wire->bytes + 2, wire->bytes + before + 2, 4) != 0)
		wire->network = before;
}

bool trial_make(const uint8_t *data, size_t size, size_t reach, struct trial *ret)
{
	static const uint16_t protocols[] = {0, 0x0800, 0x86dd, 0x0806};
	struct input input = {data, size};
	uint64_t bits;
	size_t zeros, before;

	if (size < TRIAL_HEADER)
		return false;
	*ret = (struct trial){0};
	bits = input_number(&input, 2);
	ret->program = (enum trial_program)(bits & 3);
	ret->tagged = bits & 0x04;
	ret->layer3 = bits & 0x08;
	ret->wire.ethernet = bits & 0x10;
	ret->peer = bits & 0x20;
	ret->grouped = bits & 0x40;
	ret->key = (enum na_key_kind)((bits >> 8 & 7) % NA_KEY_KINDS);
	ret->half = bits >> 11 & 1;
	ret->protocol = protocols[bits >> 12 & 3];
	ret->gso_size = (uint16_t)input_number(&input, 2);
	ret->gso_segs = (uint16_t)input_number(&input, 2);
	ret->linear = input_number(&input, 2);
	ret->wire.reach = ret->program == TRIAL_XDP ? reach : SIZE_MAX;
	if (bits & 0x80 || ret->program == TRIAL_XDP)
		ret->linear = SIZE_MAX;
	zeros = input_number(&input, 2) * 2;
	before = input_number(&input, 1);
	make_wire(&input, zeros, ret);
	if (ret->program == TRIAL_XDP || ret->program == TRIAL_FRAGS)
		ret->gso_size = ret->gso_segs = ret->protocol = ret->tagged = 0;
	if (!ret->wire.ethernet)
		ret->wire.type = (uint16_t)ret->protocol;
	ret->wire.super = ret->gso_size;
	place_network(before, ret);
	return true;
}

/* What the next trial takes for zeros is zero again. */
void trial_end(const struct trial *trial)
{
	memset((void *)(uintptr_t)trial->wire.bytes, 0, trial->written);
}
