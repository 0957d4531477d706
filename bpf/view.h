/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A packet as a program is given it, and how its bytes are read. The near
 * view reads them directly and knows only the usual packet, whose headers lie
 * at known places in the linear part; what is unusual is looked at again from
 * afar, by a helper: VLAN tags in the packet, IPv6 extension headers, and the
 * skbs of an AF_PACKET ring, whose linear part is the Ethernet header alone.
 * So the common path is short, and the verifier has little to walk.
 */
#ifndef NETACCT_BPF_VIEW_H
#define NETACCT_BPF_VIEW_H

#include "config.h"

enum view_kind {
	VIEW_NEAR, /* directly, the usual alone */
	VIEW_SKB, /* by bpf_skb_load_bytes() */
	VIEW_XDP, /* by bpf_xdp_load_bytes() */
	VIEW_XDP_LINEAR, /* directly, everything: XDP has no such helper before 5.18 */
};

struct view {
	enum view_kind kind; /* a constant wherever it is used */
	void *ctx;
	void *data;
	void *data_end;
	__u32 length; /* of the whole packet, fragments included */
};

/* No header of interest begins further in than this. */
#define VIEW_REACH 4095

/*
 * Copies `length` (a constant) bytes from `offset`; not 0: the packet ends
 * before. Unaligned loads are what BPF emits on every architecture that is
 * fast at them; without the promise of alignment clang loads byte by byte.
 */
static __always_inline int fetch(const struct view *view, __u32 offset, void *to, __u32 length)
{
	void *from;

	if (view->kind == VIEW_SKB)
		return bpf_skb_load_bytes(view->ctx, offset, to, length);
	if (view->kind == VIEW_XDP)
		return bpf_xdp_load_bytes(view->ctx, offset, to, length);
	if (offset > VIEW_REACH)
		return -1;
	/* verifiers up to 6.1 forget the bound of a register that was spilled since */
	hold(offset);
	offset &= VIEW_REACH;
	from = view->data + offset;
	hold(from);
	if (from + length > view->data_end)
		return -1;
	__builtin_memcpy(to, __builtin_assume_aligned(from, 8), length);
	return 0;
}

#endif
