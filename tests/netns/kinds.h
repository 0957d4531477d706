/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Every kind of packet that has to be counted right. */
#ifndef NETNS_KINDS_H
#define NETNS_KINDS_H

#include "packet.h"

extern const struct packet kinds_ipv4[];
extern const struct packet kinds_ipv6[];
extern const struct packet kinds_other[]; /* not IP, or broken */
extern const unsigned int kinds_ipv4_count, kinds_ipv6_count, kinds_other_count;

#endif
