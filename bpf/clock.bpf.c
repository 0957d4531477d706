// SPDX-License-Identifier: GPL-2.0-only
/*
 * Run by BPF_PROG_TEST_RUN at attach: jiffies and the monotonic clock at one
 * moment. User space can see neither jiffies nor HZ otherwise.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, __u64);
} clock SEC(".maps");

SEC("tc")
int netacct_clock(struct __sk_buff *skb)
{
	__u64 jiffies = bpf_jiffies64(), monotonic = bpf_ktime_get_ns();
	__u32 index = 0;

	bpf_map_update_elem(&clock, &index, &jiffies, BPF_ANY);
	index = 1;
	bpf_map_update_elem(&clock, &index, &monotonic, BPF_ANY);
	return 0;
}

char license_text[] SEC("license") = "GPL";
