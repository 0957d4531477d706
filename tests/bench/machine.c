// SPDX-License-Identifier: GPL-2.0-or-later
#define _GNU_SOURCE
#include "machine.h"

#include <errno.h>
#include <netacct/cleanup.h>
#include <sched.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>

#include "die.h"

static void read_processor(struct machine *machine)
{
	_cleanup_fclose_ FILE *file = fopen("/proc/cpuinfo", "re");
	char line[256];

	while (file && fgets(line, sizeof(line), file)) {
		char *value = strstr(line, ": ");

		if (strncmp(line, "model name", 10) || !value)
			continue;
		value[strcspn(value, "\n")] = '\0';
		snprintf(machine->processor, sizeof(machine->processor), "%s", value + 2);
		return;
	}
}

static void read_jit(struct machine *machine)
{
	_cleanup_fclose_ FILE *file = fopen("/proc/sys/net/core/bpf_jit_enable", "re");

	if (!file || fscanf(file, "%u", &machine->jit) != 1)
		machine->jit = 0;
}

void machine_read(struct machine *ret)
{
	struct utsname names;

	memset(ret, 0, sizeof(*ret));
	if (uname(&names))
		die("uname: %s", strerror(errno));
	snprintf(ret->kernel, sizeof(ret->kernel), "%.64s %.64s %.64s", names.release,
		 names.version, names.machine);
	ret->cpus = (uint32_t)sysconf(_SC_NPROCESSORS_ONLN);
	read_processor(ret);
	read_jit(ret);
}

void machine_pin(uint32_t cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		die("cannot run on CPU %u: %s", cpu, strerror(errno));
}

uint64_t machine_clock(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}
