// SPDX-License-Identifier: GPL-2.0-or-later
#include <sys/random.h>
#include <time.h>

#include "hash.h"

void hash_seed_draw(struct hash_seed *seed)
{
	struct timespec now;

	if (getrandom(seed->word, sizeof(seed->word), GRND_NONBLOCK) !=
	    (ssize_t)sizeof(seed->word)) {
		/* Early at boot: hard to guess from outside is what is left. */
		clock_gettime(CLOCK_MONOTONIC, &now);
		seed->word[0] = (uint64_t)now.tv_nsec * 0x9e3779b97f4a7c15ull;
		seed->word[1] = (uint64_t)(uintptr_t)seed * 0xc2b2ae3d27d4eb4full;
	}
	/* An even factor would lose bits. */
	seed->word[0] |= 1;
	seed->word[1] |= 1;
}
