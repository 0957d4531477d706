/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Many flows from one frame, by writing their numbers into it. */
#ifndef TESTS_BPF_FLOWS_H
#define TESTS_BPF_FLOWS_H

#include <arpa/inet.h>
#include <string.h>

#include "lab.h"

/* Offsets in frames of "eth ip4 tcp" and "eth ip6 udp". */
#define FLOWS_SOURCE4 26
#define FLOWS_DESTINATION4 30
#define FLOWS_PORTS4 34
#define FLOWS_FLAGS4 47
#define FLOWS_SOURCE6 22
#define FLOWS_DESTINATION6 38

static inline void flows_set(struct frame *frame, size_t offset, uint32_t value)
{
	value = htonl(value);
	memcpy(frame->bytes + offset, &value, sizeof(value));
}

static inline uint32_t flows_get(const uint32_t *value)
{
	return ntohl(*value);
}

static inline void flows_run(const struct lab *lab, enum program program, const struct frame *frame)
{
	const struct lab_packet packet = {.bytes = frame->bytes, .size = frame->size};

	assert_return_code(lab_run(lab, program, &packet), 0);
}

#endif
