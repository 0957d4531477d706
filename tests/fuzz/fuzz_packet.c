// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The programs of bpf/netacct.bpf.c on the host, a packet a run, held against
 * the decoder of decode.h: the key, the bucket, packets and bytes. The input
 * is TRIAL_HEADER bytes of circumstances (trial_make()), and the packet.
 */
#include "host.h"

/* BPF's programs have no prototypes, and their maps lie where they like. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wmissing-prototypes"
#pragma GCC diagnostic ignored "-Wshadow"
#pragma GCC diagnostic ignored "-Wunused-parameter"
#include "../../bpf/netacct.bpf.c" /* NOLINT(bugprone-suspicious-include) */
#pragma GCC diagnostic pop

#include "fuzz.h"
#include "packet.h"

#define SOURCES 4
#define DEVICE 7
#define OWNER_OF_DEVICE 3
#define TICKS 5

/* The meter: one entry in each half, so that a key can only be in one place. */
#define LINES 2
static struct {
	struct na_control control;
	struct na_entry entry[1 + NA_HALVES];
	struct na_line line[NA_HALVES * LINES];
	struct na_used used[NA_HALVES];
	struct na_first first;
	struct na_balance balance[NA_HALVES * SOURCES * NA_DIRECTIONS];
	struct na_ifindex ifindex[NA_IFINDEX_WAYS];
} meter;

/* The packet that the helpers read, and how much of it is linear. */
static struct wire packet;
static size_t packet_linear;

static void *bpf_map_lookup_elem(void *map, const void *key)
{
	__u32 index = *(const __u32 *)key;

	if (map == &control)
		return index < 1 ? &meter.control : NULL;
	if (map == &hot)
		return index < 1 + NA_HALVES ? &meter.entry[index] : NULL;
	if (map == &lines)
		return index < NA_HALVES * LINES ? &meter.line[index] : NULL;
	if (map == &used)
		return index < NA_HALVES ? &meter.used[index] : NULL;
	if (map == &first)
		return index < 1 ? &meter.first : NULL;
	if (map == &balance)
		return index < NA_HALVES * SOURCES * NA_DIRECTIONS ? &meter.balance[index] : NULL;
	if (map == &ifindex)
		return index < NA_IFINDEX_WAYS ? &meter.ifindex[index] : NULL;
	return NULL;
}

static long bpf_map_update_elem(void *map, const void *key, const void *value, __u64 flags)
{
	(void)map, (void)key, (void)value, (void)flags;
	return -7; /* -E2BIG */
}

static long load_bytes(__u32 offset, void *to, __u32 length)
{
	if (offset > packet.length || length > packet.length - offset)
		return -14; /* -EFAULT */
	__builtin_memcpy(to, packet.bytes + offset, length);
	return 0;
}

/* bpf_skb_load_bytes() of the kernel: what cannot be read is zeroed. */
static long bpf_skb_load_bytes(const void *skb, __u32 offset, void *to, __u32 length)
{
	long error = load_bytes(offset, to, length);

	(void)skb;
	if (error)
		__builtin_memset(to, 0, length);
	return error;
}

/* The same from the network header on, in the linear part alone. */
static long bpf_skb_load_bytes_relative(const void *skb, __u32 offset, void *to, __u32 length,
					__u32 start)
{
	MUST(start == BPF_HDR_START_NET);
	if (packet.network + offset + length <= packet_linear)
		return bpf_skb_load_bytes(skb, (__u32)packet.network + offset, to, length);
	__builtin_memset(to, 0, length);
	return -14;
}

static long bpf_xdp_load_bytes(struct xdp_md *xdp, __u32 offset, void *to, __u32 length)
{
	(void)xdp;
	return load_bytes(offset, to, length);
}

static __u64 bpf_xdp_get_buff_len(struct xdp_md *xdp)
{
	(void)xdp;
	return packet.length;
}

static __u64 bpf_jiffies64(void)
{
	return TICKS << NA_TICK_SHIFT;
}

static __u32 bpf_get_smp_processor_id(void)
{
	return 0;
}

static void set_up(const struct trial *trial)
{
	__u32 at = na_ifindex_hash(DEVICE, 1) & (NA_IFINDEX_WAYS - 1);

	__builtin_memset(&meter, 0, sizeof(meter));
	meter.control.active = trial->half;
	meter.ifindex[at] = (struct na_ifindex){DEVICE, 1, OWNER_OF_DEVICE, trial->peer};
	config = (struct na_config){
		.key = trial->key,
		.layer3 = trial->layer3,
		.l2_header = trial->wire.ethernet ? 14 : 0,
		.entries = 1,
		.entry_mask = 3,
		.lines = LINES,
		.shards = 1,
		.sources = trial->grouped ? SOURCES : 1,
		.grouped = trial->grouped,
		.peer = trial->peer,
		.programs = 1,
		.ifindex_mask = NA_IFINDEX_WAYS - 1,
	};
}

static void run_skb(const struct trial *trial)
{
	struct __sk_buff skb = {
		.len = (__u32)trial->wire.length,
		.protocol = bpf_htons(trial->protocol),
		.vlan_present = trial->tagged,
		.ifindex = DEVICE,
		.data = (__u32)(unsigned long)trial->wire.bytes,
		.data_end = (__u32)(unsigned long)(trial->wire.bytes + trial->linear),
		.gso_size = trial->gso_size,
		.gso_segs = trial->gso_segs,
	};

	if (trial->program == TRIAL_IN)
		MUST(netacct_in(&skb) == TC_ACT_UNSPEC);
	else
		MUST(netacct_eg(&skb) == TC_ACT_UNSPEC);
}

static void run_xdp(const struct trial *trial)
{
	struct xdp_md xdp = {
		.data = (__u32)(unsigned long)trial->wire.bytes,
		.data_end = (__u32)(unsigned long)(trial->wire.bytes + trial->linear),
		.ingress_ifindex = DEVICE,
	};

	if (trial->program == TRIAL_XDP)
		MUST(netacct_xdp(&xdp) == XDP_PASS);
	else
		MUST(netacct_frags(&xdp) == XDP_PASS);
}

/* What the balance says beside what is expected of it. */
static void check_balance(const struct trial *trial, const struct expected *expected)
{
	struct na_balance want[NA_HALVES * SOURCES * NA_DIRECTIONS] = {0};
	__u32 source = trial->grouped ? trial->half * SOURCES + OWNER_OF_DEVICE : trial->half;
	__u32 entry = source * NA_DIRECTIONS + expected->sent;
	struct na_balance *books = &want[entry];
	struct na_count count = {expected->packets, expected->bytes};

	books->bucket[NA_SEEN] = count;
	books->bucket[expected->ip ? NA_ACCOUNTED : NA_NON_IP] = count;
	books->super = expected->super;
	books->undecided = expected->undecided;
	if (__builtin_memcmp(want, meter.balance, sizeof(want)) != 0)
		trial_explain(trial, expected, NULL, &meter.balance[entry]);
	MUST(!__builtin_memcmp(want, meter.balance, sizeof(want)));
}

static void check_entry(const struct trial *trial, const struct expected *expected)
{
	const struct na_entry *entry = &meter.entry[1 + trial->half];
	struct na_entry want = {0};
	struct na_first ticks = {0};

	MUST(!__builtin_memcmp(&meter.entry[1 + !trial->half], &want, sizeof(want)));
	MUST(!__builtin_memcmp(&meter.entry[0], &want, sizeof(want)));
	if (expected->ip) {
		want.key = expected->key;
		want.key.what |= (trial->grouped ? OWNER_OF_DEVICE : 0u) << NA_WHAT_OWNER_SHIFT;
		want.packets = expected->packets;
		want.bytes = expected->bytes;
		want.last_seen = TICKS;
		want.state = (__u32)expected->tcp_flags << NA_TCP_SHIFT;
		ticks.tick[1 + trial->half] = 1 + TICKS;
	}
	if (__builtin_memcmp(entry, &want, sizeof(want)) != 0)
		trial_explain(trial, expected, entry, NULL);
	MUST(!__builtin_memcmp(entry, &want, sizeof(want)));
	MUST(!__builtin_memcmp(&meter.first, &ticks, sizeof(ticks)));
	MUST(meter.used[trial->half].entries == (__u64)expected->ip);
	MUST(meter.used[!trial->half].entries == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct expected expected;
	struct trial trial;

	if (!trial_make(data, size, VIEW_REACH, &trial))
		return 0;
	packet = trial.wire;
	packet_linear = trial.linear;
	set_up(&trial);
	if (trial.program == TRIAL_IN || trial.program == TRIAL_EG)
		run_skb(&trial);
	else
		run_xdp(&trial);
	expected = trial_expect(&trial);
	check_balance(&trial, &expected);
	check_entry(&trial, &expected);
	trial_end(&trial);
	return 0;
}
