// SPDX-License-Identifier: GPL-2.0-or-later
#define _GNU_SOURCE 1
#include "peer.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <linux/if_link.h>
#include <string.h>
#include <sys/socket.h>

#include <netacct/cleanup.h>

#include "harness.h"
#include "peer_abi.h"
#include "world.h"

void peer_attach(struct peer *peer, const char *ns, const char *name)
{
	_cleanup_free_ char *path = build_path("tests/peer.bpf.o");
	struct bpf_program *program;
	int previous, error;

	peer->ns = ns;
	peer->ifindex = world_ifindex(ns, name);
	peer->object = bpf_object__open_file(path, NULL);
	CHECK(peer->object, "%s: %s", path, strerror(errno));
	error = bpf_object__load(peer->object);
	CHECK(!error, "load %s: %s", path, strerror(-error));
	program = bpf_object__find_program_by_name(peer->object, "peer_count");
	CHECK(program, "%s has no program peer_count", path);
	previous = world_enter(ns);
	error = bpf_xdp_attach((int)peer->ifindex, bpf_program__fd(program),
			       XDP_FLAGS_DRV_MODE | XDP_FLAGS_UPDATE_IF_NOEXIST, NULL);
	world_leave(previous);
	CHECK(!error, "oracle on %s: %s", name, strerror(-error));
}

void peer_detach(struct peer *peer)
{
	int previous;

	if (!peer->object)
		return;
	previous = world_enter(peer->ns);
	bpf_xdp_detach((int)peer->ifindex, XDP_FLAGS_DRV_MODE, NULL);
	world_leave(previous);
	bpf_object__close(peer->object);
	peer->object = NULL;
}

static int map_of(const struct peer *peer, const char *name)
{
	int fd = bpf_object__find_map_fd_by_name(peer->object, name);

	CHECK(fd >= 0, "the oracle has no map %s", name);
	return fd;
}

static struct peer_count total(const struct peer *peer, uint32_t which)
{
	struct peer_count count = {0, 0};

	CHECK(!bpf_map_lookup_elem(map_of(peer, "totals"), &which, &count), "oracle: %s",
	      strerror(errno));
	return count;
}

void peer_total(struct peer *peer, uint64_t *ret_packets, uint64_t *ret_bytes)
{
	struct peer_count count = total(peer, PEER_SEEN);

	*ret_packets = count.packets;
	*ret_bytes = count.bytes;
}

static void book(const struct peer_key *from, const struct peer_count *count,
		 enum ledger_direction direction, struct ledger *ret)
{
	bool tx = direction == LEDGER_TX;
	struct ledger_flow_key key = {
		.family = from->family == 4 ? AF_INET : AF_INET6,
		.protocol = from->protocol,
		.fragment = from->fragment,
		.local_port = tx ? from->source_port : from->destination_port,
		.remote_port = tx ? from->destination_port : from->source_port,
	};

	memcpy(key.local, tx ? from->source : from->destination, 16);
	memcpy(key.remote, tx ? from->destination : from->source, 16);
	ledger_book(ret, &key, direction, count->packets, count->bytes);
}

void peer_read(struct peer *peer, enum ledger_direction direction, struct ledger *ret)
{
	struct peer_count count = total(peer, PEER_LOST);
	int flows = map_of(peer, "flows");
	struct peer_key key, *last = NULL;

	CHECK(!count.packets, "the oracle had no room for all flows");
	memset(ret, 0, sizeof(*ret));
	while (!bpf_map_get_next_key(flows, last, &key)) {
		last = &key;
		if (!bpf_map_lookup_elem(flows, &key, &count))
			book(&key, &count, direction, ret);
	}
	count = total(peer, PEER_OTHER);
	ledger_book(ret, NULL, direction, count.packets, count.bytes);
}
