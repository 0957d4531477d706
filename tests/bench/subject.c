// SPDX-License-Identifier: GPL-2.0-or-later
#include "subject.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <string.h>

#include "die.h"

static const struct {
	const char *program, *name;
} rivals[] = {
	{"rival_percpu", "per-CPU counter"},
	{"rival_hash", "plain HASH"},
	{"rival_usual", "usual A/B hashes"},
};

uint32_t situation_room(const struct situation *situation)
{
	return situation->flows > 65536 ? situation->flows : 65536;
}

void whitelist_entry(const struct situation *situation, uint32_t i, struct na_prefix *ret)
{
	memset(ret, 0, sizeof(*ret));
	if (situation->ipv6) {
		ret->prefixlen = 32 + 128;
		ret->family = htonl(6);
		ret->address[0] = htonl(0x20010db8);
		ret->address[1] = htonl(1);
		ret->address[3] = htonl(i);
	} else {
		ret->prefixlen = 32 + 32;
		ret->family = htonl(4);
		ret->address[0] = htonl(0x0ac80000 + i);
	}
}

static struct subject *add(struct subject *subjects, uint32_t *count)
{
	if (*count == SUBJECTS_MAX)
		die("more than %d programs", SUBJECTS_MAX);
	memset(&subjects[*count], 0, sizeof(*subjects));
	return &subjects[(*count)++];
}

static void add_rivals(const struct settings *settings, const struct situation *situation,
		       struct subject *subjects, uint32_t *count)
{
	char object[512];
	size_t i;

	snprintf(object, sizeof(object), "%s/tests/rivals.bpf.o", settings->build);
	for (i = 0; i < ARRAY_SIZE(rivals); i++)
		subject_open_rival(object, situation, rivals[i].program, rivals[i].name,
				   add(subjects, count));
}

static void add_peers(const struct settings *settings, const struct situation *situation,
		      struct subject *subjects, uint32_t *count)
{
	_cleanup_free_ char *peers = strdup(settings->peers);
	char *peer, *rest = NULL;

	if (!peers)
		die("no memory");
	for (peer = strtok_r(peers, " ", &rest); peer; peer = strtok_r(NULL, " ", &rest))
		subject_open_peer(peer, situation, add(subjects, count));
}

uint32_t subjects_open(const struct settings *settings, const struct situation *situation,
		       const struct generator *generator, struct subject subjects[SUBJECTS_MAX])
{
	struct subject *empty;
	uint32_t count = 0;

	empty = add(subjects, &count);
	snprintf(empty->name, sizeof(empty->name), "EMPTY");
	empty->program = generator->empty;
	if (situation->hook == HOOK_TC)
		add_rivals(settings, situation, subjects, &count);
	subject_open_netacct(situation, add(subjects, &count));
	add_peers(settings, situation, subjects, &count);
	return count;
}

void subject_close(struct subject *subject)
{
	if (subject->kind)
		subject->kind->close(subject->state);
	subject->kind = NULL;
}

static void compare(const struct subject *subject, const char *what, uint64_t counted,
		    uint64_t sent)
{
	if (counted != sent)
		die("%s counted %" PRIu64 " packets in its %s where %" PRIu64 " were sent",
		    subject->name, counted, what, sent);
}

void subject_judge(const struct subject *subject)
{
	if (!subject->kind)
		return;
	if (subject->kind->flows)
		compare(subject, "flows", subject->kind->flows(subject->state),
			subject->since_clear);
	if (subject->kind->totals)
		compare(subject, "totals", subject->kind->totals(subject->state), subject->ever);
}

void subject_clear(struct subject *subject)
{
	if (subject->kind && subject->kind->clear)
		subject->kind->clear(subject->state);
	subject->since_clear = 0;
}
