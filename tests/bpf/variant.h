/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Every test that counts runs against both objects. */
#ifndef TESTS_BPF_VARIANT_H
#define TESTS_BPF_VARIANT_H

#include <stdbool.h>

/* Without the hot table is what kernels without BPF cmpxchg get. */
static const bool variant_spill = false, variant_hot = true;

#define BOTH(FUNCTION)                                                                  \
	{#FUNCTION " (hot table)", FUNCTION, NULL, NULL, (void *)(size_t)&variant_hot}, \
	{                                                                               \
#FUNCTION " (spill map alone)", FUNCTION, NULL, NULL,                   \
			(void *)(size_t)&variant_spill                                  \
	}

static inline bool variant(void **state)
{
	return *(const bool *)*state;
}

#endif
