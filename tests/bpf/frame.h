/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Packets from recipes, and what follows from a recipe without parsing the
 * packet. A recipe is words parted by one blank; a word is a header with
 * arguments, "ip4:opt=8,more", numbers as in C:
 *
 *	eth			Ethernet
 *	vlan qinq vlan9100	a tag: 0x8100, 0x88a8, 0x9100
 *	ip4			opt= bytes of options, offset= in 8 bytes, more,
 *				version=, ihl=, len= total length
 *	ip6			version=, len= payload length
 *	hop rt dst		an extension header of 8 bytes and units= times 8
 *	frag			offset= in 8 bytes, more
 *	ah			units= words of 4 bytes
 *	tcp			flags=, opt= bytes of options, words= data offset
 *	udp udplite dccp sctp icmp icmp6 esp
 *	gre			key, sum, seq, routing, version=
 *	vxlan			gbp= group policy, gpe= next protocol
 *	geneve			opt= bytes of options, critical
 *	type: proto:		what the header before says comes next
 *	data:N pad:N		bytes in and behind the IP packet; fill=
 *
 * What a header says comes next and how long it is follows from the words
 * behind it. Addresses are those below, of inner packets 10.N.0.7 to 10.N.0.1
 * or 2001:db8:N::7 to 2001:db8:N::1; the ports 40000 to 443, one higher for
 * each header with ports further in.
 */
#ifndef TESTS_BPF_FRAME_H
#define TESTS_BPF_FRAME_H

#include <stddef.h>
#include <stdint.h>

#define FRAME_MAX 16384

/*
 * Where there is no Ethernet header the kernel's test run takes what would be
 * the EtherType from the source address: these have 0x0800 and 0x86dd there.
 */
#define FRAME_SOURCE4 "8.0.100.7"
#define FRAME_DESTINATION4 "192.0.2.1"
#define FRAME_SOURCE6 "2001:db8:86dd::7"
#define FRAME_DESTINATION6 "2001:db8:2::1"
#define FRAME_SOURCE_PORT 40000
#define FRAME_DESTINATION_PORT 443

struct frame {
	unsigned char bytes[FRAME_MAX];
	size_t size;
	size_t network; /* offset behind Ethernet and tags */
	size_t ip_end; /* end of the outermost IP packet as it says itself */
	size_t payload; /* offset of the data, where all headers end */
	size_t end; /* of what is not padding */
};

void frame_build(const char *recipe, struct frame *ret);

#endif
