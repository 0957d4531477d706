/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Does the kernel take the programs that count? They are loaded and let go again. */
#include <bpf/bpf.h>
#include <linux/bpf.h>
#include <netacct/cleanup.h>
#include <string.h>

#include "clock.h"
#include "probe.h"
#include "probe_meter.h"

#define ETHERNET 14

static bool load(struct probe *probe, struct probe_meter *meter, enum program program)
{
	_cleanup_fault_ struct fault fault = {};
	int error = probe_meter_load(meter, program, ETHERNET, &fault);

	if (error)
		probe_refuse(probe, error, &fault);
	return !error;
}

static void probe_tc(struct probes *probes, struct probe_meter *meter)
{
	static const enum program programs[] = {PROGRAM_IN, PROGRAM_EG};
	static const char *const names[] = {"tc-ingress-program", "tc-egress-program"};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(programs); i++) {
		struct probe *probe = probe_add(probes, names[i], true);

		if (load(probe, meter, programs[i]))
			probe_say(probe, PROBE_GOOD, "%s loads", program_name(programs[i]));
		else if (probe->state == PROBE_MISSING)
			probe_advise(probe, "a kernel of 5.10 or newer; doctor -v shows the "
					    "verifier's log");
	}
}

static void probe_xdp(struct probes *probes, struct probe_meter *meter)
{
	struct probe *probe = probe_add(probes, "xdp-program", false);

	if (load(probe, meter, PROGRAM_XDP))
		probe_say(probe, PROBE_GOOD, "%s loads", program_name(PROGRAM_XDP));
	else if (probe->state == PROBE_MISSING)
		probe_advise(probe, "nothing: attach without --xdp counts by tc");
	probe = probe_add(probes, "xdp-frags", false);
	if (load(probe, meter, PROGRAM_FRAGS))
		probe_say(probe, PROBE_GOOD, "%s loads: packets of several buffers are seen whole",
			  program_name(PROGRAM_FRAGS));
	else if (probe->state == PROBE_MISSING)
		probe_advise(probe, "nothing: the plain XDP program is used, and the kernel "
				    "refuses it where the MTU asks for several buffers");
}

static void probe_jit(struct probes *probes, const struct probe_meter *meter)
{
	struct probe *probe = probe_add(probes, "jit", false);
	_cleanup_fclose_ FILE *file = fopen("/proc/sys/net/core/bpf_jit_enable", "re");
	int fd = meter->programs[PROGRAM_IN], setting = -1;
	struct bpf_prog_info info = {};
	uint32_t length = sizeof(info);
	char word[32] = "not shown here";

	if (file && fscanf(file, "%d", &setting) == 1)
		snprintf(word, sizeof(word), "%d", setting);
	if (fd < 0 || bpf_obj_get_info_by_fd(fd, &info, &length)) {
		probe_unseen(probe, "no program could be loaded to look at");
		return;
	}
	if (!info.jited_prog_len) {
		probe_say(probe, PROBE_MISSING,
			  "programs are interpreted (bpf_jit_enable is %s): each packet costs more",
			  word);
		probe_advise(probe, "sysctl net.core.bpf_jit_enable=1, in the host's namespace");
	} else if (setting == 2) {
		probe_say(probe, PROBE_NOTE,
			  "programs are compiled, and each one is dumped to the "
			  "kernel's log (bpf_jit_enable is 2)");
		probe_advise(probe, "sysctl net.core.bpf_jit_enable=1");
	} else {
		probe_say(probe, PROBE_GOOD, "programs are compiled (bpf_jit_enable is %s)", word);
	}
}

static void probe_cmpxchg(struct probes *probes)
{
	struct probe *probe = probe_add(probes, "cmpxchg", false);

	if (object_has_cmpxchg())
		probe_say(probe, PROBE_GOOD,
			  "BPF has atomic compare and exchange: flows are "
			  "counted in the hot table");
	else if (!probe_may_bpf())
		probe_unseen(probe, "this user may load no program");
	else
		probe_say(probe, PROBE_MISSING,
			  "BPF has no atomic compare and exchange: flows are "
			  "counted in hash maps, just as exactly");
	if (probe->state == PROBE_MISSING)
		probe_advise(probe, "nothing; a newer kernel counts faster");
}

static void probe_test_run(struct probes *probes)
{
	struct probe *probe = probe_add(probes, "test-run", true);
	_cleanup_fault_ struct fault fault = {};
	struct clock_sample sample;
	int error = clock_measure(&sample, &fault);

	if (!error) {
		probe_say(probe, PROBE_GOOD, "a program can be run on demand; HZ is %u", sample.hz);
		return;
	}
	probe_refuse(probe, error, &fault);
	if (probe->state == PROBE_MISSING)
		probe_advise(probe, "a kernel of 5.10 or newer that runs programs by "
				    "BPF_PROG_TEST_RUN");
}

void probe_programs(struct probes *probes)
{
	_cleanup_probe_meter_ struct probe_meter meter = PROBE_METER_CLOSED;
	struct probe *probe = probe_add(probes, "meter-maps", true);
	_cleanup_fault_ struct fault fault = {};
	int error = probe_meter_create(&meter, &fault);

	if (error)
		probe_refuse(probe, error, &fault);
	else
		probe_say(probe, PROBE_GOOD, "the maps of a small meter were made, %llu bytes",
			  (unsigned long long)layout_memory(meter.maps));
	if (!error) {
		probe_tc(probes, &meter);
		probe_xdp(probes, &meter);
	}
	probe_cmpxchg(probes);
	probe_test_run(probes);
	probe_jit(probes, &meter);
}
