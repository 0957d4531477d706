/* SPDX-License-Identifier: GPL-2.0-only OR GPL-2.0-or-later */
/*
 * Where the index has a key: for the programs, and for readers that look for
 * what belongs together.
 */
#ifndef NETACCT_LOOKUP_H
#define NETACCT_LOOKUP_H

#include <netacct/abi.h>

/*
 * The hash of a key: multilinear, the sum of 32-bit words, each times a secret
 * 64-bit number, so that nobody who does not know them can choose keys that
 * collide (Lemire and Kaser, "Strongly universal string hashing is fast",
 * 2014), and no product waits for another. The sum alone would lay keys that
 * are in order out in order: the last product scatters them. `word` is the key
 * as five 64-bit words. `ipv4`: as NA_WHAT_IPV4 in the key says; the first
 * halves of its addresses are zero.
 */
static inline __attribute__((always_inline)) __u64 na_hash(const volatile __u64 *seed,
							   const __u64 *word, int ipv4)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	const __u64 last = word[4] & ~((__u64)NA_WHAT_TX << 32);
	const int high = 32; /* where the second half of a word is */
#else
	const __u64 last = word[4] & ~(__u64)NA_WHAT_TX;
	const int high = 0;
#endif
	__u64 sum = (__u32)last * seed[8] + (last >> 32) * seed[9];

	sum += (__u32)(word[1] >> high) * seed[3] + (__u32)(word[3] >> high) * seed[7];
	if (!ipv4) {
		sum += (__u32)(word[1] >> (32 - high)) * seed[2];
		sum += (__u32)(word[3] >> (32 - high)) * seed[6];
		sum += (__u32)word[0] * seed[0] + (word[0] >> 32) * seed[1];
		sum += (__u32)word[2] * seed[4] + (word[2] >> 32) * seed[5];
	}
	sum ^= sum >> 32;
	return sum * (seed[0] | 1);
}

/* The parts of a hash: which line of a half, where in the line, and the bits kept in the slot. */
static inline __attribute__((always_inline)) __u32 na_hash_line(__u64 hash, __u32 lines)
{
	return (hash >> 32) * lines >> 32;
}

static inline __attribute__((always_inline)) __u32 na_hash_start(__u64 hash)
{
	return hash >> 28 & (NA_LINE_SLOTS - 1);
}

static inline __attribute__((always_inline)) __u32 na_hash_tag(__u64 hash, __u32 what, __u32 mask)
{
	return ((__u32)hash << 4 ^ (what & NA_WHAT_TX) << 23) & ~mask;
}

/* Where shard number `shard` of a key has its line. */
static inline __attribute__((always_inline)) __u32 na_shard_line(__u32 line, __u32 shard,
								 __u32 lines)
{
	return (line + shard * 0x9e3779b1u) % lines;
}

#endif
