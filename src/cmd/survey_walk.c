/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Into all namespaces: what takes the time is the kernel's, and it has several CPUs. */
#define _GNU_SOURCE 1 /* CPU_COUNT() */
#include <netacct/cleanup.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <string.h>

#include "message.h"
#include "survey_netns.h"

/* Beyond this the threads wait for the kernel's RTNL lock, and below for their own start. */
#define WALKERS_MAX 4
#define NAMESPACES_PER_WALKER 16

/* What the walkers share. */
struct walk {
	struct survey *survey;
	atomic_size_t next; /* the namespace that nobody has looked at yet */
};

struct walker {
	struct walk *walk;
	pthread_t thread;
	struct netns_tour tour;
	struct rtnl *nl; /* owned; NULL before the first namespace */
	struct survey_tcx_sight tcx;
	int error; /* what ends the survey: memory, or the way back */
};

static int open_here(struct walker *walker, struct nl_error *why)
{
	return walker->nl ? rtnl_reopen(walker->nl) : rtnl_open(&walker->nl, why);
}

/* What goes wrong inside is a word in the namespace's row; memory is not. */
static int look_inside(struct walker *walker, struct survey_netns *namespace)
{
	struct nl_error why = {""};
	int error = namespace->netns->error;

	if (!error && !namespace->netns->own)
		error = netns_tour_go(&walker->tour, namespace->netns);
	if (!error)
		error = open_here(walker, &why);
	if (!error)
		error = survey_netns_fill(walker->nl, &walker->tcx, namespace, &why);
	if (error)
		snprintf(namespace->error, sizeof(namespace->error), "%s",
			 why.text[0] ? why.text : strerror(-error));
	return error == -ENOMEM ? error : 0;
}

static void *walk_on(void *argument)
{
	struct walker *walker = argument;
	struct survey *survey = walker->walk->survey;
	int back;

	while (!walker->error) {
		size_t at = atomic_fetch_add(&walker->walk->next, 1);

		if (at >= survey->count)
			break;
		walker->error = look_inside(walker, &survey->namespaces[at]);
		netns_close(survey->namespaces[at].netns);
	}
	rtnl_close(walker->nl);
	back = netns_tour_end(&walker->tour);
	if (back)
		walker->error = back;
	return NULL;
}

/* Those beside the calling thread; one would tangle what the trace of netlink tells. */
static size_t helpers_for(size_t namespaces)
{
	size_t most = namespaces / NAMESPACES_PER_WALKER;
	cpu_set_t cpus;

	if (message_level() >= MESSAGE_DETAILS || !most ||
	    sched_getaffinity(0, sizeof(cpus), &cpus))
		return 0;
	if (most > (size_t)CPU_COUNT(&cpus))
		most = (size_t)CPU_COUNT(&cpus);
	return (most > WALKERS_MAX ? WALKERS_MAX : most) - 1;
}

static int merge(struct survey *survey, const struct walker *walker)
{
	if (walker->tcx.absent)
		survey->tcx = false;
	if (!survey->blind[SIGHT_TCX])
		survey->blind[SIGHT_TCX] = walker->tcx.error;
	return walker->error;
}

int survey_walk(struct survey *survey)
{
	struct walker walkers[WALKERS_MAX] = {};
	struct walk walk = {.survey = survey};
	size_t helpers = helpers_for(survey->count), started = 0, i;
	int error = 0;

	for (i = 0; i < survey->count; i++)
		survey->namespaces[i].netns = &survey->list[i];
	/* the own one comes first, and is looked at before anybody has left it */
	for (i = 0; i <= helpers; i++)
		walkers[i] = (struct walker){.walk = &walk, .tour = NETNS_TOUR_NONE};
	if (survey->count)
		error = look_inside(&walkers[0], &survey->namespaces[walk.next++]);
	while (!error && started < helpers &&
	       !pthread_create(&walkers[started + 1].thread, NULL, walk_on, &walkers[started + 1]))
		started++;
	walkers[0].error = error;
	walk_on(&walkers[0]);
	for (i = 0; i <= started; i++) {
		if (i)
			pthread_join(walkers[i].thread, NULL);
		if (!error)
			error = merge(survey, &walkers[i]);
	}
	return error;
}
