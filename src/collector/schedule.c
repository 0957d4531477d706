/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "schedule.h"

#include <errno.h>
#include <netacct/cleanup.h>
#include <sys/timerfd.h>
#include <time.h>

uint64_t schedule_after(uint64_t now, uint64_t step)
{
	return (now / step + 1) * step;
}

static uint64_t clock_now(clockid_t clock)
{
	struct timespec now = {};

	(void)clock_gettime(clock, &now);
	return (uint64_t)now.tv_sec * NANOSECONDS + (uint64_t)now.tv_nsec;
}

struct schedule_clocks schedule_clocks_now(void)
{
	return (struct schedule_clocks){clock_now(CLOCK_BOOTTIME), clock_now(CLOCK_REALTIME)};
}

int64_t schedule_jump(struct schedule_clocks before, struct schedule_clocks now)
{
	int64_t jump =
		(int64_t)((now.realtime - before.realtime) - (now.boottime - before.boottime));

	if (jump < 0 ? jump > -(int64_t)NANOSECONDS : jump < (int64_t)NANOSECONDS)
		return 0;
	return jump;
}

static int set_timer(int timer, uint64_t when, int flags)
{
	struct itimerspec spec = {.it_value = {.tv_sec = (time_t)(when / NANOSECONDS),
					       .tv_nsec = (long)(when % NANOSECONDS)}};

	return timerfd_settime(timer, TFD_TIMER_ABSTIME | flags, &spec, NULL) ? -errno : 0;
}

/* That the clock is set ends the wait of this one (ECANCELED), wherever the boundary was. */
static int set_wall(const struct schedule *schedule)
{
	return set_timer(schedule->wall_timer,
			 schedule_after(clock_now(CLOCK_REALTIME), SCHEDULE_BIN),
			 TFD_TIMER_CANCEL_ON_SET);
}

static int set_boot(const struct schedule *schedule, uint64_t from)
{
	return set_timer(schedule->boot_timer, schedule_after(from, schedule->interval), 0);
}

int schedule_open(struct schedule *schedule, uint64_t interval, bool whole)
{
	uint64_t now = clock_now(CLOCK_BOOTTIME);
	int error;

	*schedule = (struct schedule){
		.interval = interval,
		.boot_timer = timerfd_create(CLOCK_BOOTTIME, TFD_CLOEXEC | TFD_NONBLOCK),
		.wall_timer = timerfd_create(CLOCK_REALTIME, TFD_CLOEXEC | TFD_NONBLOCK),
		.clocks = schedule_clocks_now(),
	};
	if (schedule->boot_timer < 0 || schedule->wall_timer < 0)
		error = -errno;
	else if (whole)
		error = set_timer(schedule->boot_timer, now + interval, 0);
	else
		error = set_boot(schedule, now);
	if (!error)
		error = set_wall(schedule);
	if (error)
		schedule_close(schedule);
	return error;
}

void schedule_close(struct schedule *schedule)
{
	cleanup_close(&schedule->boot_timer);
	cleanup_close(&schedule->wall_timer);
	*schedule = SCHEDULE_NONE;
}

int schedule_set(struct schedule *schedule, uint64_t interval)
{
	schedule->interval = interval;
	return set_boot(schedule, clock_now(CLOCK_BOOTTIME));
}

/* 1: it has run out; 0: not yet; -ECANCELED: the clock was set. */
static int read_timer(int timer)
{
	uint64_t times;

	if (read(timer, &times, sizeof(times)) == (ssize_t)sizeof(times))
		return 1;
	return errno == EAGAIN || errno == EINTR ? 0 : -errno;
}

int schedule_read(struct schedule *schedule, bool *ret_due, int64_t *ret_jump)
{
	int boot = read_timer(schedule->boot_timer), wall = read_timer(schedule->wall_timer);
	struct schedule_clocks now = schedule_clocks_now();
	int error = 0;

	*ret_jump = schedule_jump(schedule->clocks, now);
	schedule->clocks = now;
	*ret_due = boot > 0 || wall > 0;
	if (boot > 0)
		error = set_boot(schedule, now.boottime);
	if (wall && !error)
		error = set_wall(schedule);
	return error;
}
