/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe_hook.h"

#include <netacct/cleanup.h>
#include <string.h>

#include "../source/source.h"
#include "tc_hook.h"
#include "probe_meter.h"
#include "program.h"

/* Behind everybody who chose a priority, and before the kernel's own choices end. */
#define PRIORITY_LAST 0xfffe

struct trial {
	struct probes *probes;
	struct rtnl *nl;
	const struct link *link;
	uint32_t l2_header;
	struct probe_meter meter;
};

static const enum program tc_programs[] = {PROGRAM_IN, PROGRAM_EG};
static const char *const side_names[] = {"ingress", "egress"};

/* The program for a hook, loaded once; its descriptor or -errno. */
static int loaded(struct trial *trial, enum program program, struct fault *fault)
{
	int error = 0;

	if (trial->meter.programs[program] < 0)
		error = probe_meter_load(&trial->meter, program, trial->l2_header, fault);
	return error ? error : trial->meter.programs[program];
}

static int free_priority(const struct filter *filters, size_t count, uint16_t *ret)
{
	uint16_t priority;
	size_t i;

	for (priority = PRIORITY_LAST; priority; priority--) {
		for (i = 0; i < count && filters[i].priority != priority; i++)
			;
		if (i == count) {
			*ret = priority;
			return 0;
		}
	}
	return -ENOSPC;
}

static int filter_on_and_off(struct trial *trial, enum filter_side side, int program,
			     struct fault *fault)
{
	_cleanup_free_ struct filter *filters = NULL;
	uint32_t ifindex = trial->link->ifindex;
	struct nl_error words = {};
	uint16_t priority = 0;
	size_t count;
	int error = filter_list(trial->nl, ifindex, side, &filters, &count, &words);

	if (!error)
		error = free_priority(filters, count, &priority);
	if (error)
		return fault_netlink(fault, error, &words, "cannot list the %s filters",
				     side_names[side]);
	error = filter_set(trial->nl, ifindex, side, priority, FILTER_HANDLE, program, FILTER_NAME,
			   false, &words);
	if (error)
		return fault_netlink(fault, error, &words, "cannot add the %s filter",
				     side_names[side]);
	error = filter_delete(trial->nl, ifindex, side, priority, FILTER_HANDLE, &words);
	if (error && error != -ENOENT)
		return fault_netlink(fault, error, &words,
				     "the %s filter was added and cannot be removed; tc filter del "
				     "dev %s %s pref %u",
				     side_names[side], trial->link->name, side_names[side],
				     priority);
	return 0;
}

static int add_clsact(struct trial *trial, bool *ret_made, struct fault *fault)
{
	enum ingress_qdisc kind = QDISC_NONE;
	struct nl_error words = {};
	int error = qdisc_query(trial->nl, trial->link->ifindex, &kind, &words);

	if (error)
		return fault_netlink(fault, error, &words, "cannot list the qdiscs");
	if (kind == QDISC_CLSACT)
		return 0;
	error = clsact_add(trial->nl, trial->link->ifindex, &words);
	if (!error) {
		*ret_made = true;
		return 0;
	}
	if (error == -EEXIST && kind == QDISC_NONE)
		return 0; /* somebody was faster, which is as good */
	return fault_netlink(fault, error, &words, "cannot add a clsact qdisc%s",
			     kind == QDISC_INGRESS ? " over the ingress qdisc that is there" : "");
}

/* Not where somebody has put a filter on it meanwhile. */
static int remove_clsact(struct trial *trial, struct fault *fault)
{
	struct nl_error words = {};
	enum filter_side side;
	int error = 0;

	for (side = FILTER_INGRESS; side <= FILTER_EGRESS && !error; side++) {
		_cleanup_free_ struct filter *filters = NULL;
		size_t count = 0;

		error = filter_list(trial->nl, trial->link->ifindex, side, &filters, &count,
				    &words);
		if (!error && count)
			return 0;
	}
	if (!error)
		error = clsact_delete(trial->nl, trial->link->ifindex, &words);
	if (!error || error == -ENODEV || error == -ENOENT)
		return 0;
	return fault_netlink(
		fault, error, &words,
		"the clsact qdisc was added and cannot be removed; tc qdisc del dev %s "
		"clsact",
		trial->link->name);
}

static void try_tc(struct trial *trial)
{
	static const char *const names[] = {"tc-ingress", "tc-egress"};
	_cleanup_fault_ struct fault clsact = {};
	bool made = false;
	int no_clsact = add_clsact(trial, &made, &clsact);
	enum filter_side side;

	for (side = FILTER_INGRESS; side <= FILTER_EGRESS; side++) {
		struct probe *probe = probe_add(trial->probes, names[side], true);
		_cleanup_fault_ struct fault fault = {};
		int error = no_clsact;

		if (error)
			snprintf(fault.text, sizeof(fault.text), "%s", clsact.text);
		else
			error = loaded(trial, tc_programs[side], &fault);
		if (error >= 0)
			error = filter_on_and_off(trial, side, error, &fault);
		if (!error && made && side == FILTER_EGRESS)
			error = remove_clsact(trial, &fault);
		if (error)
			probe_refuse(probe, error, &fault);
		else
			probe_say(probe, PROBE_GOOD,
				  "%s: attached by a clsact qdisc%s and taken off",
				  trial->link->name, made ? " of our own" : "");
	}
}

static void try_tcx(struct trial *trial)
{
	static const char *const names[] = {"tcx-ingress", "tcx-egress"};
	enum filter_side side;

	for (side = FILTER_INGRESS; side <= FILTER_EGRESS; side++) {
		struct probe *probe = probe_add(trial->probes, names[side], false);
		_cleanup_fault_ struct fault fault = {};
		_cleanup_close_ int link = -1;
		int error = loaded(trial, tc_programs[side], &fault);

		if (error >= 0) {
			link = probe_tcx_link(error, trial->link->ifindex, side);
			error = link;
			if (error < 0)
				fault_errno(&fault, error, "the kernel makes no tcx link");
		}
		if (error >= 0) {
			probe_say(probe, PROBE_GOOD, "%s: attached by a link and taken off",
				  trial->link->name);
			continue;
		}
		probe_refuse(probe, error, &fault);
		if (error == -EINVAL)
			probe_advise(probe,
				     "nothing: the kernel has no tcx, clsact counts the same");
	}
}

static int xdp_on_and_off(struct trial *trial, int program, enum xdp_mode mode, struct fault *fault)
{
	uint32_t ifindex = trial->link->ifindex;
	struct nl_error words = {};
	int error = xdp_attach(trial->nl, ifindex, program, mode, &words);

	if (error)
		return fault_netlink(fault, error, &words, "cannot attach XDP");
	error = xdp_replace(trial->nl, ifindex, -1, program, mode, &words);
	if (error)
		return fault_netlink(fault, error, &words,
				     "XDP was attached and cannot be taken off; ip link set dev %s "
				     "%s off",
				     trial->link->name,
				     mode == XDP_MODE_NATIVE ? "xdpdrv" : "xdpgeneric");
	return 0;
}

static void try_xdp(struct trial *trial, enum xdp_mode mode)
{
	static const char *const names[] = {"xdp-native", "xdp-generic"};
	struct probe *probe = probe_add(trial->probes, names[mode], false);
	_cleanup_fault_ struct fault fault = {};
	int error = hooks_check(trial->link, INGRESS_XDP_NATIVE, &fault);

	if (error) {
		probe_say(probe, PROBE_NOTE, "not tried: %s", fault.text);
		probe_advise(probe, "attach without --xdp, or take that program off first");
		return;
	}
	error = loaded(trial, PROGRAM_FRAGS, &fault);
	if (error < 0) {
		fault_clear(&fault); /* no packets of several buffers: see the row xdp-frags */
		error = loaded(trial, PROGRAM_XDP, &fault);
	}
	if (error >= 0)
		error = xdp_on_and_off(trial, error, mode, &fault);
	if (error) {
		probe_refuse(probe, error, &fault);
		return;
	}
	probe_say(probe, PROBE_GOOD, "%s: attached and taken off%s", trial->link->name,
		  mode == XDP_MODE_GENERIC ? "; what it counts is not exact" : "");
}

/* Either of tc and tcx is enough to count by. */
static void weigh(struct probes *probes)
{
	static const char *const names[][2] = {{"tc-ingress", "tcx-ingress"},
					       {"tc-egress", "tcx-egress"}};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		struct probe *tc = probe_find(probes, names[i][0]);
		struct probe *tcx = probe_find(probes, names[i][1]);

		if (tc && tcx && tc->state == PROBE_MISSING && tcx->state == PROBE_GOOD) {
			tc->needed = false;
			probe_advise(tc, "attach --hook tcx counts there");
		}
	}
}

void probe_hooks(struct probes *probes, struct rtnl *nl, const struct link *link,
		 unsigned int hooks)
{
	struct trial trial = {
		.probes = probes, .nl = nl, .link = link, .meter = PROBE_METER_CLOSED};
	int l2_header = link_header_length(link->arphrd), error;
	_cleanup_fault_ struct fault fault = {};

	if (l2_header < 0) {
		probe_say(probe_add(probes, "link", true), PROBE_MISSING,
			  "a link of type %u (ARPHRD) cannot be counted", link->arphrd);
		return;
	}
	trial.l2_header = (uint32_t)l2_header;
	error = probe_meter_create(&trial.meter, &fault);
	if (error) {
		if (!probe_find(probes, "meter-maps"))
			probe_refuse(probe_add(probes, "meter-maps", true), error, &fault);
		return;
	}
	if (hooks & PROBE_HOOK_TC)
		try_tc(&trial);
	if (hooks & PROBE_HOOK_TCX)
		try_tcx(&trial);
	if (hooks & PROBE_HOOK_XDP_NATIVE)
		try_xdp(&trial, XDP_MODE_NATIVE);
	if (hooks & PROBE_HOOK_XDP_GENERIC)
		try_xdp(&trial, XDP_MODE_GENERIC);
	probe_meter_close(&trial.meter);
	weigh(probes);
}
