// SPDX-License-Identifier: GPL-2.0-or-later
#include "record.h"

uint64_t time_base_wall(const struct time_base *base, uint32_t ticks)
{
	uint64_t jiffies = (uint64_t)ticks << NA_TICK_SHIFT;
	uint64_t wall = base->epoch_monotonic + base->realtime_minus_monotonic;

	if (!base->hz)
		return wall;
	/* In two steps: ticks * 64 * 10^9 would not fit 64 bits. */
	wall += jiffies / base->hz * NANOSECONDS;
	return wall + jiffies % base->hz * NANOSECONDS / base->hz;
}

uint32_t time_base_ticks(const struct time_base *base, uint64_t wall)
{
	uint64_t zero = base->epoch_monotonic + base->realtime_minus_monotonic, jiffies;

	if (wall < zero)
		return 0;
	wall -= zero;
	jiffies = wall / NANOSECONDS * base->hz + wall % NANOSECONDS * base->hz / NANOSECONDS;
	return (uint32_t)(jiffies >> NA_TICK_SHIFT);
}
