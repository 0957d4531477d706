/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "oracle.h"

#include <errno.h>
#include <inttypes.h>
#include <linux/if_ether.h>
#include <netacct/cleanup.h>
#include <string.h>

#include "../source/source.h"
#include "read.h"
#include "visit.h"

#define ORACLE_TRIES 5

/* A figure of ours and what the interface says of it. */
struct interval {
	const char *name;
	uint64_t seen, low, high;
};

struct seen {
	struct na_count direction[NA_DIRECTIONS];
	uint64_t super;
};

static int read_seen(const struct meter *meter, uint32_t number, struct seen *ret,
		     struct fault *fault)
{
	struct half_balance whole;
	struct seen seen = {};
	uint32_t direction;
	int error = meter_read_balance_whole(meter, number, &whole, fault);

	if (error)
		return error;
	for (direction = 0; direction < NA_DIRECTIONS; direction++) {
		seen.direction[direction] = whole.direction[direction].bucket[NA_SEEN];
		seen.super += whole.direction[direction].super;
	}
	*ret = seen;
	return 0;
}

/* Only where the driver is known to count what the hook sees. */
static bool comparable(const struct na_source *source, const struct link *link,
		       const struct seen *seen, struct oracle *ret)
{
	const char *why = NULL;

	if (strcmp(link->kind, "veth") && strcmp(link->kind, "tun") && strcmp(link->kind, "dummy"))
		why = "the driver may count at another place than the hooks";
	else if (seen->super)
		why = "the driver counts a super-packet once";
	else if (source->ingress != NA_INGRESS_TC)
		why = "with XDP the driver counts at another place than the hooks";
	if (why)
		snprintf(ret->incomparable, sizeof(ret->incomparable), "not compared: %s", why);
	return !why;
}

/*
 * What the driver may leave out of its bytes: veth takes the Ethernet header
 * off frames on its NAPI path (GRO or native XDP, at either end) before it
 * counts them.
 */
static uint64_t slack(const struct link *link, uint64_t packets)
{
	return strcmp(link->kind, "veth") ? 0 : packets * ETH_HLEN;
}

static bool inside(const struct interval *figures, size_t count, struct oracle *ret)
{
	size_t i;

	ret->outside[0] = '\0';
	for (i = 0; i < count; i++) {
		const struct interval *is = &figures[i];

		if (is->seen - is->low <= is->high - is->low)
			continue;
		snprintf(ret->outside, sizeof(ret->outside),
			 "%s: seen %" PRIu64 ", the interface counted %" PRIu64 " to %" PRIu64,
			 is->name, is->seen, is->low, is->high);
		return false;
	}
	return true;
}

static void compare(const struct na_source *source, const struct seen *seen,
		    const struct link *first, const struct link *last, bool bytes,
		    struct oracle *ret)
{
	const struct na_link_counters *from = &source->after, *since = &source->before;
	const struct na_link_counters *before = &first->counters, *after = &last->counters;
	struct na_count rx = seen->direction[NA_RX], tx = seen->direction[NA_TX];

	if (source->flags & NA_SOURCE_PEER) {
		rx = seen->direction[NA_TX];
		tx = seen->direction[NA_RX];
	}
	const struct interval figures[] = {
		{"rx packets", rx.packets, before->rx_packets - from->rx_packets,
		 after->rx_packets - since->rx_packets},
		{"tx packets", tx.packets, before->tx_packets - from->tx_packets,
		 after->tx_packets - since->tx_packets + last->tx_dropped},
		{"rx bytes", rx.bytes, before->rx_bytes - from->rx_bytes,
		 after->rx_bytes - since->rx_bytes + slack(last, rx.packets)},
		{"tx bytes", tx.bytes, before->tx_bytes - from->tx_bytes,
		 after->tx_bytes - since->tx_bytes + slack(last, tx.packets)},
	};

	/* what was dropped behind the hook has no known size: then tx bytes are not compared */
	inside(figures, !bytes ? 2 : last->tx_dropped ? 3 : 4, ret);
}

/* Per side of the interface: in peer perspective our rx is its tx. */
static void judge_order(const struct na_source *source, const struct seen *seen,
			const struct link *link, struct oracle *ret)
{
	int turned = source->flags & NA_SOURCE_PEER ? 1 : 0;
	uint64_t rx = link->counters.rx_packets - source->after.rx_packets;
	uint64_t tx = link->counters.tx_packets - source->after.tx_packets;

	ret->starved[FILTER_INGRESS] = ret->order.who[FILTER_INGRESS][0] &&
				       order_starved(seen->direction[NA_RX ^ turned].packets, rx);
	ret->starved[FILTER_EGRESS] = ret->order.who[FILTER_EGRESS][0] &&
				      order_starved(seen->direction[NA_TX ^ turned].packets, tx);
}

static int ask_counters(const struct meter *meter, uint32_t number, struct rtnl *nl,
			struct oracle *ret)
{
	const struct na_source *source = &meter->sources[number];
	struct nl_error words = {};
	struct link before, after;
	struct seen seen;
	int error = 0, try;

	for (try = 0; try < ORACLE_TRIES; try++) {
		error = link_by_index(nl, source->ifindex, &before, &words);
		if (!error)
			error = read_seen(meter, number, &seen, &ret->fault);
		if (!error)
			error = link_by_index(nl, source->ifindex, &after, &words);
		if (error)
			break;
		judge_order(source, &seen, &before, ret);
		if (!comparable(source, &before, &seen, ret))
			break;
		compare(source, &seen, &before, &after, !meter->meta.layer3, ret);
		if (!ret->outside[0])
			break;
	}
	return error ? fault_netlink(&ret->fault, error, &words, "cannot read its counters") : 0;
}

static int ask_inside(const struct hook_site *site, struct oracle *ret)
{
	const struct na_source *source = hook_source(site);
	struct nl_error words = {};
	struct link link;
	int error = link_by_index(site->nl, source->ifindex, &link, &words);

	if (error == -ENODEV)
		return fault_set(&ret->fault, error,
				 "gone: the interface has been deleted or moved; `netacct detach "
				 "%s` prints its final totals",
				 source->id);
	if (!error)
		error = hooks_query(site, &ret->hooks, &ret->fault);
	if (!error)
		error = order_query(site, &ret->order, &ret->fault);
	return error ? error : ask_counters(site->meter, site->number, site->nl, ret);
}

void oracle_ask(struct meter *meter, uint32_t number, struct oracle *ret)
{
	_cleanup_visit_ struct visit visit = VISIT_NONE;

	ret->error = visit_begin(meter, number, &visit, &ret->fault);
	if (!ret->error)
		ret->error = ask_inside(&visit.site, ret);
}
