/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Is a packet's local or remote address on the whitelist? The tries are asked
 * once per flow and whitelist generation; the answer is kept in the flow's
 * entry, or for keys that lack an address in a per-CPU cache.
 */
#ifndef NETACCT_BPF_WHITELIST_H
#define NETACCT_BPF_WHITELIST_H

#include "maps.h"
#include "parse.h"

/* The tag of a verdict that was reached with this whitelist word. */
static __always_inline __u32 verdict_generation(__u32 word)
{
	return (word >> 1 << NA_WLGEN_SHIFT) & NA_WLGEN_MASK;
}

static __always_inline int listed(void *trie, const __u32 *address, int ipv4)
{
	struct na_prefix prefix = {};

	if (ipv4) {
		prefix.prefixlen = 32 + 32;
		prefix.family = bpf_htonl(4);
		prefix.address[0] = address[3];
	} else {
		prefix.prefixlen = 32 + 128;
		prefix.family = bpf_htonl(6);
		__builtin_memcpy(prefix.address, address, 16);
	}
	return bpf_map_lookup_elem(trie, &prefix) != 0;
}

/* Asks the trie in use: verdict and generation as in na_entry.state. */
static __always_inline __u32 whitelist_find(const __u32 *one, const __u32 *other, int ipv4,
					    __u32 word)
{
	__u32 index = word & 1, verdict = NA_VERDICT_COUNT;
	void *trie = bpf_map_lookup_elem(&whitelist, &index);

	if (trie && (listed(trie, one, ipv4) || listed(trie, other, ipv4)))
		verdict = NA_VERDICT_EXCLUDE;
	return verdict << NA_VERDICT_SHIFT | verdict_generation(word);
}

static __noinline __u32 whitelist_ask(const __u32 *one, const __u32 *other, int ipv4, __u32 word)
{
	return whitelist_find(one, other, ipv4, word);
}

static __always_inline int same_address(const __u32 *a, const __u32 *b)
{
	return a[0] == b[0] && a[1] == b[1] && a[2] == b[2] && a[3] == b[3];
}

/* Direct-mapped; per CPU, and tc and XDP run with bottom halves off. */
static __noinline __u32 whitelist_cached(const struct packet *packet, __u32 word)
{
	__u32 index, verdict;
	struct na_verdict *entry;

	index = packet->source[3] ^ packet->destination[3] * 0x9e3779b1u ^ packet->source[1];
	index = (index ^ index >> 16) & (NA_VERDICTS - 1);
	entry = bpf_map_lookup_elem(&verdicts, &index);
	if (!entry)
		return whitelist_ask(packet->source, packet->destination, packet->version == 4,
				     word);
	if (entry->verdict && (entry->verdict & NA_WLGEN_MASK) == verdict_generation(word) &&
	    same_address(entry->local, packet->source) &&
	    same_address(entry->remote, packet->destination))
		return entry->verdict;
	verdict = whitelist_ask(packet->source, packet->destination, packet->version == 4, word);
	__builtin_memcpy(entry->local, packet->source, 16);
	__builtin_memcpy(entry->remote, packet->destination, 16);
	entry->verdict = verdict;
	return verdict;
}

static __always_inline int excludes(__u32 verdict)
{
	return (verdict & NA_VERDICT_MASK) == NA_VERDICT_EXCLUDE << NA_VERDICT_SHIFT;
}

/* Does a verdict that was kept still hold under this whitelist word? */
static __always_inline int verdict_holds(__u32 verdict, __u32 word)
{
	return verdict & NA_VERDICT_MASK && (verdict & NA_WLGEN_MASK) == verdict_generation(word);
}

#endif
