/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NETACCT_BARRIER_H
#define NETACCT_BARRIER_H

/*
 * Returns when every BPF program that was running at the call has finished:
 * an update of a map of maps waits for RCU before it returns (kernel:
 * maybe_wait_bpf_programs()). About 12 ms, up to 100. 0 or -errno.
 */
int barrier_wait(void);

#endif
