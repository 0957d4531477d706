// SPDX-License-Identifier: GPL-2.0-or-later
/* Making, changing and reading interfaces over rtnetlink. */
#define _GNU_SOURCE 1
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_link.h>
#include <linux/if_tunnel.h>
#include <linux/veth.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include <netacct/cleanup.h>

#include "harness.h"
#include "request.h"
#include "world.h"

struct creation {
	struct request request;
	size_t info, data;
};

static void creation_start(struct creation *creation, const char *name, const char *kind)
{
	struct ifinfomsg link = {.ifi_family = AF_UNSPEC};

	request_start(&creation->request, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, &link,
		      sizeof(link));
	request_text(&creation->request, IFLA_IFNAME, name);
	creation->info = request_nest(&creation->request, IFLA_LINKINFO);
	request_text(&creation->request, IFLA_INFO_KIND, kind);
	creation->data = request_nest(&creation->request, IFLA_INFO_DATA);
}

static int creation_send(struct creation *creation, const char *ns)
{
	request_end(&creation->request, creation->data);
	request_end(&creation->request, creation->info);
	return request_send(ns, &creation->request);
}

int world_link_try(const char *ns, const char *name, const char *kind)
{
	struct creation creation;

	creation_start(&creation, name, kind);
	return creation_send(&creation, ns);
}

int world_vlan_try(const char *ns, const char *name, const char *lower, uint16_t type, uint16_t id)
{
	struct creation creation;
	uint16_t protocol = htons(type);

	creation_start(&creation, name, "vlan");
	request_put(&creation.request, IFLA_VLAN_ID, &id, sizeof(id));
	request_put(&creation.request, IFLA_VLAN_PROTOCOL, &protocol, sizeof(protocol));
	request_end(&creation.request, creation.data);
	request_end(&creation.request, creation.info);
	request_number(&creation.request, IFLA_LINK, world_ifindex(ns, lower));
	return request_send(ns, &creation.request);
}

static void put_ipv4(struct request *request, uint16_t type, const char *text)
{
	struct in_addr address;

	CHECK(inet_pton(AF_INET, text, &address) == 1, "not an IPv4 address: %s", text);
	request_put(request, type, &address, sizeof(address));
}

static int tunnel_try(const char *ns, const char *name, const char *kind, const char *local,
		      const char *remote)
{
	struct creation creation;

	creation_start(&creation, name, kind);
	put_ipv4(&creation.request, !strcmp(kind, "ipip") ? IFLA_IPTUN_LOCAL : IFLA_GRE_LOCAL,
		 local);
	put_ipv4(&creation.request, !strcmp(kind, "ipip") ? IFLA_IPTUN_REMOTE : IFLA_GRE_REMOTE,
		 remote);
	return creation_send(&creation, ns);
}

int world_ipip_try(const char *ns, const char *name, const char *local, const char *remote)
{
	return tunnel_try(ns, name, "ipip", local, remote);
}

int world_gre_try(const char *ns, const char *name, const char *local, const char *remote)
{
	return tunnel_try(ns, name, "gre", local, remote);
}

int world_vxlan_try(const char *ns, const char *name, uint32_t id, const char *local,
		    const char *remote)
{
	struct creation creation;
	uint16_t port = htons(4789);

	creation_start(&creation, name, "vxlan");
	request_number(&creation.request, IFLA_VXLAN_ID, id);
	put_ipv4(&creation.request, IFLA_VXLAN_LOCAL, local);
	put_ipv4(&creation.request, IFLA_VXLAN_GROUP, remote);
	request_put(&creation.request, IFLA_VXLAN_PORT, &port, sizeof(port));
	return creation_send(&creation, ns);
}

/* A change of one interface: RTM_NEWLINK with its index, and flags where `change` has them. */
static void change_start(struct request *request, uint16_t type, const char *ns, const char *name,
			 unsigned int flags, unsigned int change)
{
	struct ifinfomsg link = {
		.ifi_family = AF_UNSPEC,
		.ifi_index = (int)world_ifindex(ns, name),
		.ifi_flags = flags,
		.ifi_change = change,
	};

	request_start(request, type, 0, &link, sizeof(link));
}

static void change_send(const char *ns, const char *name, struct request *request, const char *what)
{
	int error = request_send(ns, request);

	CHECK(!error, "%s %s: %s", what, name, strerror(-error));
}

void world_up(const char *ns, const char *name, bool up)
{
	struct request request;

	change_start(&request, RTM_NEWLINK, ns, name, up ? IFF_UP : 0, IFF_UP);
	change_send(ns, name, &request, up ? "up" : "down");
}

void world_mtu(const char *ns, const char *name, uint32_t mtu)
{
	struct request request;

	change_start(&request, RTM_NEWLINK, ns, name, 0, 0);
	request_number(&request, IFLA_MTU, mtu);
	change_send(ns, name, &request, "mtu of");
}

void world_master(const char *ns, const char *name, const char *master)
{
	struct request request;

	change_start(&request, RTM_NEWLINK, ns, name, 0, 0);
	request_number(&request, IFLA_MASTER, world_ifindex(ns, master));
	change_send(ns, name, &request, "master of");
}

/* Kernels before 6.2 rename only what is down. */
void world_rename(const char *ns, const char *name, const char *to)
{
	struct request request;

	world_up(ns, name, false);
	change_start(&request, RTM_NEWLINK, ns, name, 0, 0);
	request_text(&request, IFLA_IFNAME, to);
	change_send(ns, name, &request, "rename");
	world_up(ns, to, true);
}

void world_alias(const char *ns, const char *name, const char *alias)
{
	struct request request;

	change_start(&request, RTM_NEWLINK, ns, name, 0, 0);
	request_put(&request, IFLA_IFALIAS, alias, strlen(alias));
	change_send(ns, name, &request, "alias of");
}

void world_move(const char *ns, const char *name, const char *to_ns)
{
	_cleanup_close_ int target = world_netns_open(to_ns);
	struct request request;

	change_start(&request, RTM_NEWLINK, ns, name, 0, 0);
	request_number(&request, IFLA_NET_NS_FD, (uint32_t)target);
	change_send(ns, name, &request, "move");
}

void world_delete(const char *ns, const char *name)
{
	struct request request;

	change_start(&request, RTM_DELLINK, ns, name, 0, 0);
	change_send(ns, name, &request, "delete");
}

/* It gets its queue from a worker of the kernel (linkwatch). */
void world_await_up(const char *ns, const char *name)
{
	uint64_t deadline = now_ms() + 10000;
	struct request request, answer;
	const struct rtattr *state;
	int error;

	for (;;) {
		change_start(&request, RTM_GETLINK, ns, name, 0, 0);
		error = request_ask(ns, &request, &answer);
		CHECK(!error, "read %s: %s", name, strerror(-error));
		state = answer_find(&answer, sizeof(struct ifinfomsg), IFLA_OPERSTATE);
		if (state && *(const uint8_t *)RTA_DATA(state) == IF_OPER_UP)
			break;
		CHECK(now_ms() < deadline, "%s does not come up", name);
		sleep_ms(1);
	}
	/* changes nothing, and takes the lock that the worker holds until it is done */
	world_up(ns, name, true);
}

void world_veth(const char *ns, const char *name, const char *peer_ns, const char *peer)
{
	_cleanup_close_ int target = world_netns_open(peer_ns);
	struct ifinfomsg link = {.ifi_family = AF_UNSPEC};
	struct creation creation;
	size_t nest;
	int error;

	creation_start(&creation, name, "veth");
	nest = creation.request.header.nlmsg_len;
	request_put(&creation.request, VETH_INFO_PEER, &link, sizeof(link));
	request_text(&creation.request, IFLA_IFNAME, peer);
	request_number(&creation.request, IFLA_NET_NS_FD, (uint32_t)target);
	request_end(&creation.request, nest);
	error = creation_send(&creation, ns);
	if (error == -EOPNOTSUPP)
		skip("no veth in this kernel");
	CHECK(!error, "veth %s, %s: %s", name, peer, strerror(-error));
	world_offload(ns, name, OFFLOAD_ALL, false);
	world_offload(peer_ns, peer, OFFLOAD_ALL, false);
	world_up(ns, name, true);
	world_up(peer_ns, peer, true);
	world_await_up(ns, name);
	world_await_up(peer_ns, peer);
}

void world_counters(const char *ns, const char *name, struct world_counters *ret)
{
	struct rtnl_link_stats64 counters;
	struct request request, answer;
	const struct rtattr *attribute;
	int error;

	change_start(&request, RTM_GETLINK, ns, name, 0, 0);
	error = request_ask(ns, &request, &answer);
	CHECK(!error, "read %s: %s", name, strerror(-error));
	attribute = answer_find(&answer, sizeof(struct ifinfomsg), IFLA_STATS64);
	CHECK(attribute, "%s has no counters", name);
	memset(&counters, 0, sizeof(counters));
	memcpy(&counters, RTA_DATA(attribute),
	       RTA_PAYLOAD(attribute) < sizeof(counters) ? RTA_PAYLOAD(attribute)
							 : sizeof(counters));
	ret->rx_packets = counters.rx_packets;
	ret->rx_bytes = counters.rx_bytes;
	ret->tx_packets = counters.tx_packets;
	ret->tx_bytes = counters.tx_bytes;
	ret->rx_dropped = counters.rx_dropped;
	ret->tx_dropped = counters.tx_dropped;
}
