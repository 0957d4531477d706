/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "barrier.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <netacct/cleanup.h>
#include <stdint.h>

int barrier_wait(void)
{
	_cleanup_close_ int inner = -1, outer = -1;
	LIBBPF_OPTS(bpf_map_create_opts, options);
	uint32_t zero = 0;

	inner = bpf_map_create(BPF_MAP_TYPE_ARRAY, "netacct_inner", 4, 4, 1, NULL);
	if (inner < 0)
		return -errno;
	options.inner_map_fd = (uint32_t)inner;
	outer = bpf_map_create(BPF_MAP_TYPE_ARRAY_OF_MAPS, "netacct_barrier", 4, 4, 1, &options);
	if (outer < 0)
		return -errno;
	return bpf_map_update_elem(outer, &zero, &inner, BPF_ANY) ? -errno : 0;
}
