/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "follow.h"

#include <limits.h>
#include <netacct/cleanup.h>
#include <netacct/netlink.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/inotify.h>
#include <sys/timerfd.h>

#include "../meter/clock.h"
#include "../record/record.h"

#define EVENTS 64

/* A namespace that is heard of. */
struct place {
	uint64_t device, inode, cookie;
	struct rtnl_watch *watch; /* owned */
	bool wanted;
};

#define FOLDERS 2

struct follow {
	int epoll, names, timer;
	int parents[FOLDERS]; /* inotify's numbers of them */
	uint64_t due; /* CLOCK_MONOTONIC ns: the timer runs until then, 0: it does not run */
	struct place **places; /* owned, so that epoll can point at them */
	size_t count;
};

/* The folders of names, and the folders that they appear in. */
static const char *const folders[FOLDERS] = {"/run/netns", "/var/run/netns"};
static const char *const parents[FOLDERS] = {"/run", "/var/run"};

static int add(const struct follow *follow, int fd, void *what)
{
	struct epoll_event event = {.events = EPOLLIN, .data.ptr = what};

	return epoll_ctl(follow->epoll, EPOLL_CTL_ADD, fd, &event) ? -errno : 0;
}

/* What is not there yet is no error: its parent tells when it comes. */
static void watch_folders(struct follow *follow)
{
	const uint32_t mask = IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_ONLYDIR;
	size_t i;

	for (i = 0; i < FOLDERS; i++) {
		(void)inotify_add_watch(follow->names, folders[i], mask);
		follow->parents[i] = inotify_add_watch(follow->names, parents[i],
						       IN_CREATE | IN_MOVED_TO | IN_ONLYDIR);
	}
}

int follow_open(struct follow **ret)
{
	struct follow *follow = calloc(1, sizeof(*follow));
	int error;

	if (!follow)
		return -ENOMEM;
	follow->epoll = epoll_create1(EPOLL_CLOEXEC);
	follow->names = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	follow->timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	error = follow->epoll < 0 || follow->names < 0 || follow->timer < 0 ? negative_errno() : 0;
	if (!error)
		error = add(follow, follow->names, &follow->names);
	if (!error)
		error = add(follow, follow->timer, &follow->timer);
	if (error) {
		follow_close(follow);
		return error;
	}
	watch_folders(follow);
	*ret = follow;
	return 0;
}

static void drop(struct follow *follow, size_t number)
{
	struct place *place = follow->places[number];

	/* closing it takes it out of the epoll set */
	rtnl_watch_close(place->watch);
	free(place);
	follow->places[number] = follow->places[--follow->count];
}

void follow_close(struct follow *follow)
{
	if (!follow)
		return;
	while (follow->count)
		drop(follow, 0);
	free(follow->places);
	cleanup_close(&follow->timer);
	cleanup_close(&follow->names);
	cleanup_close(&follow->epoll);
	free(follow);
}

void follow_begin(struct follow *follow)
{
	size_t i;

	for (i = 0; i < follow->count; i++)
		follow->places[i]->wanted = false;
	watch_folders(follow);
}

static struct place *find(const struct follow *follow, const struct netns *ns)
{
	size_t i;

	for (i = 0; i < follow->count; i++) {
		struct place *place = follow->places[i];

		if (place->inode == ns->inode && place->device == ns->device &&
		    place->cookie == ns->cookie)
			return place;
	}
	return NULL;
}

static int open_inside(const struct netns *ns, struct rtnl_watch **ret)
{
	struct nl_error words;
	int previous = -1, error, back;

	if (ns->own)
		return rtnl_watch_open(ret, &words);
	error = netns_enter(ns, &previous);
	if (error)
		return error;
	error = rtnl_watch_open(ret, &words);
	back = netns_leave(previous);
	if (!error && back)
		rtnl_watch_close(TAKE_PTR(*ret));
	return error ? error : back;
}

static int append(struct follow *follow, struct place *place)
{
	struct place **grown =
		reallocarray(follow->places, follow->count + 1, sizeof(struct place *));
	int error;

	if (!grown)
		return -ENOMEM;
	follow->places = grown;
	error = add(follow, rtnl_watch_fd(place->watch), place);
	if (!error)
		follow->places[follow->count++] = place;
	return error;
}

int follow_want(struct follow *follow, const struct netns *ns)
{
	struct place *place = find(follow, ns);
	int error;

	if (place) {
		place->wanted = true;
		return 0;
	}
	place = calloc(1, sizeof(*place));
	if (!place)
		return -ENOMEM;
	*place = (struct place){ns->device, ns->inode, ns->cookie, NULL, true};
	error = open_inside(ns, &place->watch);
	if (!error)
		error = append(follow, place);
	if (error) {
		rtnl_watch_close(place->watch);
		free(place);
	}
	return error;
}

void follow_end(struct follow *follow)
{
	size_t i = follow->count;

	while (i-- > 0)
		if (!follow->places[i]->wanted)
			drop(follow, i);
}

void follow_wake(struct follow *follow, uint64_t nanoseconds)
{
	uint64_t due = clock_monotonic() + nanoseconds;
	const struct itimerspec next = {.it_value = {.tv_sec = (time_t)(due / NANOSECONDS),
						     .tv_nsec = (long)(due % NANOSECONDS)}};

	if (follow->due && follow->due <= due)
		return;
	if (!timerfd_settime(follow->timer, TFD_TIMER_ABSTIME, &next, NULL))
		follow->due = due;
}

static enum follow_event read_timer(struct follow *follow)
{
	uint64_t times;

	if (read(follow->timer, &times, sizeof(times)) < 0)
		return FOLLOW_NOTHING;
	follow->due = 0;
	return FOLLOW_LINKS;
}

const int *follow_descriptor(const struct follow *follow)
{
	return &follow->epoll;
}

/* In the folders of names everything counts, in their parents only these folders. */
static bool about_names(const struct follow *follow, const struct inotify_event *event)
{
	size_t i;

	for (i = 0; i < FOLDERS; i++)
		if (event->wd == follow->parents[i])
			return event->len && !strcmp(event->name, "netns");
	return true;
}

static enum follow_event read_names(struct follow *follow)
{
	char buffer[4096] __attribute__((aligned(__alignof__(struct inotify_event))));
	enum follow_event happened = FOLLOW_NOTHING;
	ssize_t length;

	while ((length = read(follow->names, buffer, sizeof(buffer))) > 0) {
		const char *at = buffer;

		while (at < buffer + length) {
			const struct inotify_event *event = (const void *)at;

			if (about_names(follow, event))
				happened = FOLLOW_NAMES;
			at += sizeof(*event) + event->len;
		}
	}
	return happened;
}

static enum follow_event read_one(struct follow *follow, void *what)
{
	struct place *place = what;

	if (what == &follow->names)
		return read_names(follow);
	if (what == &follow->timer)
		return read_timer(follow);
	return rtnl_watch_happened(place->watch) ? FOLLOW_LINKS : FOLLOW_NOTHING;
}

enum follow_event follow_read(struct follow *follow)
{
	enum follow_event happened = FOLLOW_NOTHING;
	struct epoll_event events[EVENTS];
	int count = epoll_wait(follow->epoll, events, EVENTS, 0), i;

	for (i = 0; i < count; i++) {
		enum follow_event one = read_one(follow, events[i].data.ptr);

		if (one > happened)
			happened = one;
	}
	return happened;
}
