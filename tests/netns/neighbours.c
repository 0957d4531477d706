// SPDX-License-Identifier: GPL-2.0-or-later
#define _GNU_SOURCE 1
#include "neighbours.h"

#include <linux/pkt_cls.h>
#include <string.h>
#include <unistd.h>

#include <netacct/cleanup.h>

#include "harness.h"
#include "state.h"
#include "world.h"

#define FRONT 1 /* priorities of the filters */
#define GUEST 100 /* ours comes later and stands before it */
#define BEHIND 60000
#define COME_AND_GO_MS 25

struct place {
	const char *ns, *name;
};

static const struct place places[] = {{"left", "v0"}, {"right", "v1"}};

/* Behind all and before all; closing the links detaches. */
static void visit_tcx(const struct neighbours *neighbours, const struct place *place, bool egress,
		      int links[static 2])
{
	struct foreign front = neighbours->front, behind = neighbours->behind;
	int error;

	if (!neighbours->tcx)
		return;
	error = foreign_tcx_first(&front, place->ns, place->name, egress);
	CHECK(!error, "tcx before ours: %s", strerror(-error));
	error = foreign_tcx_try(&behind, place->ns, place->name, egress);
	CHECK(!error, "tcx behind ours: %s", strerror(-error));
	links[0] = front.link;
	links[1] = behind.link;
}

static void visit(struct neighbours *neighbours, const struct place *place, bool egress)
{
	int links[2] = {-1, -1};

	foreign_filter(&neighbours->front, place->ns, place->name, egress, FRONT);
	visit_tcx(neighbours, place, egress, links);
	foreign_filter(&neighbours->behind, place->ns, place->name, egress, BEHIND);
	sleep_ms(COME_AND_GO_MS);
	foreign_filter_delete(place->ns, place->name, egress, FRONT);
	for (size_t i = 0; i < ARRAY_SIZE(links) && links[i] >= 0; i++)
		close(links[i]);
	foreign_filter_delete(place->ns, place->name, egress, BEHIND);
	sleep_ms(COME_AND_GO_MS);
	neighbours->visits++;
}

static void *come_and_go(void *argument)
{
	struct neighbours *neighbours = argument;

	for (unsigned int i = 0; !__atomic_load_n(&neighbours->over, __ATOMIC_ACQUIRE); i++)
		visit(neighbours, &places[i % 2], i & 2);
	return NULL;
}

void neighbours_settle(struct neighbours *neighbours)
{
	uint32_t ids[STATE_TCX_MAX];

	memset(neighbours, 0, sizeof(*neighbours));
	foreign_load(&neighbours->front, FOREIGN_TC, TC_ACT_UNSPEC);
	foreign_load(&neighbours->behind, FOREIGN_TC, TC_ACT_UNSPEC);
	foreign_load(&neighbours->guest, FOREIGN_TC, TC_ACT_UNSPEC);
	for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
		const struct place *place = &places[i];

		foreign_clsact(place->ns, place->name);
		foreign_filter(&neighbours->guest, place->ns, place->name, false, GUEST);
		foreign_filter(&neighbours->guest, place->ns, place->name, true, GUEST);
	}
	neighbours->tcx = state_tcx(places[0].ns, places[0].name, false, ids) >= 0;
}

void neighbours_start(struct neighbours *neighbours)
{
	CHECK(!pthread_create(&neighbours->thread, NULL, come_and_go, neighbours), "no thread");
}

void neighbours_leave(struct neighbours *neighbours)
{
	__atomic_store_n(&neighbours->over, true, __ATOMIC_RELEASE);
	pthread_join(neighbours->thread, NULL);
	CHECK(foreign_count(&neighbours->front), "no packet came to a neighbour before ours");
	CHECK(foreign_count(&neighbours->behind), "no packet came to a neighbour behind ours");
	CHECK(foreign_count(&neighbours->guest), "no packet came to the guest behind ours");
}

void neighbours_close(struct neighbours *neighbours)
{
	foreign_close(&neighbours->front);
	foreign_close(&neighbours->behind);
	foreign_close(&neighbours->guest);
}
