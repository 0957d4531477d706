/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of packets, and what must be made of each. */
#ifndef TESTS_BPF_CASES_H
#define TESTS_BPF_CASES_H

#include "lab.h"

struct packet_case {
	const char *recipe;
	int family; /* 4, 6, 0: it is not IP, or broken */
	uint8_t protocol;
	bool ports; /* those of the outermost header */
	bool later; /* fragment */
	uint8_t tcp_flags;
	size_t network; /* where bytes of layer 3 begin if not behind all tags, 0: there */
};

/* Ethernet and what the recipe says. */
extern const struct packet_case cases[];
extern const size_t case_count;
/* Without Ethernet: the recipe begins with an IP header. */
extern const struct packet_case bare_cases[];
extern const size_t bare_case_count;

/* What a program must book for a whole packet that is no super-packet. */
void case_booking(const struct lab *lab, enum program program, const struct packet_case *item,
		  const struct frame *frame, struct lab_booking *ret);

/* Direction and key: for packets of any table. `item` gives family, protocol, ports … */
void case_key(const struct lab *lab, enum program program, const struct packet_case *item,
	      struct lab_booking *ret);

#endif
