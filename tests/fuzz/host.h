/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * BPF programs on the host: stands in for <bpf/bpf_helpers.h> and for
 * bpf/config.h, so that bpf/netacct.bpf.c compiles for the machine that
 * builds. The load-time constants become variables, maps are known by their
 * address alone, and the helpers are what includes this file makes of them.
 * A context holds addresses in 32 bits: packets must lie that low.
 */
#ifndef TESTS_FUZZ_HOST_H
#define TESTS_FUZZ_HOST_H

#define __BPF_HELPERS__
#define NETACCT_BPF_CONFIG_H

#include <linux/bpf.h>
#include <linux/pkt_cls.h>
#include <netacct/abi.h>

#undef __always_inline
#define __always_inline inline __attribute__((always_inline))
#undef __noinline
#define __noinline __attribute__((noinline))

#define SEC(name)
#define __uint(name, value) int(*name)[value]
#define __type(name, value) __typeof__(value) *name
#define __array(name, value) __typeof__(value) *name[]

#define READ_ONCE(x) (*(const volatile __typeof__(x) *)&(x))
#define WRITE_ONCE(x, value) (*(volatile __typeof__(x) *)&(x) = (value))
#define ROLLED
#define hold(value) __asm__ volatile("" : "+r"(value))
/* What the promise is for is BPF's code; on the host it would be a lie. */
#define __builtin_assume_aligned(pointer, alignment) (pointer)

static struct na_config config;

static void *bpf_map_lookup_elem(void *map, const void *key);
static long bpf_map_update_elem(void *map, const void *key, const void *value, __u64 flags);
static long bpf_skb_load_bytes(const void *skb, __u32 offset, void *to, __u32 length);
static long bpf_skb_load_bytes_relative(const void *skb, __u32 offset, void *to, __u32 length,
					__u32 start);
static long bpf_xdp_load_bytes(struct xdp_md *xdp, __u32 offset, void *to, __u32 length);
static __u64 bpf_xdp_get_buff_len(struct xdp_md *xdp);
static __u64 bpf_jiffies64(void);
static __u32 bpf_get_smp_processor_id(void);

#endif
