/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe.h"

#include <inttypes.h>
#include <linux/capability.h>
#include <netacct/cleanup.h>
#include <string.h>

#ifndef CAP_PERFMON
#define CAP_PERFMON 38 /* Linux 5.8 */
#define CAP_BPF 39
#endif

void probes_clear(struct probes *probes)
{
	size_t i;

	for (i = 0; i < probes->count; i++)
		free(probes->rows[i].log);
	free(probes->rows);
	free(probes->spare.log);
	*probes = (struct probes){};
}

struct probe *probe_add(struct probes *probes, const char *name, bool needed)
{
	struct probe *rows = reallocarray(probes->rows, probes->count + 1, sizeof(*rows));
	struct probe *probe = &probes->spare;

	if (rows) {
		probes->rows = rows;
		probe = &rows[probes->count++];
	} else {
		free(probe->log);
		probes->error = -ENOMEM;
	}
	*probe = (struct probe){.name = name, .needed = needed};
	return probe;
}

struct probe *probe_find(struct probes *probes, const char *name)
{
	size_t i;

	for (i = 0; i < probes->count; i++)
		if (!strcmp(probes->rows[i].name, name))
			return &probes->rows[i];
	return NULL;
}

void probe_say(struct probe *probe, enum probe_state state, const char *format, ...)
{
	va_list list;

	va_start(list, format);
	vsnprintf(probe->text, sizeof(probe->text), format, list);
	va_end(list);
	probe->state = state;
}

void probe_advise(struct probe *probe, const char *format, ...)
{
	va_list list;

	va_start(list, format);
	vsnprintf(probe->advice, sizeof(probe->advice), format, list);
	va_end(list);
}

void probe_unseen(struct probe *probe, const char *why)
{
	probe_say(probe, PROBE_NOTE, "not seen: %s", why);
	probe_advise(probe, geteuid() ? "run netacct doctor as root" : "see the row capabilities");
	probe->unseen = true;
}

void probe_refuse(struct probe *probe, int error, struct fault *fault)
{
	if (error == -EPERM && !probe_may_bpf()) {
		probe_unseen(probe, "this user may not try it");
		return;
	}
	probe_say(probe, PROBE_MISSING, "%s", fault->text);
	free(probe->log);
	probe->log = TAKE_PTR(fault->log);
}

bool probe_capable(unsigned int capability)
{
	_cleanup_fclose_ FILE *file = fopen("/proc/thread-self/status", "re");
	uint64_t effective = 0;
	char line[256];

	while (file && fgets(line, sizeof(line), file))
		if (sscanf(line, "CapEff: %" SCNx64, &effective) == 1)
			break;
	return effective >> capability & 1;
}

bool probe_may_bpf(void)
{
	return probe_capable(CAP_NET_ADMIN) &&
	       (probe_capable(CAP_SYS_ADMIN) ||
		(probe_capable(CAP_BPF) && probe_capable(CAP_PERFMON)));
}
