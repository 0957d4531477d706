// SPDX-License-Identifier: GPL-2.0-or-later
#include "subject.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <string.h>

#include "die.h"

uint32_t situation_room(const struct situation *situation)
{
	return situation->flows > 65536 ? situation->flows : 65536;
}

uint32_t situation_records(const struct situation *situation)
{
	return 2 * situation_room(situation);
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
	size_t i = 0;

	snprintf(object, sizeof(object), "%s/tests/rivals.bpf.o", settings->build);
	while (subject_open_rival(object, situation, i, add(subjects, count)))
		i++;
	(*count)--;
}

/* But for a number that it has been given. */
static bool is_twin(const char *name, const char *other)
{
	size_t length = strlen(other);

	return !strncmp(name, other, length) && (!name[length] || name[length] == '#');
}

/* Builds of one file: each its own name. */
static void rename_twin(const struct subject *subjects, uint32_t count, struct subject *last)
{
	char name[SUBJECT_NAME];
	uint32_t i, before = 0;

	for (i = 0; i < count; i++)
		before += is_twin(subjects[i].name, last->name);
	memcpy(name, last->name, sizeof(name));
	if (before)
		snprintf(last->name, sizeof(last->name), "%.56s#%u", name, before + 1);
}

static void add_peers(const struct settings *settings, const struct situation *situation,
		      struct subject *subjects, uint32_t *count)
{
	_cleanup_free_ char *peers = strdup(settings->peers);
	char *peer, *rest = NULL;

	if (!peers)
		die("no memory");
	for (peer = strtok_r(peers, " ", &rest); peer; peer = strtok_r(NULL, " ", &rest))
		if (subject_open_peer(peer, situation, add(subjects, count)))
			rename_twin(subjects, *count - 1, &subjects[*count - 1]);
		else
			(*count)--;
}

uint32_t subjects_open(const struct settings *settings, const struct situation *situation,
		       const struct generator *generator, struct subject subjects[SUBJECTS_MAX])
{
	struct subject *empty;
	uint32_t count = 0;

	empty = add(subjects, &count);
	snprintf(empty->name, sizeof(empty->name), "EMPTY");
	empty->program = generator->empty;
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
