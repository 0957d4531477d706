/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Our own meters as their pins tell: which source, in which namespace, and
 * the programs that were attached for it. Whether these still sit there is
 * for the caller to see.
 */
#ifndef NETACCT_SIGHTING_H
#define NETACCT_SIGHTING_H

#include <netacct/abi.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct meter_sighting {
	char id[304];
	char uuid[37];
	uint64_t netns_inode;
	uint64_t netns_cookie; /* 0: the kernel had none at attach */
	uint32_t ifindex;
	uint32_t in_prog_id, eg_prog_id; /* 0: none */
	struct na_link_counters since; /* the interface's, when it was attached */
	uint64_t rx_seen, tx_seen; /* packets, as the interface has them */
	bool live; /* not departed, and neither attach nor detach broke off */
};

/*
 * Every source of every meter, of a group each one; free() the array. None is
 * 0 and an empty array. -EACCES or -EPERM where bpffs may not be read.
 */
int meter_sightings(struct meter_sighting **ret, size_t *ret_count);

#endif
