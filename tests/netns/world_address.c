// SPDX-License-Identifier: GPL-2.0-or-later
/* Addresses, neighbours and routes over rtnetlink. */
#define _GNU_SOURCE 1
#include <arpa/inet.h>
#include <linux/if_addr.h>
#include <linux/neighbour.h>
#include <netacct/cleanup.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "harness.h"
#include "request.h"
#include "world.h"

struct prefix {
	uint8_t family, length;
	uint8_t bytes[16];
	size_t size; /* of the address */
};

static void parse_prefix(const char *text, struct prefix *prefix)
{
	const char *slash = strchr(text, '/');
	char address[64];

	if (!strcmp(text, "default")) {
		*prefix = (struct prefix){.family = AF_INET, .size = 4};
		return;
	}
	snprintf(address, sizeof(address), "%.*s",
		 (int)(slash ? slash - text : (ptrdiff_t)strlen(text)), text);
	prefix->family = strchr(address, ':') ? AF_INET6 : AF_INET;
	prefix->size = prefix->family == AF_INET ? 4 : 16;
	prefix->length = (uint8_t)(slash ? atoi(slash + 1) : (int)prefix->size * 8);
	CHECK(inet_pton(prefix->family, address, prefix->bytes) == 1, "not an address: %s", text);
}

static void send_or_fail(const char *ns, struct request *request, const char *what,
			 const char *text)
{
	int error = request_send(ns, request);

	CHECK(!error, "%s %s: %s", what, text, strerror(-error));
}

/* IPv6 on an interface without anything that it would send by itself. */
static void quiet_ipv6(const char *ns, const char *name)
{
	static const char *const settings[][2] = {
		{"accept_dad", "0"},	{"dad_transmits", "0"}, {"router_solicitations", "0"},
		{"addr_gen_mode", "1"}, {"accept_ra", "0"},	{"forwarding", "0"},
		{"disable_ipv6", "0"},
	};
	char path[128];

	world_sysctl(ns, "net/ipv6/conf/all/disable_ipv6", "0");
	for (size_t i = 0; i < ARRAY_SIZE(settings); i++) {
		snprintf(path, sizeof(path), "net/ipv6/conf/%s/%s", name, settings[i][0]);
		world_sysctl(ns, path, settings[i][1]);
	}
}

void world_address(const char *ns, const char *name, const char *address)
{
	struct prefix prefix;
	struct ifaddrmsg message;
	struct request request;

	parse_prefix(address, &prefix);
	if (prefix.family == AF_INET6)
		quiet_ipv6(ns, name);
	message = (struct ifaddrmsg){
		.ifa_family = prefix.family,
		.ifa_prefixlen = prefix.length,
		.ifa_flags = IFA_F_NODAD,
		.ifa_index = world_ifindex(ns, name),
	};
	request_start(&request, RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, &message, sizeof(message));
	request_put(&request, IFA_LOCAL, prefix.bytes, prefix.size);
	request_put(&request, IFA_ADDRESS, prefix.bytes, prefix.size);
	send_or_fail(ns, &request, "address", address);
}

void world_neighbour(const char *ns, const char *name, const char *address, const char *peer_ns,
		     const char *peer)
{
	unsigned char hardware[6];
	struct prefix prefix;
	struct ndmsg message;
	struct request request;

	parse_prefix(address, &prefix);
	message = (struct ndmsg){
		.ndm_family = prefix.family,
		.ndm_ifindex = (int)world_ifindex(ns, name),
		.ndm_state = NUD_PERMANENT,
	};
	world_hardware(peer_ns, peer, hardware);
	request_start(&request, RTM_NEWNEIGH, NLM_F_CREATE | NLM_F_REPLACE, &message,
		      sizeof(message));
	request_put(&request, NDA_DST, prefix.bytes, prefix.size);
	request_put(&request, NDA_LLADDR, hardware, sizeof(hardware));
	send_or_fail(ns, &request, "neighbour", address);
}

void world_route(const char *ns, const char *prefix, const char *gateway)
{
	struct prefix to, via;
	struct rtmsg message;
	struct request request;

	parse_prefix(prefix, &to);
	parse_prefix(gateway, &via);
	message = (struct rtmsg){
		.rtm_family = via.family,
		.rtm_dst_len = to.length,
		.rtm_table = RT_TABLE_MAIN,
		.rtm_protocol = RTPROT_STATIC,
		.rtm_scope = RT_SCOPE_UNIVERSE,
		.rtm_type = RTN_UNICAST,
	};
	request_start(&request, RTM_NEWROUTE, NLM_F_CREATE, &message, sizeof(message));
	if (to.length)
		request_put(&request, RTA_DST, to.bytes, to.size);
	request_put(&request, RTA_GATEWAY, via.bytes, via.size);
	send_or_fail(ns, &request, "route", prefix);
}
