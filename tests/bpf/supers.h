/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Packets to be run as super-packets, with 2,000 bytes of data or one less or more. */
#ifndef TESTS_BPF_SUPERS_H
#define TESTS_BPF_SUPERS_H

#include "cases.h"

extern const struct packet_case decidable[], undecidable[];
extern const size_t decidable_count, undecidable_count;
/* VXLAN with the group policy extension, and VXLAN-GPE. */
extern const struct packet_case group_policy[], generic_protocol[];
extern const size_t group_policy_count, generic_protocol_count;

#endif
