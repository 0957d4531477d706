// SPDX-License-Identifier: GPL-2.0-or-later
/* Devices without an Ethernet header, and tags that the kernel moved into metadata. */
#define _GNU_SOURCE 1
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_tun.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <netacct/cleanup.h>

#include "harness.h"
#include "kinds.h"
#include "pair.h"
#include "tool.h"
#include "world.h"

/* What a program behind a tun or tap device sends is received by the device. */
static void tun_receive(int fd, const struct packet *packet, struct ledger *ledger)
{
	static unsigned char frame[PACKET_MAX];
	struct packet_layout layout;

	packet_build(packet, frame, &layout);
	CHECK(write(fd, frame, layout.length) == (ssize_t)layout.length, "write to a tun: %s",
	      strerror(errno));
	packet_book(packet, LEDGER_RX, 1, false, ledger);
}

static void tun_exchange(int fd, struct sender *sender, const struct packet *kinds,
			 unsigned int count)
{
	for (unsigned int i = 0; i < count; i++) {
		struct packet bare = kinds[i];

		if (bare.vlan[0].type)
			continue;
		bare.bare = true;
		tun_receive(fd, &bare, sender->sent);
		sender_send(sender, &bare, 2);
	}
}

static void check_tun(const char *hook)
{
	_cleanup_ledger_ struct ledger ledger = {0};
	_cleanup_sender_ struct sender sender;
	_cleanup_close_ int fd = -1;

	world_netns_add("right");
	fd = world_tun("right", "t1", IFF_TUN | IFF_NO_PI);
	sender_open(&sender, "right", "t1", 0);
	sender.sent = &ledger;
	if (hook)
		netacct("attach", "--key", "flow", hook, "right/t1");
	else
		netacct("attach", "--key", "flow", "right/t1");
	tun_exchange(fd, &sender, kinds_ipv4, kinds_ipv4_count);
	tun_exchange(fd, &sender, kinds_ipv6, kinds_ipv6_count);
	meter_expect("right--t1", &ledger, KEY_FLOW);
	netacct("detach", "right/t1");
}

TEST(devices, tun_tc)
{
	check_tun(NULL);
}

/* The driver has no native XDP for tun. */
TEST(devices, tun_generic)
{
	check_tun("--xdp=generic");
}

static void check_tap(const char *hook)
{
	_cleanup_ledger_ struct ledger ledger = {0};
	_cleanup_close_ int fd = -1;

	world_netns_add("right");
	fd = world_tun("right", "t1", IFF_TAP | IFF_NO_PI);
	if (hook)
		netacct("attach", "--key", "flow", hook, "right/t1");
	else
		netacct("attach", "--key", "flow", "right/t1");
	for (unsigned int i = 0; i < kinds_ipv4_count; i++)
		tun_receive(fd, &kinds_ipv4[i], &ledger);
	for (unsigned int i = 0; i < kinds_ipv6_count; i++)
		tun_receive(fd, &kinds_ipv6[i], &ledger);
	meter_expect("right--t1", &ledger, KEY_FLOW);
}

TEST(devices, tap_tc)
{
	check_tap(NULL);
}

TEST(devices, tap_xdp)
{
	check_tap("--xdp=native");
}

static int udp_socket(const char *ns, const char *address, uint16_t port)
{
	struct sockaddr_in name = {.sin_family = AF_INET, .sin_port = htons(port)};
	struct timeval patience = {.tv_sec = 10};
	int previous = world_enter(ns);
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	world_leave(previous);
	CHECK(inet_pton(AF_INET, address, &name.sin_addr) == 1, "not an address: %s", address);
	CHECK(fd >= 0 && !bind(fd, (struct sockaddr *)&name, sizeof(name)) &&
		      !setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)),
	      "%s: %s", address, strerror(errno));
	return fd;
}

/* Not from a raw socket: the stack says what protocol a packet is of. */
static void send_by_the_stack(const char *name, struct ledger *ledger)
{
	const struct packet datagram = {
		.bare = true,
		.family = AF_INET,
		.source = "10.9.0.1",
		.destination = "10.9.0.2",
		.protocol = IPPROTO_UDP,
		.source_port = 4000,
		.destination_port = 53,
		.payload = 100,
	};
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(53)};
	_cleanup_close_ int left = -1, right = -1;
	char payload[100] = "";

	world_address("left", name, "10.9.0.1/24");
	world_address("right", name, "10.9.0.2/24");
	right = udp_socket("right", "10.9.0.2", 53);
	left = udp_socket("left", "10.9.0.1", 4000);
	inet_pton(AF_INET, "10.9.0.2", &to.sin_addr);
	for (unsigned int i = 0; i < 5; i++)
		CHECK(sendto(left, payload, sizeof(payload), 0, (struct sockaddr *)&to,
			     sizeof(to)) == sizeof(payload) &&
			      recv(right, payload, sizeof(payload), 0) == sizeof(payload),
		      "%s passes no datagram on: %s", name, strerror(errno));
	packet_book(&datagram, LEDGER_RX, 5, false, ledger);
}

static void send_flows(struct sender *in, struct sender *out, const struct packet *packet)
{
	struct packet inner = *packet;

	inner.bare = true;
	sender_flows(in, &inner, 20);
	sender_flows(out, &inner, 30);
}

/* A tunnel from left to right, with a meter on right's end of it. */
static void check_tunnel(const char *name, bool ipv6,
			 int (*make)(const char *, const char *, const char *, const char *))
{
	_cleanup_sender_ struct sender in = {0}, out = {0};
	_cleanup_ledger_ struct ledger ledger = {0};
	_cleanup_pair_ struct pair pair;
	char source[64], id[64];
	int error;

	pair_make(&pair, 0);
	world_address("left", "v0", "10.0.0.1/24");
	world_address("right", "v1", "10.0.0.2/24");
	world_neighbour("left", "v0", "10.0.0.2", "right", "v1");
	world_neighbour("right", "v1", "10.0.0.1", "left", "v0");
	error = make("left", name, "10.0.0.1", "10.0.0.2");
	if (error == -EOPNOTSUPP)
		skip("no %s in this kernel", name);
	CHECK(!error && !make("right", name, "10.0.0.2", "10.0.0.1"), "%s: %s", name,
	      strerror(-error));
	world_up("left", name, true);
	world_up("right", name, true);
	sender_open(&in, "left", name, 0);
	sender_open(&out, "right", name, 0);
	in.received = out.sent = &ledger;
	snprintf(source, sizeof(source), "right/%s", name);
	snprintf(id, sizeof(id), "right--%s", name);
	netacct("attach", "--key", "flow", source);
	send_flows(&in, &out, &kinds_ipv4[0]);
	if (ipv6)
		send_flows(&in, &out, &kinds_ipv6[0]);
	send_by_the_stack(name, &ledger);
	meter_expect(id, &ledger, KEY_FLOW);
}

TEST(devices, ipip)
{
	check_tunnel("tunl9", false, world_ipip_try);
}

TEST(devices, gre)
{
	check_tunnel("gre9", true, world_gre_try);
}

/* Tagged by a VLAN device: the tag is metadata on the way out and on the way in. */
TEST(devices, vlan)
{
	struct packet tagged = kinds_ipv4[0], plain = kinds_ipv4[0];
	_cleanup_sender_ struct sender in = {0}, out = {0};
	_cleanup_ledger_ struct ledger upper = {0};
	_cleanup_pair_ struct pair pair;
	int error;

	tagged.vlan[0] = (struct packet_vlan){0x8100, 42};
	pair_make(&pair, 0);
	error = world_vlan_try("left", "v0.42", "v0", 0x8100, 42);
	if (error == -EOPNOTSUPP)
		skip("no VLAN devices in this kernel");
	CHECK(!error && !world_vlan_try("right", "v1.42", "v1", 0x8100, 42), "vlan: %s",
	      strerror(-error));
	world_up("left", "v0.42", true);
	world_up("right", "v1.42", true);
	sender_open(&in, "left", "v0.42", 0);
	sender_open(&out, "right", "v1.42", 0);
	in.received = out.sent = &upper;
	netacct("attach", "--key", "flow", "right/v1", "right/v1.42");
	sender_send(&in, &plain, 50);
	sender_send(&out, &plain, 70);
	packet_book(&tagged, LEDGER_RX, 50, false, &pair.ledger);
	packet_book(&tagged, LEDGER_TX, 70, false, &pair.ledger);
	meter_expect("right--v1.42", &upper, KEY_FLOW);
	pair_expect(&pair, KEY_FLOW);
}

/* A bridge passes on a tag as the metadata that it was received as. */
TEST(devices, bridge_passes_tags)
{
	static const struct packet_vlan tags[][2] = {
		{{0, 0}, {0, 0}}, {{0x8100, 9}, {0, 0}}, {{0x88a8, 8}, {0x8100, 9}}};
	_cleanup_ledger_ struct ledger ledger = {0};
	_cleanup_sender_ struct sender sender;
	int error;

	world_netns_add("a");
	world_netns_add("b");
	world_netns_add("c");
	world_veth("a", "a0", "b", "b0");
	world_veth("c", "c0", "b", "b1");
	error = world_link_try("b", "br0", "bridge");
	if (error == -EOPNOTSUPP)
		skip("no bridges in this kernel");
	CHECK(!error, "bridge: %s", strerror(-error));
	world_master("b", "b0", "br0");
	world_master("b", "b1", "br0");
	world_up("b", "br0", true);
	sleep_ms(3000); /* a new bridge reports its multicast groups twice, within two seconds */
	sender_open(&sender, "a", "a0", 0);
	netacct("attach", "--key", "flow", "b/b1");
	for (size_t i = 0; i < ARRAY_SIZE(tags); i++) {
		struct packet packet = kinds_ipv4[0];

		memcpy(packet.vlan, tags[i], sizeof(tags[i]));
		packet.source_port = (uint16_t)(1000 + i);
		sender_send(&sender, &packet, 10);
		packet_book(&packet, LEDGER_TX, 10, false, &ledger);
	}
	meter_expect("b--b1", &ledger, KEY_FLOW);
}
