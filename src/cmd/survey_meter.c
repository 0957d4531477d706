/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "survey_netns.h"

#include "../meter/order.h"

/* A namespace's inode number is used again, its cookie never: compared where both are known. */
static bool is_at(const struct meter_sighting *sighting, const struct netns *netns,
		  uint32_t ifindex)
{
	if (sighting->ifindex != ifindex || sighting->netns_inode != netns->inode)
		return false;
	return !sighting->netns_cookie || !netns->cookie || sighting->netns_cookie == netns->cookie;
}

/* Where a program of ours is on one side, and what runs before it there. */
struct place {
	bool there;
	bool behind;
};

static void look_at_tcx(const struct survey_tcx *tcx, uint32_t id, struct place *place)
{
	for (size_t i = 0; i < tcx->count && !place->there; i++) {
		if (tcx->programs[i].id == id)
			place->there = true;
		else
			place->behind |= !tcx->programs[i].ours;
	}
}

static void look_at_filters(const struct survey_filters *tc, uint32_t id, struct place *place)
{
	for (size_t i = 0; i < tc->count && !place->there; i++) {
		if (tc->programs[i].id == id)
			place->there = true;
		else
			place->behind |= !tc->programs[i].ours;
	}
}

/* In the order in which a packet meets them: XDP, tcx, tc. */
static struct place look(const struct survey_interface *interface, enum filter_side side,
			 uint32_t id)
{
	struct place place = {false, false};

	if (!id)
		return place;
	if (side == FILTER_INGRESS && interface->xdp.id) {
		place.there = interface->xdp.id == id;
		place.behind = !place.there && !interface->xdp.ours;
	}
	look_at_tcx(&interface->tcx[side], id, &place);
	look_at_filters(&interface->tc[side], id, &place);
	return place;
}

static bool starved(uint64_t seen, uint64_t counted, uint64_t since)
{
	return order_starved(seen, counted > since ? counted - since : 0);
}

/* A source that departed has left its records behind, not its programs: no meter here. */
static bool judge(const struct meter_sighting *sighting, struct survey_interface *interface)
{
	struct place in = look(interface, FILTER_INGRESS, sighting->in_prog_id);
	struct place eg = look(interface, FILTER_EGRESS, sighting->eg_prog_id);
	const struct na_link_counters *counters = &interface->link.counters;
	bool whole = (in.there || !sighting->in_prog_id) && (eg.there || !sighting->eg_prog_id);

	if (!sighting->live && !in.there && !eg.there)
		return false;
	if (!sighting->live || !whole)
		interface->meter_state = SURVEY_BROKEN;
	else if ((in.behind &&
		  starved(sighting->rx_seen, counters->rx_packets, sighting->since.rx_packets)) ||
		 (eg.behind &&
		  starved(sighting->tx_seen, counters->tx_packets, sighting->since.tx_packets)))
		interface->meter_state = SURVEY_STARVED;
	else if (in.behind || eg.behind)
		interface->meter_state = SURVEY_BEHIND;
	else
		interface->meter_state = SURVEY_COUNTING;
	interface->meter = sighting;
	return true;
}

void survey_meter(const struct survey *survey, const struct netns *netns,
		  struct survey_interface *interface)
{
	for (size_t i = 0; i < survey->sighting_count; i++) {
		const struct meter_sighting *sighting = &survey->sightings[i];

		if (is_at(sighting, netns, interface->link.ifindex) && judge(sighting, interface) &&
		    interface->meter_state != SURVEY_BROKEN)
			return;
	}
}
