// SPDX-License-Identifier: GPL-2.0-or-later
#include "database.h"

static uint64_t now_of_system(void *context, clockid_t clock)
{
	struct timespec now = {0};

	(void)context;
	clock_gettime(clock, &now);
	return (uint64_t)now.tv_sec * (uint64_t)SECOND + (uint64_t)now.tv_nsec;
}

const struct history_clock clock_of_system = {.now = now_of_system};

static int64_t now(const struct history *history, clockid_t clock)
{
	return (int64_t)history->clock.now(history->clock.context, clock);
}

int64_t clock_offset(const struct history *history)
{
	return now(history, CLOCK_REALTIME) - now(history, CLOCK_BOOTTIME);
}

int64_t clock_seconds(const struct history *history)
{
	return now(history, CLOCK_REALTIME) / SECOND;
}
