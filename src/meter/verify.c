/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "verify.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <inttypes.h>
#include <netacct/cleanup.h>
#include <stdarg.h>

#include "attach.h"
#include "judge.h"
#include "oracle.h"
#include "programs.h"

void findings_clear(struct findings *findings)
{
	free(findings->items);
	*findings = (struct findings){};
}

static int add(struct findings *findings, uint32_t source, const char *check,
	       enum finding_state state, const char *format, ...)
	__attribute__((format(printf, 5, 6)));

static int add(struct findings *findings, uint32_t source, const char *check,
	       enum finding_state state, const char *format, ...)
{
	struct finding *grown = reallocarray(findings->items, findings->count + 1, sizeof(*grown));
	struct finding *finding;
	va_list list;

	if (!grown)
		return -ENOMEM;
	findings->items = grown;
	finding = &grown[findings->count++];
	*finding = (struct finding){.source = source, .check = check, .state = state};
	va_start(list, format);
	vsnprintf(finding->text, sizeof(finding->text), format, list);
	va_end(list);
	return 0;
}

static int check_programs(const struct meter *meter, uint32_t number, struct findings *findings)
{
	_cleanup_program_pair_ struct program_pair pair = {.in = -1, .eg = -1};
	const struct na_source *source = &meter->sources[number];
	struct bpf_prog_info in = {}, eg = {};
	uint32_t in_length = sizeof(in), eg_length = sizeof(eg);

	if (source->state == NA_SOURCE_DEPARTED)
		return 0;
	if (programs_open(meter, source->programs, &pair) ||
	    bpf_obj_get_info_by_fd(pair.in, &in, &in_length) ||
	    bpf_obj_get_info_by_fd(pair.eg, &eg, &eg_length))
		return add(findings, number, "pins", FINDING_WRONG,
			   "its pinned programs in-%u and eg-%u are not there", source->programs,
			   source->programs);
	if (in.id != source->in.prog_id || eg.id != source->eg.prog_id)
		return add(findings, number, "pins", FINDING_WRONG,
			   "programs %u and %u are pinned where %u and %u were attached", in.id,
			   eg.id, source->in.prog_id, source->eg.prog_id);
	return add(findings, number, "pins", FINDING_OK, "all maps, programs %u and %u", in.id,
		   eg.id);
}

static int check_attached(uint32_t number, const struct na_source *source,
			  const struct oracle *oracle, struct findings *findings)
{
	if (source->state == NA_SOURCE_DEPARTED)
		return add(findings, number, "attached", FINDING_NOTE,
			   "departed: its records wait for a drain");
	if (source->state != NA_SOURCE_LIVE)
		return add(findings, number, "attached", FINDING_WRONG,
			   "%s was interrupted: detach it",
			   source->state == NA_SOURCE_ATTACHING ? "attach" : "detach");
	if (oracle->error)
		return add(findings, number, "attached", FINDING_WRONG, "%s", oracle->fault.text);
	if (!oracle->hooks.in || !oracle->hooks.eg)
		return add(findings, number, "attached", FINDING_WRONG,
			   "the %s program is not where it was attached",
			   oracle->hooks.in   ? "egress"
			   : oracle->hooks.eg ? "ingress"
					      : "ingress and the egress");
	return add(findings, number, "attached", FINDING_OK, "both programs run");
}

static int check_order(uint32_t number, const struct oracle *oracle, struct findings *findings)
{
	static const char *const sides[] = {"ingress", "egress"};
	int side, error = 0;
	bool free = true;

	if (oracle->error)
		return 0;
	for (side = FILTER_INGRESS; side <= FILTER_EGRESS && !error; side++) {
		const char *who = oracle->order.who[side];

		if (!who[0])
			continue;
		free = false;
		if (oracle->starved[side])
			error = add(findings, number, "order", FINDING_WRONG,
				    "starved on %s: the %s stands before ours, and the interface "
				    "counts what we do not see",
				    sides[side], who);
		else
			error = add(findings, number, "order", FINDING_NOTE,
				    "at risk on %s: the %s stands before ours", sides[side], who);
	}
	if (free && !error)
		error = add(findings, number, "order", FINDING_OK, "nobody stands before ours");
	return error;
}

static int check_books(uint32_t number, const struct judgement *judgement,
		       struct findings *findings)
{
	static const char *const says[] = {
		"seen == accounted + excluded + overflow + non_ip",
		"accounted == records + what was taken",
		"taken == carried + handed out + collected",
	};
	static const char *const checks[] = {"buckets", "records", "taken"};
	const int64_t differences[] = {judgement->buckets, judgement->records, judgement->taken};
	size_t i;
	int error = 0;

	for (i = 0; i < ARRAY_SIZE(says) && !error; i++) {
		if (differences[i])
			error = add(findings, number, checks[i], FINDING_WRONG,
				    "%s does not hold: out by %" PRId64 " packets and bytes",
				    says[i], differences[i]);
		else
			error = add(findings, number, checks[i], FINDING_OK, "%s", says[i]);
	}
	return error;
}

static int check_interface(uint32_t number, const struct oracle *oracle, struct findings *findings)
{
	if (oracle->error)
		return 0;
	if (oracle->incomparable[0])
		return add(findings, number, "interface", FINDING_NOTE, "%s", oracle->incomparable);
	if (oracle->outside[0])
		return add(findings, number, "interface", FINDING_WRONG, "%s", oracle->outside);
	return add(findings, number, "interface", FINDING_OK,
		   "seen lies in the interval of the interface's own counters");
}

static int check_source(struct meter *meter, uint32_t number, const struct judgement *judgement,
			struct findings *findings, struct fault *fault)
{
	const struct na_source *source = &meter->sources[number];
	_cleanup_oracle_ struct oracle oracle = {};
	int error;

	if (source->state == NA_SOURCE_LIVE)
		oracle_ask(meter, number, &oracle);
	error = check_attached(number, source, &oracle, findings);
	if (!error)
		error = check_programs(meter, number, findings);
	if (!error && source->state == NA_SOURCE_LIVE)
		error = check_order(number, &oracle, findings);
	if (!error)
		error = check_books(number, judgement, findings);
	if (!error && source->state == NA_SOURCE_LIVE)
		error = check_interface(number, &oracle, findings);
	return error ? fault_errno(fault, error, "the findings") : 0;
}

int meter_verify(struct meter *meter, struct findings *ret, struct fault *fault)
{
	_cleanup_free_ struct judgement *judgements = NULL;
	_cleanup_findings_ struct findings findings = {};
	uint32_t i;
	int error = pin_lock_meter(meter->lock, fault);

	if (error)
		return error;
	error = meter_load_sources(meter, fault);
	if (!error)
		error = judge_meter(meter, &judgements, fault);
	for (i = 0; i < meter->meta.sources && !error; i++)
		if (source_used(&meter->sources[i]))
			error = check_source(meter, i, &judgements[i], &findings, fault);
	pin_unlock_meter(meter->lock);
	if (error)
		return error;
	*ret = findings;
	findings = (struct findings){};
	return 0;
}
