/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A program under test with maps of its own. What it counted can be asked of
 * it, so that a fast program that counts wrongly is found out.
 */
#ifndef BENCH_SUBJECT_H
#define BENCH_SUBJECT_H

#include <stddef.h>

#include "generator.h"
#include "sequence.h"
#include "settings.h"

/* What a program has to cope with. */
struct situation {
	enum bench_hook hook;
	bool ipv6;
	enum na_key_kind key; /* host-pair or flow */
	enum distribution distribution;
	uint32_t flows; /* that there will be */
	uint32_t whitelist; /* entries, none of which is met; 0: no whitelist */
	uint32_t cpus; /* at once: 1 or 2 */
};

struct subject_kind {
	uint64_t (*flows)(const void *state); /* packets in all flows since clear() */
	uint64_t (*totals)(const void *state); /* packets in its totals, ever */
	void (*clear)(void *state);
	void (*close)(void *state); /* frees the state, too */
}; /* NULL where it cannot */

#define SUBJECT_NAME 64
#define SUBJECT_NETACCT "netacct" /* the shipped object */
#define SUBJECT_HASH "plain HASH" /* the rival that has its features */

struct subject {
	char name[SUBJECT_NAME];
	int program; /* descriptor, the state's */
	const struct subject_kind *kind; /* NULL: the empty program */
	void *state;
	uint64_t since_clear, ever; /* packets sent to it */
};

#define SUBJECTS_MAX 16

/* All that suit the situation, the empty program first: how many. */
uint32_t subjects_open(const struct settings *settings, const struct situation *situation,
		       const struct generator *generator, struct subject subjects[SUBJECTS_MAX]);
void subject_close(struct subject *subject);

/* Ends the process if it has not counted what was sent to it. */
void subject_judge(const struct subject *subject);
void subject_clear(struct subject *subject);

/* How many flows tables have to hold, and how many records: each flow can be sent, too. */
uint32_t situation_room(const struct situation *situation);
uint32_t situation_records(const struct situation *situation);

/* Entry number i of a whitelist, as netacct and as the rivals have it. */
void whitelist_entry(const struct situation *situation, uint32_t i, struct na_prefix *ret);

/* Each fills in one subject. */
void subject_open_netacct(const struct situation *situation, struct subject *ret);
/* False where there is none of that number. */
bool subject_open_rival(const char *object, const struct situation *situation, size_t number,
			struct subject *ret);
/* `peer` is file.o:program, or with settings, as BENCH_PEER has it; false: not for this hook. */
bool subject_open_peer(const char *peer, const struct situation *situation, struct subject *ret);

#endif
