/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Readings that an input makes up: any names, any figures, any addresses. */
#ifndef TESTS_FUZZ_READINGS_H
#define TESTS_FUZZ_READINGS_H

#include "../../src/record/reading.h"
#include "fuzz.h"

/* Into one that is all 0; reading_clear() it. */
void reading_make(struct input *input, struct reading *reading);

#endif
