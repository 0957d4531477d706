/* SPDX-License-Identifier: GPL-2.0-only OR GPL-2.0-or-later */
/*
 * What the kernel side and the user side of netacct share: the layout of
 * every pinned map. A change here is a change of NETACCT_ABI, and pinned
 * meters of the old layout need a migration.
 *
 * Addresses are in network byte order, ports and everything else in host
 * byte order. An IPv4 address is kept mapped, ::ffff:a.b.c.d (RFC 4291,
 * section 2.5.5.2).
 */
#ifndef NETACCT_ABI_H
#define NETACCT_ABI_H

#include <linux/types.h>

#define NETACCT_MAGIC 0x6e657461636374ull /* "netacct" */
#define NETACCT_ABI 2

/* What makes a flow, chosen at attach. */
enum na_key_kind {
	NA_KEY_TOTAL,
	NA_KEY_HOST,
	NA_KEY_REMOTE,
	NA_KEY_HOST_PAIR,
	NA_KEY_FLOW,
	NA_KEY_KINDS
};

enum na_direction { NA_RX, NA_TX, NA_DIRECTIONS };

/* Where a packet of the balance is booked. SEEN is all of the others. */
enum na_bucket { NA_SEEN, NA_ACCOUNTED, NA_EXCLUDED, NA_OVERFLOW, NA_NON_IP, NA_BUCKETS };

#define NA_HALVES 2

/* na_key.what: protocol 8 bits, flags 4, owner 20. */
#define NA_WHAT_PROTOCOL 0x000000ffu
#define NA_WHAT_TX 0x00000100u
#define NA_WHAT_IPV4 0x00000200u
#define NA_WHAT_FRAGMENT 0x00000400u /* a later fragment: no ports */
#define NA_WHAT_SET 0x00000800u /* always set: no key is all zero */
#define NA_WHAT_OWNER_SHIFT 12
#define NA_OWNERS_MAX (1u << 20)

struct na_key {
	__u32 local[4];
	__u32 remote[4];
	__u16 local_port;
	__u16 remote_port;
	__u32 what;
};

/*
 * The hot table: entries, one cache line each, given out one after the other,
 * and an index that finds them. An entry's number is its place in the map
 * `hot`: 1 + half * meta.entries + how many were given out before; entry 0 is
 * never used. An entry that is filled in and found by the index has its tick in
 * the map `first`.
 *
 * The index is made of lines of NA_LINE_SLOTS slots, meta.lines of them a
 * half. A slot is 0 where free, NA_SLOT_BUSY while it is claimed, else an
 * entry's number below bits of the key's hash. A key is looked for in the line
 * of its hash, from a place of its hash on, then in the line beside it. Both
 * directions of a flow have the same hash.
 */
#define NA_LINE_SLOTS 16
#define NA_PROBES (2 * NA_LINE_SLOTS)
#define NA_SLOT_BUSY 0x80000000u

struct na_line {
	__u32 slot[NA_LINE_SLOTS];
};

/* na_entry.state: two bits unused, verdict 2 bits, whitelist generation 20, TCP flags 8. */
#define NA_VERDICT_SHIFT 2
#define NA_VERDICT_MASK 0x0000000cu
#define NA_VERDICT_NONE 0u
#define NA_VERDICT_COUNT 1u
#define NA_VERDICT_EXCLUDE 2u
#define NA_WLGEN_SHIFT 4
#define NA_WLGEN_MASK 0x00fffff0u
#define NA_TCP_SHIFT 24

struct na_entry {
	struct na_key key;
	__u64 packets;
	__u64 bytes;
	__u32 last_seen; /* ticks of NA_TICK_SHIFT since meta.epoch_jiffies */
	__u32 state; /* changed by 32-bit atomics only */
};

/* How many entries of a half were given out; more than there are: none is left. */
struct na_used {
	__u64 entries;
	__u64 reserved[7]; /* a cache line of its own */
};

#define NA_TICK_SHIFT 6 /* a tick is 64 jiffies */

/* An entry of the map `first`: 1 + the tick of each of as many entries; 0: not published. */
#define NA_FIRST_PER_LINE 16

struct na_first {
	__u32 tick[NA_FIRST_PER_LINE];
};

/* Value of the spill map: what finds no slot in the hot table. */
struct na_spill {
	__u64 packets;
	__u64 bytes;
	__u32 last_seen;
	__u32 first_seen;
	__u32 verdict; /* as na_entry.state, without TCP flags */
	__u32 reserved;
	__u8 tcp_seen[8]; /* a byte a flag: stores of 1 need no atomics */
};

struct na_count {
	__u64 packets;
	__u64 bytes;
};

/*
 * Per CPU; entry (half * sources + source) * 2 + direction. Cumulative since
 * attach, never reset.
 */
struct na_balance {
	struct na_count bucket[NA_BUCKETS];
	__u64 spilled; /* packets that were booked in the spill map */
	__u64 undecided; /* super-packets whose segments could not be told */
	__u64 super; /* super-packets seen (gso_size set) */
	__u64 reserved[3];
};

/* What has left a half, and where it went; one entry a source. */
struct na_taken {
	struct na_count half[NA_HALVES][NA_DIRECTIONS];
	struct na_count handed_out[NA_DIRECTIONS];
	struct na_count collected[NA_DIRECTIONS];
};

/*
 * The control record: one BPF_MAP_UPDATE_ELEM is one transition of a drain.
 * The programs read `active` and `whitelist`, each once a packet.
 */
#define NA_CTL_LEFTOVER 0x1u /* the idle half holds records no drain has begun to take */
#define NA_CTL_FROZEN 0x2u /* the idle half belongs to the drain under way */
#define NA_CTL_DRAINING 0x4u /* a generation is under way: carry, and the idle half if FROZEN */
#define NA_CTL_TAKEN 0x8u /* the idle half is booked as taken: zero it before use */

struct na_control {
	__u32 active; /* the half that is counted into: 0 or 1 */
	__u32 whitelist; /* generation << 1 | index of the trie in use */
	__u32 sequence; /* of transitions: a reader that sees it change reads again */
	__u32 flags; /* NA_CTL_* */
	__u32 generation; /* of drains committed */
	__u32 taken; /* which copy of `taken` is valid: 0 or 1 */
	__u32 carry; /* 0: none, else 1 + number of the pinned carry map */
	__u32 carry_records; /* records in it */
	__u64 drained_at; /* CLOCK_MONOTONIC ns of the last committed drain's flip, 0: never */
	__u64 flipped_at; /* the same, of the drain under way */
	__u32 flip_sequence; /* `sequence` at that flip */
	__u32 reserved;
	__u64 handed_at; /* as drained_at, of the last one that was handed out by `drain` */
};

/* A record in a carry map: moved out of a half, not yet handed out. */
struct na_carried {
	struct na_key key;
	__u64 packets;
	__u64 bytes;
	__u32 last_seen;
	__u32 first_seen;
	__u32 half; /* which half it came from */
	__u32 tcp_flags;
};

#define NA_SEEDS 10 /* one for each 32-bit word of a key */

/* Pinned once, at creation; every program of the meter takes its constants from it. */
struct na_meta {
	__u64 magic;
	__u32 abi;
	__u32 hz;
	__u8 uuid[16];
	__u8 boot_id[16];
	__u64 epoch_jiffies;
	__u64 epoch_monotonic; /* CLOCK_MONOTONIC ns at epoch_jiffies */
	__u64 seed[NA_SEEDS];
	__u32 key; /* enum na_key_kind */
	__u32 layer3; /* bytes are counted from the IP header */
	__u32 max_flows;
	__u32 entries; /* of the hot table, per half; 0: there is none */
	__u32 spill; /* entries per half */
	__u32 shards;
	__u32 sources; /* room for */
	__u32 owners; /* room for */
	__u32 whitelist; /* 1: the meter has one */
	__u32 ifindexes; /* entries of the map `ifindex`, a power of two */
	char group[64]; /* "" for a meter of one source */
	__u32 bpffs; /* device of the bpffs that it is pinned on: major << 20 | minor */
	__u32 lines; /* of the index, per half: an even number */
	__u8 reserved[256];
};

enum na_source_state {
	NA_SOURCE_FREE,
	NA_SOURCE_ATTACHING,
	NA_SOURCE_LIVE,
	NA_SOURCE_DETACHING,
	NA_SOURCE_DEPARTED, /* detached, records not all drained */
};

enum na_source_kind { NA_SOURCE_INTERFACE = 1, NA_SOURCE_CGROUP = 2 };

enum na_ingress { NA_INGRESS_TC, NA_INGRESS_XDP_NATIVE, NA_INGRESS_XDP_GENERIC, NA_INGRESS_CGROUP };

enum na_hook { NA_HOOK_CLSACT, NA_HOOK_TCX, NA_HOOK_CGROUP };

#define NA_SOURCE_PEER 0x1u /* perspective peer: rx, tx, local, remote turned round */
#define NA_SOURCE_MADE_CLSACT 0x2u /* the qdisc was not there before */
#define NA_SOURCE_INEXACT 0x4u /* the hook cannot see what was on the wire */

struct na_link_counters {
	__u64 rx_packets;
	__u64 rx_bytes;
	__u64 tx_packets;
	__u64 tx_bytes;
};

/* Where a program of ours sits. A handle without a program id: it was about to. */
struct na_attachment {
	__u32 prog_id;
	__u32 priority; /* cls_bpf */
	__u32 handle; /* cls_bpf */
	__u32 link_id; /* tcx, cgroup; pinned as li-N or le-N, N the source's number */
};

/* Who a source is: identity is data, never a path. 1,024 bytes. */
struct na_source {
	__u32 state; /* enum na_source_state */
	__u32 kind; /* enum na_source_kind */
	__u64 netns_cookie; /* SO_NETNS_COOKIE, 0 before 5.14 */
	__u64 netns_device;
	__u64 netns_inode;
	__u32 ifindex;
	__u32 arphrd;
	__u64 cgroup_id;
	__u64 attached_at; /* CLOCK_REALTIME ns */
	__u64 attached_monotonic;
	__u64 departed_at; /* CLOCK_REALTIME ns, 0: not */
	__u32 departed_sequence; /* control.sequence then */
	__u32 flags; /* NA_SOURCE_* */
	__u32 ingress; /* enum na_ingress */
	__u32 hook; /* enum na_hook */
	__u32 programs; /* number of the pinned pair in-N, eg-N */
	__u32 reserved1;
	struct na_attachment in;
	struct na_attachment eg;
	struct na_link_counters before; /* the interface's, read before attach */
	struct na_link_counters after; /* and after it */
	char interface[16];
	char tag[64];
	char id[304]; /* host--eth0, blue--eth0, … */
	char place[256]; /* the namespace's first name, "" for the host's; the cgroup's path */
	__u32 next_in; /* program ids of a replacement under way, 0: none; */
	__u32 next_eg; /* until it is done either program may sit on the hook */
	__u32 next_programs; /* number of that pair */
	__u8 reserved[180];
};

/* Whose a flow is; an owner of an interface meter is its source. 64 bytes. */
struct na_owner {
	__u32 source;
	__u32 kind; /* 0: the source itself */
	__u64 cgroup_id;
	__u64 start_time;
	__u32 pid;
	__u32 uid;
	char comm[16];
	__u64 reserved[2];
};

/* Group members: which owner a packet of an ifindex belongs to. */
struct na_ifindex {
	__u32 ifindex; /* 0: free */
	__u32 programs; /* number of the program pair: one namespace each */
	__u32 owner;
	__u32 peer; /* 1: perspective peer */
};

#define NA_IFINDEX_WAYS 16

/* Where an ifindex is looked for first; then in the NA_IFINDEX_WAYS - 1 entries behind. */
static inline __attribute__((always_inline)) __u32 na_ifindex_hash(__u32 ifindex, __u32 programs)
{
	__u32 hash = ifindex * 0x9e3779b1u ^ programs * 0x85ebca6bu;

	return hash ^ hash >> 16;
}

/* Key of the whitelist's LPM tries; prefixlen counts from `family`. */
struct na_prefix {
	__u32 prefixlen; /* 32 + bits of the address */
	__u32 family; /* network byte order: 4 or 6 */
	__u32 address[4]; /* an IPv4 address in the first word, the others 0 */
};

/* Verdicts of addresses for keys whose slot lacks one of them; per CPU. */
struct na_verdict {
	__u32 local[4];
	__u32 remote[4];
	__u32 verdict; /* as na_entry.state */
	__u32 version;
};

#define NA_VERDICTS 1024

/* What dump says of the whitelist; entry: the index of the trie. */
struct na_whitelist_info {
	__u32 enabled;
	__u32 count; /* addresses plus prefixes */
	__u32 reserved[2];
	char sample[5][56];
	char file[256];
};

/* Load-time constants of a program: .rodata.config. */
struct na_config {
	__u64 seed[NA_SEEDS];
	__u64 epoch_jiffies;
	__u32 key;
	__u32 layer3;
	__u32 l2_header; /* 14, or 0 where the device has none */
	__u32 entries; /* as in na_meta */
	__u32 entry_mask; /* of an index slot: the entry's number */
	__u32 lines;
	__u32 shards;
	__u32 sources;
	__u32 grouped; /* owner from the map `ifindex`; else from here: */
	__u32 owner;
	__u32 peer;
	__u32 programs;
	__u32 ifindex_mask;
	__u32 whitelist;
	__u32 bpffs; /* as in na_meta: by this an orphan tells whose it was */
	__u32 reserved;
};

#ifndef __bpf__
_Static_assert(sizeof(struct na_key) == 40, "pinned layout");
_Static_assert(sizeof(struct na_line) == 64, "one cache line");
_Static_assert(sizeof(struct na_entry) == 64, "one cache line");
_Static_assert(sizeof(struct na_used) == 64, "one cache line");
_Static_assert(sizeof(struct na_first) == 64, "one cache line");
_Static_assert(sizeof(struct na_spill) == 40, "pinned layout");
_Static_assert(sizeof(struct na_balance) == 128, "pinned layout");
_Static_assert(sizeof(struct na_taken) == 128, "pinned layout");
_Static_assert(sizeof(struct na_control) == 64, "pinned layout");
_Static_assert(sizeof(struct na_carried) == 72, "pinned layout");
_Static_assert(sizeof(struct na_meta) == 512, "pinned layout");
_Static_assert(sizeof(struct na_source) == 1024, "pinned layout");
_Static_assert(sizeof(struct na_owner) == 64, "pinned layout");
_Static_assert(sizeof(struct na_ifindex) == 16, "pinned layout");
_Static_assert(sizeof(struct na_prefix) == 24, "pinned layout");
_Static_assert(sizeof(struct na_verdict) == 40, "pinned layout");
_Static_assert(sizeof(struct na_whitelist_info) == 552, "pinned layout");
_Static_assert(sizeof(struct na_config) == 152, "load-time layout");
_Static_assert(__builtin_offsetof(struct na_key, what) == 36, "pinned layout");
_Static_assert(__builtin_offsetof(struct na_entry, packets) == 40, "pinned layout");
_Static_assert(__builtin_offsetof(struct na_entry, state) == 60, "pinned layout");
_Static_assert(__builtin_offsetof(struct na_spill, tcp_seen) == 32, "pinned layout");
_Static_assert(__builtin_offsetof(struct na_balance, spilled) == 80, "pinned layout");
_Static_assert(__builtin_offsetof(struct na_control, drained_at) == 32, "pinned layout");
_Static_assert(__builtin_offsetof(struct na_meta, seed) == 64, "pinned layout");
_Static_assert(__builtin_offsetof(struct na_meta, group) == 184, "pinned layout");
_Static_assert(__builtin_offsetof(struct na_source, in) == 96, "pinned layout");
_Static_assert(__builtin_offsetof(struct na_source, interface) == 192, "pinned layout");
_Static_assert(__builtin_offsetof(struct na_source, place) == 576, "pinned layout");
#endif

#endif
