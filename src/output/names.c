// SPDX-License-Identifier: GPL-2.0-or-later
#include <netacct/cleanup.h>
#include <string.h>

#include "names.h"

char *tcp_flags_write(char *out, uint8_t flags)
{
	/* In the order of a connection's life, not of the bits. */
	static const struct {
		char name[4];
		uint8_t bit;
	} names[] = {{"SYN", 0x02}, {"ACK", 0x10}, {"FIN", 0x01}, {"RST", 0x04},
		     {"PSH", 0x08}, {"URG", 0x20}, {"ECE", 0x40}, {"CWR", 0x80}};
	const char *start = out;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		if (!(flags & names[i].bit))
			continue;
		if (out != start)
			*out++ = '|';
		memcpy(out, names[i].name, 3);
		out += 3;
	}
	return out;
}

const char *ingress_name(enum na_ingress ingress)
{
	static const char *const names[] = {
		[NA_INGRESS_TC] = "tc",
		[NA_INGRESS_XDP_NATIVE] = "xdp",
		[NA_INGRESS_XDP_GENERIC] = "xdp-generic",
		[NA_INGRESS_CGROUP] = "cgroup",
	};

	return (unsigned int)ingress < ARRAY_SIZE(names) ? names[ingress] : "unknown";
}

const char *egress_name(enum na_hook hook)
{
	return hook == NA_HOOK_CGROUP ? "cgroup" : "tc";
}

const char *hook_name(enum na_hook hook)
{
	static const char *const names[] = {
		[NA_HOOK_CLSACT] = "clsact",
		[NA_HOOK_TCX] = "tcx",
		[NA_HOOK_CGROUP] = "cgroup",
	};

	return (unsigned int)hook < ARRAY_SIZE(names) ? names[hook] : "unknown";
}

const char *bucket_name(enum na_bucket bucket)
{
	static const char *const names[NA_BUCKETS] = {
		[NA_SEEN] = "seen",	    [NA_ACCOUNTED] = "accounted",
		[NA_EXCLUDED] = "excluded", [NA_OVERFLOW] = "overflow",
		[NA_NON_IP] = "non_ip",
	};

	return names[bucket];
}
