// SPDX-License-Identifier: GPL-2.0-or-later
#define _GNU_SOURCE 1
#include "sender.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <linux/virtio_net.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "harness.h"
#include "world.h"

#define BATCH 64
#define RING_FRAME 2048
#define RING_FRAMES 64

static void set_option(int fd, int option, int value)
{
	CHECK(!setsockopt(fd, SOL_PACKET, option, &value, sizeof(value)),
	      "packet socket, option %d: %s", option, strerror(errno));
}

static void open_ring(struct sender *sender)
{
	struct tpacket_req ring = {
		.tp_block_size = RING_FRAME * RING_FRAMES,
		.tp_block_nr = 1,
		.tp_frame_size = RING_FRAME,
		.tp_frame_nr = RING_FRAMES,
	};

	set_option(sender->fd, PACKET_VERSION, TPACKET_V2);
	CHECK(!setsockopt(sender->fd, SOL_PACKET, PACKET_TX_RING, &ring, sizeof(ring)),
	      "PACKET_TX_RING: %s", strerror(errno));
	sender->ring = mmap(NULL, RING_FRAME * RING_FRAMES, PROT_READ | PROT_WRITE, MAP_SHARED,
			    sender->fd, 0);
	CHECK(sender->ring != MAP_FAILED, "mmap of PACKET_TX_RING: %s", strerror(errno));
}

void sender_open(struct sender *sender, const char *ns, const char *name, unsigned int options)
{
	struct sockaddr_ll address = {
		.sll_family = AF_PACKET,
		.sll_ifindex = (int)world_ifindex(ns, name),
	};
	int previous = world_enter(ns);

	memset(sender, 0, sizeof(*sender));
	sender->options = options;
	sender->fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	world_leave(previous);
	CHECK(sender->fd >= 0, "packet socket: %s", strerror(errno));
	if (options & SENDER_VNET_HEADER)
		set_option(sender->fd, PACKET_VNET_HDR, 1);
	if (options & SENDER_BYPASS)
		set_option(sender->fd, PACKET_QDISC_BYPASS, 1);
	if (options & SENDER_RING)
		open_ring(sender);
	CHECK(!bind(sender->fd, (struct sockaddr *)&address, sizeof(address)),
	      "packet socket on %s: %s", name, strerror(errno));
}

void sender_close(struct sender *sender)
{
	if (sender->ring)
		munmap(sender->ring, RING_FRAME * RING_FRAMES);
	if (sender->fd > 0)
		close(sender->fd);
	memset(sender, 0, sizeof(*sender));
}

static void vnet_header(const struct packet *packet, const struct packet_layout *layout,
			struct virtio_net_hdr *ret)
{
	memset(ret, 0, sizeof(*ret));
	if (!packet->segment)
		return;
	ret->flags = VIRTIO_NET_HDR_F_NEEDS_CSUM;
	ret->gso_type =
		packet->family == AF_INET ? VIRTIO_NET_HDR_GSO_TCPV4 : VIRTIO_NET_HDR_GSO_TCPV6;
	ret->hdr_len = (uint16_t)layout->headers;
	ret->gso_size = packet->segment;
	ret->csum_start = (uint16_t)layout->transport;
	ret->csum_offset = 16;
}

/*
 * Returns how many more than `count` went out: where the peer of a veth has
 * no room, the send fails with ENOBUFS behind tc egress, and is repeated. (A
 * failure inside a batch shows as a short one.)
 */
static unsigned int send_batches(struct sender *sender, struct iovec *parts, size_t part_count,
				 unsigned int count)
{
	struct mmsghdr messages[BATCH];
	unsigned int refused = 0;

	memset(messages, 0, sizeof(messages));
	for (size_t i = 0; i < BATCH; i++) {
		messages[i].msg_hdr.msg_iov = parts;
		messages[i].msg_hdr.msg_iovlen = part_count;
	}
	while (count) {
		unsigned int batch = count < BATCH ? count : BATCH;
		int sent = sendmmsg(sender->fd, messages, batch, 0);

		CHECK(sent > 0 || errno == ENOBUFS, "send: %s", strerror(errno));
		count -= sent > 0 ? (unsigned int)sent : 0;
		refused += sent < (int)batch;
	}
	return refused;
}

static void send_ring(struct sender *sender, const unsigned char *frame, size_t length,
		      unsigned int count)
{
	const size_t offset = TPACKET_ALIGN(sizeof(struct tpacket2_hdr));

	CHECK(length <= RING_FRAME - offset, "a frame too long for the ring");
	for (; count; count--) {
		unsigned char *at =
			(unsigned char *)sender->ring + (size_t)sender->ring_next * RING_FRAME;
		struct tpacket2_hdr *header = (struct tpacket2_hdr *)at;

		memcpy(at + offset, frame, length);
		header->tp_len = (uint32_t)length;
		__atomic_store_n(&header->tp_status, TP_STATUS_SEND_REQUEST, __ATOMIC_RELEASE);
		CHECK(send(sender->fd, NULL, 0, 0) >= 0, "send from the ring: %s", strerror(errno));
		while (__atomic_load_n(&header->tp_status, __ATOMIC_ACQUIRE) != TP_STATUS_AVAILABLE)
			sleep_ms(1);
		sender->ring_next = (sender->ring_next + 1) % RING_FRAMES;
	}
}

void sender_send(struct sender *sender, const struct packet *packet, unsigned int count)
{
	static __thread unsigned char frame[PACKET_MAX];
	struct packet_layout layout;
	struct virtio_net_hdr header;
	struct iovec parts[2] = {{&header, sizeof(header)}, {frame, 0}};
	unsigned int refused = 0;

	packet_build(packet, frame, &layout);
	parts[1].iov_len = layout.length;
	vnet_header(packet, &layout, &header);
	if (sender->options & SENDER_RING)
		send_ring(sender, frame, layout.length, count);
	else if (sender->options & SENDER_VNET_HEADER)
		refused = send_batches(sender, parts, 2, count);
	else
		refused = send_batches(sender, parts + 1, 1, count);
	if (sender->sent)
		packet_book(packet, LEDGER_TX, count + refused, sender->layer3, sender->sent);
	if (sender->received)
		packet_book(packet, LEDGER_RX, count, sender->layer3, sender->received);
}

void sender_flows(struct sender *sender, const struct packet *packet, unsigned int flows)
{
	for (unsigned int i = 0; i < flows; i++) {
		struct packet one = *packet;

		one.source_plus += i;
		one.payload += i % 64;
		sender_send(sender, &one, 1 + i % 7);
	}
}
