/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Into all namespaces: what takes the time is the kernel's, and it has several CPUs. */
#include <netacct/cleanup.h>
#include <string.h>

#include "../record/crew.h"
#include "message.h"
#include "survey_netns.h"

/* Beyond this the threads wait for the kernel's RTNL lock, and below for their own start. */
#define WALKERS_MAX 4
#define NAMESPACES_PER_WALKER 16

struct walk;

struct walker {
	struct walk *walk;
	pthread_t thread;
	struct netns_tour tour;
	struct rtnl *nl; /* owned; NULL before the first namespace */
	struct survey_tcx_sight tcx;
	int error; /* what ends the survey: memory, or the way back */
};

/*
 * The calling thread looks for namespaces, then walks too; the others walk
 * meanwhile. The lock is for survey->namespaces, `next` and `complete`.
 */
struct walk {
	struct survey *survey;
	size_t room; /* in survey->namespaces */
	size_t next; /* the namespace that nobody has looked at yet */
	bool complete; /* all have been found */
	pthread_mutex_t lock;
	pthread_cond_t changed;
	struct walker walkers[WALKERS_MAX]; /* the calling thread's first */
	size_t started, most;
};

static int open_here(struct walker *walker, struct nl_error *why)
{
	return walker->nl ? rtnl_reopen(walker->nl) : rtnl_open(&walker->nl, why);
}

/* What goes wrong inside is a word in the namespace's row; memory is not. */
static int look_inside(struct walker *walker, struct survey_netns *namespace)
{
	const struct survey *survey = walker->walk->survey;
	struct nl_error why = {""};
	int error = namespace->netns.error;

	if (!error && !namespace->netns.own)
		error = netns_tour_go(&walker->tour, &namespace->netns);
	if (!error)
		error = open_here(walker, &why);
	if (!error)
		error = survey_netns_fill(walker->nl, survey->sighting_count > 0, &walker->tcx,
					  namespace, &why);
	if (error)
		snprintf(namespace->error, sizeof(namespace->error), "%s",
			 why.text[0] ? why.text : strerror(-error));
	return error == -ENOMEM ? error : 0;
}

/* The next one that was found; NULL: there are no more. */
static struct survey_netns *take(struct walk *walk)
{
	struct survey_netns *taken = NULL;

	pthread_mutex_lock(&walk->lock);
	while (walk->next == walk->survey->count && !walk->complete)
		pthread_cond_wait(&walk->changed, &walk->lock);
	if (walk->next < walk->survey->count)
		taken = walk->survey->namespaces[walk->next++];
	pthread_mutex_unlock(&walk->lock);
	return taken;
}

static void *walk_on(void *argument)
{
	struct walker *walker = argument;
	struct survey_netns *namespace;
	int back;

	while (!walker->error && (namespace = take(walker->walk))) {
		walker->error = look_inside(walker, namespace);
		/* what it is called is shown later */
		cleanup_close(&namespace->netns.fd);
		namespace->netns.fd = -1;
	}
	rtnl_close(walker->nl);
	back = netns_tour_end(&walker->tour);
	if (back)
		walker->error = back;
	return NULL;
}

/* More than one would tangle what the trace of netlink tells. */
static size_t most_walkers(void)
{
	return message_level() >= MESSAGE_DETAILS ? 1 : crew_size(WALKERS_MAX);
}

static void start_walker(struct walk *walk)
{
	struct walker *walker = &walk->walkers[walk->started];

	if (crew_start(&walker->thread, walk_on, walker))
		walk->started++;
	else
		walk->most = walk->started;
}

/* -ENOMEM */
static int make_room(struct walk *walk)
{
	size_t room = walk->room ? walk->room * 2 : 16;
	struct survey_netns **namespaces;

	if (walk->survey->count < walk->room)
		return 0;
	namespaces = reallocarray(walk->survey->namespaces, room, sizeof(struct survey_netns *));
	if (!namespaces)
		return -ENOMEM;
	walk->survey->namespaces = namespaces;
	walk->room = room;
	return 0;
}

/* For whoever looks at it next; the own one is the calling thread's. */
static int put(struct walk *walk, struct survey_netns *namespace)
{
	struct survey *survey = walk->survey;
	int error;

	pthread_mutex_lock(&walk->lock);
	error = make_room(walk);
	if (!error) {
		survey->namespaces[survey->count++] = namespace;
		walk->next += namespace->netns.own;
		pthread_cond_signal(&walk->changed);
	}
	pthread_mutex_unlock(&walk->lock);
	return error;
}

static int found(void *context, struct netns *ns)
{
	struct survey_netns *one = calloc(1, sizeof(*one));
	struct walk *walk = context;

	if (one)
		one->netns = netns_take(ns);
	if (!one || put(walk, one)) {
		netns_close(one ? &one->netns : ns);
		free(one);
		return -ENOMEM;
	}
	/* before any thread can have left it */
	if (one->netns.own)
		return look_inside(&walk->walkers[0], one);
	if (walk->started < walk->most &&
	    walk->survey->count >= walk->started * NAMESPACES_PER_WALKER)
		start_walker(walk);
	return 0;
}

static int merge(struct survey *survey, const struct walker *walker)
{
	if (walker->tcx.absent)
		survey->tcx = false;
	if (!survey->blind[SIGHT_TCX])
		survey->blind[SIGHT_TCX] = walker->tcx.error;
	return walker->error;
}

static int compare(const void *left, const void *right)
{
	const struct survey_netns *const *a = left, *const *b = right;

	return netns_compare(&(*a)->netns, &(*b)->netns);
}

static void complete(struct walk *walk)
{
	pthread_mutex_lock(&walk->lock);
	walk->complete = true;
	pthread_cond_broadcast(&walk->changed);
	pthread_mutex_unlock(&walk->lock);
}

int survey_walk(struct survey *survey)
{
	struct walk walk = {
		.survey = survey,
		.lock = PTHREAD_MUTEX_INITIALIZER,
		.changed = PTHREAD_COND_INITIALIZER,
		.started = 1,
		.most = most_walkers(),
	};
	size_t i;
	int error;

	for (i = 0; i < WALKERS_MAX; i++)
		walk.walkers[i] = (struct walker){.walk = &walk, .tour = NETNS_TOUR_NONE};
	error = netns_find(found, &walk);
	complete(&walk);
	walk.walkers[0].error = error;
	walk_on(&walk.walkers[0]);
	for (i = 0; i < walk.started; i++) {
		if (i)
			pthread_join(walk.walkers[i].thread, NULL);
		if (!error)
			error = merge(survey, &walk.walkers[i]);
	}
	if (survey->count)
		qsort(survey->namespaces, survey->count, sizeof(struct survey_netns *), compare);
	return error;
}
