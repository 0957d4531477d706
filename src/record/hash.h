/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Hashing of what comes off the wire. The seed is drawn anew for each table,
 * so that no sender can choose addresses and ports that collide. The values
 * mean nothing outside of the process.
 */
#ifndef NETACCT_HASH_H
#define NETACCT_HASH_H

#include <netacct/abi.h>
#include <stdint.h>
#include <string.h>

struct hash_seed {
	uint64_t word[2];
};

/* From the kernel's random numbers; cannot fail. */
void hash_seed_draw(struct hash_seed *seed);

static inline uint64_t hash_fold(uint64_t left, uint64_t right)
{
	unsigned __int128 product = (unsigned __int128)left * right;

	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/* An address: 16 bytes. */
static inline uint64_t hash_address(const struct hash_seed *seed, const uint32_t address[4])
{
	uint64_t word[2];

	memcpy(word, address, sizeof(word));
	return hash_fold(hash_fold(word[0] ^ seed->word[0], word[1] ^ seed->word[1]) ^
				 seed->word[0],
			 seed->word[1]);
}

static inline uint64_t hash_key(const struct hash_seed *seed, const struct na_key *key)
{
	uint64_t word[5], hash;

	_Static_assert(sizeof(word) == sizeof(*key), "all of the key is hashed");
	memcpy(word, key, sizeof(word));
	hash = hash_fold(word[0] ^ seed->word[0], word[1] ^ seed->word[1]);
	hash = hash_fold(hash ^ word[2], word[3] ^ seed->word[1]);
	return hash_fold(hash ^ word[4], seed->word[0]);
}

#endif
