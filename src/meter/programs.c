/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "programs.h"

#include <errno.h>
#include <netacct/cleanup.h>
#include <string.h>

#include "object.h"

void program_pair_close(struct program_pair *pair)
{
	cleanup_close(&pair->in);
	cleanup_close(&pair->eg);
	pair->in = pair->eg = -1;
}

static void program_pair_move(struct program_pair *to, struct program_pair *from)
{
	to->number = from->number;
	to->in = TAKE_FD(from->in);
	to->eg = TAKE_FD(from->eg);
}

static void pin_names(uint32_t number, char in[static 16], char eg[static 16])
{
	snprintf(in, 16, "in-%u", number);
	snprintf(eg, 16, "eg-%u", number);
}

int programs_open(const struct meter *meter, uint32_t number, struct program_pair *ret)
{
	_cleanup_program_pair_ struct program_pair pair = {.number = number, .in = -1, .eg = -1};
	char in[16], eg[16];

	pin_names(number, in, eg);
	pair.in = pin_get(meter->directory, in);
	if (pair.in < 0)
		return pair.in;
	pair.eg = pin_get(meter->directory, eg);
	if (pair.eg < 0)
		return pair.eg;
	program_pair_move(ret, &pair);
	return 0;
}

static bool uses(const struct na_source *source, uint32_t number)
{
	if (!source_counts(source))
		return false;
	return source->programs == number || (source->next_in && source->next_programs == number);
}

void programs_drop_unused(struct meter *meter, uint32_t number)
{
	char in[16], eg[16];
	uint32_t i;

	for (i = 0; i < meter->meta.sources; i++) {
		const struct na_source *source = &meter->sources[i];

		if (uses(source, number))
			return;
	}
	pin_names(number, in, eg);
	pin_remove(meter->directory, in);
	pin_remove(meter->directory, eg);
}

void programs_drop_strays(struct meter *meter)
{
	uint32_t number;

	/* a replacement needs one number more than there are sources */
	for (number = 0; number <= meter->meta.sources; number++)
		programs_drop_unused(meter, number);
}

/* The bits of an index slot that can name any entry. */
static uint32_t entry_mask(const struct na_meta *meta)
{
	uint32_t mask = 1;

	while (mask < NA_HALVES * meta->entries)
		mask = mask << 1 | 1;
	return mask;
}

void programs_config(const struct na_meta *meta, uint32_t l2_header, uint32_t number,
		     uint32_t owner, bool peer, struct na_config *ret)
{
	struct na_config config = {
		.epoch_jiffies = meta->epoch_jiffies,
		.key = meta->key,
		.layer3 = meta->layer3,
		.l2_header = l2_header,
		.entries = meta->entries,
		.entry_mask = entry_mask(meta),
		.lines = meta->lines,
		.shards = meta->shards,
		.sources = meta->sources,
		.grouped = meta->sources > 1,
		.owner = owner,
		.peer = peer,
		.programs = number,
		.ifindex_mask = meta->ifindexes - 1,
		.whitelist = meta->whitelist,
		.bpffs = meta->bpffs,
	};

	memcpy(config.seed, meta->seed, sizeof(config.seed));
	*ret = config;
}

static bool same_kind(const struct na_source *a, const struct na_source *b)
{
	return a->netns_device == b->netns_device && a->netns_inode == b->netns_inode &&
	       a->netns_cookie == b->netns_cookie &&
	       link_header_length((uint16_t)a->arphrd) == link_header_length((uint16_t)b->arphrd) &&
	       (a->ingress == NA_INGRESS_TC) == (b->ingress == NA_INGRESS_TC);
}

/* A live source of the group whose programs fit this one too; NULL: none. */
static const struct na_source *find_sharer(const struct meter *meter,
					   const struct na_source *source)
{
	uint32_t i;

	for (i = 0; i < meter->meta.sources; i++)
		if (meter->sources[i].state == NA_SOURCE_LIVE &&
		    same_kind(&meter->sources[i], source))
			return &meter->sources[i];
	return NULL;
}

static uint32_t free_number(const struct meter *meter)
{
	uint32_t number = 0, i = 0;

	while (i < meter->meta.sources) {
		const struct na_source *source = &meter->sources[i++];

		if (source->state != NA_SOURCE_ATTACHING && uses(source, number)) {
			number++;
			i = 0;
		}
	}
	return number;
}

static int load_pair(const struct meter *meter, const struct na_source *source, bool verbose,
		     struct program_pair *pair, struct fault *fault)
{
	const unsigned int eg = 1u << PROGRAM_EG;
	int fds[PROGRAM_COUNT], error, l2 = link_header_length((uint16_t)source->arphrd);
	enum program in = PROGRAM_IN;
	struct na_config config;

	programs_config(&meter->meta, (uint32_t)l2, pair->number,
			(uint32_t)(source - meter->sources), source->flags & NA_SOURCE_PEER,
			&config);
	if (source->ingress != NA_INGRESS_TC)
		in = PROGRAM_FRAGS;
	error = object_load(&config, meter->maps, 1u << in | eg, verbose, fds, fault);
	if (error && in == PROGRAM_FRAGS) {
		/* before 5.18 XDP has no packets of several buffers */
		in = PROGRAM_XDP;
		fault_clear(fault);
		error = object_load(&config, meter->maps, 1u << in | eg, verbose, fds, fault);
	}
	if (error)
		return error;
	pair->in = fds[in];
	pair->eg = fds[PROGRAM_EG];
	return 0;
}

static int pin_pair(const struct meter *meter, const struct program_pair *pair, struct fault *fault)
{
	char in[16], eg[16];
	int error;

	pin_names(pair->number, in, eg);
	/* what a crash may have left under a number that nobody uses */
	pin_remove(meter->directory, in);
	pin_remove(meter->directory, eg);
	error = pin_put(meter->directory, in, pair->in);
	if (!error) {
		error = pin_put(meter->directory, eg, pair->eg);
		if (error)
			pin_remove(meter->directory, in);
	}
	return error ? fault_errno(fault, error, "cannot pin the programs") : 0;
}

int programs_get(struct meter *meter, const struct na_source *source, bool fresh, bool verbose,
		 struct program_pair *ret, struct fault *fault)
{
	_cleanup_program_pair_ struct program_pair pair = {.in = -1, .eg = -1};
	const struct na_source *sharer = NULL;
	int error;

	if (meter->meta.sources > 1 && !fresh)
		sharer = find_sharer(meter, source);
	if (sharer && !programs_open(meter, sharer->programs, ret))
		return 0;
	pair.number = free_number(meter);
	error = load_pair(meter, source, verbose, &pair, fault);
	if (!error)
		error = pin_pair(meter, &pair, fault);
	if (error)
		return error;
	program_pair_move(ret, &pair);
	return 0;
}
