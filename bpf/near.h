/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The usual packet, from its bytes to the words of its key in one go: behind
 * an Ethernet header IPv4 without options or IPv6 without extension headers,
 * no super-packet, no later fragment, all of it in the linear part. Whatever
 * is not usual is left to parse.h. What has its own, shorter way is fast.
 */
#ifndef NETACCT_BPF_NEAR_H
#define NETACCT_BPF_NEAR_H

#include "account.h"

/* A read of packet bytes whose bounds were checked; about alignment see fetch(). */
#define PEEK(type, at)                                                                      \
	({                                                                                  \
		type value_;                                                                \
		__builtin_memcpy(&value_, __builtin_assume_aligned(at, 8), sizeof(value_)); \
		value_;                                                                     \
	})
#define BYTE(at) PEEK(__u8, at)
#define HALF(at) PEEK(__u16, at)
#define WORD(at) PEEK(__u32, at)
#define LONG(at) PEEK(__u64, at)

#define IPV4_LENGTH 20
#define IPV6_LENGTH 40
#define PORTS_LENGTH 8 /* what must follow the IP header to be usual: UDP's length */

/* A packet as the hook gives it; the bounds of data are the verifier's. */
struct near {
	void *data, *end;
	__u32 length; /* of the whole packet */
};

/* Ports and `what`, written at once, as they are read: the CPU forwards one store alone. */
static __always_inline void near_last(struct booking *booking, __u32 local_port, __u32 remote_port,
				      __u32 what)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	booking->word[4] = (__u64)what << 32 | remote_port << 16 | local_port;
#else
	booking->word[4] = (__u64)(local_port << 16 | remote_port) << 32 | what;
#endif
}

/* The second half of ::ffff:a.b.c.d (RFC 4291, section 2.5.5.2). */
static __always_inline __u64 mapped(__u32 address)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	return (__u64)address << 32 | 0xffff0000u;
#else
	return 0xffffull << 32 | address;
#endif
}

/* Behind the IP header PORTS_LENGTH bytes can be read; `rest` is the IP packet's behind it. */
static __always_inline int near_transport(const struct near *near, void *transport, __u32 rest,
					  int turned, __u32 protocol, __u32 what,
					  struct booking *booking)
{
	booking->tcp_flags = 0;
	if (protocol == IPPROTO_TCP) {
		if (rest < 14 || transport + 14 > near->end)
			return -1;
		booking->tcp_flags = BYTE(transport + 13);
	} else if (config.key != NA_KEY_FLOW || !has_ports(protocol)) {
		near_last(booking, 0, 0, what);
		return 0;
	}
	if (config.key == NA_KEY_FLOW)
		near_last(booking, bpf_ntohs(HALF(transport + (turned ? 0 : 2))),
			  bpf_ntohs(HALF(transport + (turned ? 2 : 0))), what);
	else
		near_last(booking, 0, 0, what);
	return 0;
}

/* 0: usual; `turned`: the source is local. */
static __always_inline int near_ipv4(const struct near *near, void *ip, __u32 length, int turned,
				     __u32 what, struct booking *booking)
{
	__u32 total, protocol;

	if (ip + IPV4_LENGTH + PORTS_LENGTH > near->end || BYTE(ip) != 0x45 ||
	    HALF(ip + 6) & bpf_htons(0x1fff))
		return -1;
	total = bpf_ntohs(HALF(ip + 2));
	if (total < IPV4_LENGTH + PORTS_LENGTH || total > length)
		return -1;
	protocol = BYTE(ip + 9);
	booking->word[0] = booking->word[2] = 0;
	booking->word[1] = mapped(WORD(ip + (turned ? 12 : 16)));
	booking->word[3] = mapped(WORD(ip + (turned ? 16 : 12)));
	return near_transport(near, ip + IPV4_LENGTH, total - IPV4_LENGTH, turned, protocol,
			      what | NA_WHAT_IPV4 | protocol, booking);
}

static __always_inline int near_ipv6(const struct near *near, void *ip, __u32 length, int turned,
				     __u32 what, struct booking *booking)
{
	__u32 payload, protocol;

	if (ip + IPV6_LENGTH + PORTS_LENGTH > near->end || BYTE(ip) >> 4 != 6)
		return -1;
	payload = bpf_ntohs(HALF(ip + 4));
	protocol = BYTE(ip + 6);
	if (payload < PORTS_LENGTH || payload + IPV6_LENGTH > length || is_extension(protocol))
		return -1;
	booking->word[0] = LONG(ip + (turned ? 8 : 24));
	booking->word[1] = LONG(ip + (turned ? 16 : 32));
	booking->word[2] = LONG(ip + (turned ? 24 : 8));
	booking->word[3] = LONG(ip + (turned ? 32 : 16));
	return near_transport(near, ip + IPV6_LENGTH, payload, turned, protocol, what | protocol,
			      booking);
}

/* 1: IPv4, 0: IPv6, -1: unusual */
static __always_inline int near_parse(const struct near *near, int turned, __u32 what,
				      struct booking *booking)
{
	void *ip = near->data + ETH_HLEN;
	__u32 length = near->length - ETH_HLEN;

	if (ip > near->end)
		return -1;
	switch (HALF(near->data + 12)) {
	case bpf_htons(ETH_P_IP):
		return near_ipv4(near, ip, length, turned, what, booking) ? -1 : 1;
	case bpf_htons(ETH_P_IPV6):
		return near_ipv6(near, ip, length, turned, what, booking);
	}
	return -1;
}

/* Keys whose verdict is kept with the flow, on a device with a link layer. */
static __always_inline int near_wanted(void)
{
	return config.l2_header && (config.key == NA_KEY_FLOW || config.key == NA_KEY_HOST_PAIR);
}

#endif
