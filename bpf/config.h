/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The load-time constants. They lie in a frozen map, so the verifier knows
 * their values and removes what they switch off.
 */
#ifndef NETACCT_BPF_CONFIG_H
#define NETACCT_BPF_CONFIG_H

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <netacct/abi.h>

const volatile struct na_config config SEC(".rodata.config") = {};

/* Helpers and constants younger than the oldest headers that we build with. */
#ifndef BPF_NOEXIST
#define BPF_NOEXIST 1
#endif

#define READ_ONCE(x) (*(const volatile __typeof__(x) *)&(x))
#define WRITE_ONCE(x, value) (*(volatile __typeof__(x) *)&(x) = (value))

/* Code stays small, and the verifier can prune at the head of the loop. */
#define ROLLED _Pragma("clang loop unroll(disable)")

/* Keeps the compiler from recomputing a value that the verifier has checked. */
#define hold(value) asm volatile("" : "+r"(value))

#endif
