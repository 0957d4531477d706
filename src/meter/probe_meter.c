/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe_meter.h"

#include <netacct/cleanup.h>

#include "programs.h"

#define FLOWS 16

void probe_meter_close(struct probe_meter *meter)
{
	enum program i;

	for (i = 0; i < PROGRAM_COUNT; i++)
		cleanup_close(&meter->programs[i]);
	layout_close(meter->maps);
	*meter = PROBE_METER_CLOSED;
}

int probe_meter_create(struct probe_meter *ret, struct fault *fault)
{
	struct probe_meter meter = PROBE_METER_CLOSED;
	int error;

	meter.meta = (struct na_meta){.magic = NETACCT_MAGIC,
				      .abi = NETACCT_ABI,
				      .key = NA_KEY_HOST_PAIR,
				      .max_flows = FLOWS,
				      .sources = 1};
	layout_size(&meter.meta, object_has_cmpxchg());
	error = layout_create(&meter.meta, meter.maps, fault);
	if (error)
		return error;
	*ret = meter;
	return 0;
}

int probe_meter_load(struct probe_meter *meter, enum program program, uint32_t l2_header,
		     struct fault *fault)
{
	int programs[PROGRAM_COUNT], error;
	struct na_config config;

	programs_config(&meter->meta, l2_header, 0, 0, false, &config);
	error = object_load(&config, meter->maps, 1u << program, false, programs, fault);
	if (error)
		return error;
	cleanup_close(&meter->programs[program]);
	meter->programs[program] = programs[program];
	return 0;
}
