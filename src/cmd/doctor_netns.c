/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <netacct/cleanup.h>
#include <string.h>

#include "doctor.h"

static void probe_cookie(struct probes *probes)
{
	struct probe *probe = probe_add(probes, "netns-cookie", false);
	_cleanup_netns_ struct netns own = {.fd = -1};
	int error = netns_open_own(&own);

	if (error) {
		probe_say(probe, PROBE_NOTE, "cannot open the network namespace: %s",
			  strerror(-error));
	} else if (own.cookie) {
		probe_say(probe, PROBE_GOOD,
			  "the kernel has SO_NETNS_COOKIE: a namespace is never "
			  "taken for another");
	} else {
		probe_say(probe, PROBE_MISSING,
			  "the kernel has no SO_NETNS_COOKIE: a namespace is "
			  "told by its inode and the program's id");
		probe_advise(probe, "nothing");
	}
}

static void probe_namespaces(struct probes *probes)
{
	struct probe *probe = probe_add(probes, "namespaces", false);
	size_t count = 0, entered = 0, i;
	struct netns *list = NULL;
	int error = netns_list(&list, &count), why = 0;

	if (error) {
		probe_say(probe, PROBE_NOTE, "cannot be listed: %s", strerror(-error));
		return;
	}
	for (i = 0; i < count; i++) {
		entered += list[i].fd >= 0 && !list[i].error;
		if (list[i].error && !why)
			why = list[i].error;
	}
	if (entered == count)
		probe_say(probe, PROBE_GOOD, "%zu found, all can be entered", count);
	else
		probe_say(probe, PROBE_NOTE,
			  "%zu found, %zu can be entered; the first that cannot: %s", count,
			  entered, strerror(-why));
	if (why == -EPERM || why == -EACCES) {
		probe->unseen = true;
		probe_advise(probe, "run as root; in a container --cap-add SYS_ADMIN --cap-add "
				    "SYS_PTRACE --pid host");
	} else if (entered != count) {
		probe_advise(probe, "netacct list-all names each one");
	}
	netns_list_free(list, count);
}

void doctor_netns(struct probes *probes)
{
	probe_cookie(probes);
	probe_namespaces(probes);
}
