/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "builder.h"

static void write_eth(struct builder *builder, const char *word)
{
	static const unsigned char addresses[12] = {2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2};

	(void)word;
	put(builder, addresses, sizeof(addresses));
	put_next(builder, 2);
}

static void write_vlan(struct builder *builder, const char *word)
{
	put16(builder, (unsigned long)word_value(word, "", 100));
	put_next(builder, 2);
}

static void put_address(struct builder *builder, int family, const char *text)
{
	unsigned char address[16];

	inet_pton(family, text, address);
	put(builder, address, family == AF_INET ? 4 : 16);
}

static void put_addresses(struct builder *builder, int family)
{
	unsigned int depth = builder->depth++, last;

	if (!depth) {
		put_address(builder, family, family == AF_INET ? FRAME_SOURCE4 : FRAME_SOURCE6);
		put_address(builder, family,
			    family == AF_INET ? FRAME_DESTINATION4 : FRAME_DESTINATION6);
		return;
	}
	for (last = 7; last; last = last == 7 ? 1 : 0) {
		char text[32];

		snprintf(text, sizeof(text), family == AF_INET ? "10.%u.0.%u" : "2001:db8:%u::%u",
			 depth, last);
		put_address(builder, family, text);
	}
}

static void write_ip4(struct builder *builder, const char *word)
{
	unsigned long options = (unsigned long)word_value(word, "opt", 0);
	size_t start = builder->frame->size, next;

	put8(builder, (unsigned long)(word_value(word, "version", 4) << 4 |
				      word_value(word, "ihl", 5 + (long)options / 4)));
	put8(builder, 0);
	put_length(builder, start, word_value(word, "len", -1));
	put16(builder, 0x1234);
	put16(builder,
	      (unsigned long)(word_value(word, "offset", 0) | word_value(word, "more", 0) << 13));
	put8(builder, 64);
	next = builder->frame->size;
	put(builder, NULL, 3);
	put_addresses(builder, AF_INET);
	while (options--)
		put8(builder, 1); /* no operation */
	builder->next = next;
	builder->next_size = 1;
}

static void write_ip6(struct builder *builder, const char *word)
{
	size_t start = builder->frame->size;

	put32(builder, (unsigned long)word_value(word, "version", 6) << 28 | 0x12345);
	put_length(builder, start + 40, word_value(word, "len", -1));
	put_next(builder, 1);
	put8(builder, 64);
	put_addresses(builder, AF_INET6);
}

/* RFC 8200, sections 4.3, 4.4 and 4.6. */
static void write_extension(struct builder *builder, const char *word)
{
	unsigned long units = (unsigned long)word_value(word, "units", 0);

	put_next(builder, 1);
	put8(builder, units);
	put(builder, NULL, 6 + units * 8);
}

static void write_frag(struct builder *builder, const char *word)
{
	put_next(builder, 1);
	put8(builder, 0);
	put16(builder,
	      (unsigned long)(word_value(word, "offset", 0) << 3 | word_value(word, "more", 0)));
	put32(builder, 0x1234);
}

/* RFC 4302: the length in words of four bytes, minus 2. */
static void write_ah(struct builder *builder, const char *word)
{
	unsigned long units = (unsigned long)word_value(word, "units", 3);

	put_next(builder, 1);
	put8(builder, units + 1);
	put(builder, NULL, 10 + units * 4);
}

static void put_ports(struct builder *builder)
{
	put16(builder, FRAME_SOURCE_PORT + builder->ports);
	put16(builder, FRAME_DESTINATION_PORT + builder->ports);
	builder->ports++;
}

static void write_tcp(struct builder *builder, const char *word)
{
	long options = word_value(word, "opt", 0);

	put_ports(builder);
	put32(builder, 1);
	put32(builder, 1);
	put8(builder, (unsigned long)word_value(word, "words", 5 + options / 4) << 4);
	put8(builder, (unsigned long)word_value(word, "flags", 0x10));
	put16(builder, 0xffff);
	put32(builder, 0);
	while (options--)
		put8(builder, 1); /* no operation */
}

static void write_udp(struct builder *builder, const char *word)
{
	size_t start = builder->frame->size;

	put_ports(builder);
	put_length(builder, start, word_value(word, "len", -1));
	put16(builder, 0);
}

static void write_sctp(struct builder *builder, const char *word)
{
	(void)word;
	put_ports(builder);
	put32(builder, 1);
	put32(builder, 0);
}

/* Without ports: what stands where ports would is not 0. */
static void write_other(struct builder *builder, const char *word)
{
	(void)word;
	put32(builder, 0x08001234);
	put32(builder, 0x00010001);
}

static void write_gre(struct builder *builder, const char *word)
{
	unsigned long sum = (unsigned long)word_value(word, "sum", 0);
	unsigned long key = (unsigned long)word_value(word, "key", 0);
	unsigned long sequence = (unsigned long)word_value(word, "seq", 0);
	unsigned long routing = (unsigned long)word_value(word, "routing", 0), i;
	size_t next;

	put16(builder, sum << 15 | routing << 14 | key << 13 | sequence << 12 |
			       (unsigned long)word_value(word, "version", 0));
	next = builder->frame->size;
	put16(builder, 0);
	for (i = 0; i < sum + key + sequence; i++)
		put32(builder, 0x45000001);
	builder->next = next;
	builder->next_size = 2;
}

/*
 * RFC 7348; with gbp the group policy of draft-smith-vxlan-group-policy, with
 * gpe the next protocol of draft-ietf-nvo3-vxlan-gpe: 1 IPv4, 2 IPv6, 3 Ethernet.
 */
static void write_vxlan(struct builder *builder, const char *word)
{
	unsigned long policy = (unsigned long)word_value(word, "gbp", 0);
	unsigned long next = (unsigned long)word_value(word, "gpe", 0);

	put8(builder, 0x08 | (policy ? 0x80 : 0) | (next ? 0x04 : 0));
	put8(builder, 0);
	put16(builder, policy | next);
	put32(builder, 0x00002a00);
}

static void write_geneve(struct builder *builder, const char *word)
{
	unsigned long options = (unsigned long)word_value(word, "opt", 0);
	size_t next;

	put8(builder, options / 4);
	put8(builder, (unsigned long)word_value(word, "critical", 0) << 6);
	next = builder->frame->size;
	put16(builder, 0);
	put32(builder, 0x00002a00);
	put(builder, NULL, options);
	builder->next = next;
	builder->next_size = 2;
}

const struct header headers[] = {
	{"eth", 1, 0x6558, -1, write_eth},
	{"vlan", 1, 0x8100, -1, write_vlan},
	{"qinq", 1, 0x88a8, -1, write_vlan},
	{"vlan9100", 1, 0x9100, -1, write_vlan},
	{"ip4", 0, 0x0800, 4, write_ip4},
	{"ip6", 0, 0x86dd, 41, write_ip6},
	{"hop", 0, -1, 0, write_extension},
	{"rt", 0, -1, 43, write_extension},
	{"dst", 0, -1, 60, write_extension},
	{"frag", 0, -1, 44, write_frag},
	{"ah", 0, -1, 51, write_ah},
	{"tcp", 0, -1, 6, write_tcp},
	{"udp", 0, -1, 17, write_udp},
	{"udplite", 0, -1, 136, write_udp},
	{"dccp", 0, -1, 33, write_sctp},
	{"sctp", 0, -1, 132, write_sctp},
	{"icmp", 0, -1, 1, write_other},
	{"icmp6", 0, -1, 58, write_other},
	{"esp", 0, -1, 50, write_other},
	{"gre", 0, -1, 47, write_gre},
	{"vxlan", 0, -1, -1, write_vxlan},
	{"geneve", 0, -1, -1, write_geneve},
	{NULL, 0, 0, 0, NULL},
};
