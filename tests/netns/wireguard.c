// SPDX-License-Identifier: GPL-2.0-or-later
#define _GNU_SOURCE 1
#include "wireguard.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/genetlink.h>
#include <linux/wireguard.h>
#include <netinet/in.h>
#include <string.h>

#include "harness.h"
#include "request.h"
#include "world.h"

#define PORT 51820

/* X25519 (RFC 7748): a private key of 32 equal bytes, and its public one. */
static const struct keys {
	uint8_t private;
	uint8_t public[WG_KEY_LEN];
} keys[] = {
	[WIREGUARD_ONE] = {0x11, {0x7b, 0x4e, 0x90, 0x9b, 0xbe, 0x7f, 0xfe, 0x44, 0xc4, 0x65, 0xa2,
				  0x20, 0x03, 0x7d, 0x60, 0x8e, 0xe3, 0x58, 0x97, 0xd3, 0x1e, 0xf9,
				  0x72, 0xf0, 0x7f, 0x74, 0x89, 0x2c, 0xb0, 0xf7, 0x3f, 0x13}},
	[WIREGUARD_OTHER] = {0x22,
			     {0x0f, 0xaa, 0x68, 0x4e, 0xd2, 0x88, 0x67, 0xb9, 0x7f, 0x4a, 0x6a,
			      0x2d, 0xee, 0x5d, 0xf8, 0xce, 0x97, 0x4e, 0x76, 0xb7, 0x01, 0x8e,
			      0x3f, 0x22, 0xa1, 0xc4, 0xcf, 0x26, 0x78, 0x57, 0x0f, 0x20}},
};

static uint16_t family_id(const char *ns)
{
	const struct genlmsghdr header = {.cmd = CTRL_CMD_GETFAMILY, .version = 1};
	struct request request, answer;
	const struct rtattr *id;
	uint16_t ret;
	int error;

	request_start(&request, GENL_ID_CTRL, 0, &header, sizeof(header));
	request_text(&request, CTRL_ATTR_FAMILY_NAME, WG_GENL_NAME);
	error = request_ask_of(NETLINK_GENERIC, ns, &request, &answer);
	CHECK(!error, "the generic netlink of WireGuard: %s", strerror(-error));
	id = answer_find(&answer, sizeof(header), CTRL_ATTR_FAMILY_ID);
	CHECK(id, "the generic netlink of WireGuard has no number");
	memcpy(&ret, RTA_DATA(id), sizeof(ret));
	return ret;
}

static size_t nest(struct request *request, uint16_t type)
{
	return request_nest(request, type | NLA_F_NESTED);
}

/* All addresses of a family. */
static void put_allowed(struct request *request, uint16_t family, size_t size)
{
	static const uint8_t any[16];
	size_t allowed = nest(request, 0);
	uint8_t length = 0;

	request_put(request, WGALLOWEDIP_A_FAMILY, &family, sizeof(family));
	request_put(request, WGALLOWEDIP_A_IPADDR, any, size);
	request_put(request, WGALLOWEDIP_A_CIDR_MASK, &length, sizeof(length));
	request_end(request, allowed);
}

static void put_peer(struct request *request, const uint8_t *public, const char *remote)
{
	struct sockaddr_in endpoint = {.sin_family = AF_INET, .sin_port = htons(PORT)};
	size_t peers = nest(request, WGDEVICE_A_PEERS), peer = nest(request, 0), allowed;

	CHECK(inet_pton(AF_INET, remote, &endpoint.sin_addr) == 1, "not an address: %s", remote);
	request_put(request, WGPEER_A_PUBLIC_KEY, public, WG_KEY_LEN);
	request_put(request, WGPEER_A_ENDPOINT, &endpoint, sizeof(endpoint));
	allowed = nest(request, WGPEER_A_ALLOWEDIPS);
	put_allowed(request, AF_INET, 4);
	put_allowed(request, AF_INET6, 16);
	request_end(request, allowed);
	request_end(request, peer);
	request_end(request, peers);
}

int wireguard_try(const char *ns, const char *name, enum wireguard_end end, const char *remote)
{
	const struct genlmsghdr header = {.cmd = WG_CMD_SET_DEVICE, .version = WG_GENL_VERSION};
	uint8_t private[WG_KEY_LEN];
	struct request request;
	uint16_t port = PORT;
	int error = world_link_try(ns, name, "wireguard");

	if (error)
		return error;
	memset(private, keys[end].private, sizeof(private));
	request_start(&request, family_id(ns), 0, &header, sizeof(header));
	request_text(&request, WGDEVICE_A_IFNAME, name);
	request_put(&request, WGDEVICE_A_PRIVATE_KEY, private, sizeof(private));
	request_put(&request, WGDEVICE_A_LISTEN_PORT, &port, sizeof(port));
	put_peer(&request, keys[!end].public, remote);
	return request_ask_of(NETLINK_GENERIC, ns, &request, NULL);
}
