// SPDX-License-Identifier: GPL-2.0-or-later
/* A request and its answer: an acknowledgement, one object, or a dump. */
#include "private.h"

#include <string.h>

#define DUMP_TRIES 16

struct answer {
	const struct reader *reader; /* NULL: only the verdict counts */
	char *items;
	size_t count;
	size_t room;
	int error; /* the first one of the reader */
	bool torn; /* the list changed during the dump, or a piece was lost */
};

static void answer_free(struct answer *answer)
{
	free(answer->items);
}

static int answer_grow(struct answer *answer)
{
	size_t room = answer->room ? answer->room * 2 : 16;
	char *items;

	if (answer->count < answer->room)
		return 0;
	items = reallocarray(answer->items, room, answer->reader->size);
	if (!items)
		return -ENOMEM;
	answer->items = items;
	answer->room = room;
	return 0;
}

static int answer_add(struct answer *answer, const struct nlmsghdr *message)
{
	const struct reader *reader = answer->reader;
	char *item;
	int r = answer_grow(answer);

	if (r < 0)
		return r;
	item = answer->items + answer->count * reader->size;
	memset(item, 0, reader->size);
	r = reader->parse(message, item, reader->context);
	if (r > 0)
		answer->count++;
	return r;
}

/* 1: the answer ends with this message; 0: it goes on; or a negative errno that ends it. */
static int answer_message(struct answer *answer, const struct nlmsghdr *message,
			  struct nl_error *err)
{
	int r;

	if (message->nlmsg_flags & NLM_F_DUMP_INTR)
		answer->torn = true;
	switch (message->nlmsg_type) {
	case NLMSG_ERROR:
	case NLMSG_DONE:
		r = extack_parse(message, err);
		return r < 0 ? r : 1;
	case NLMSG_NOOP:
		return 0;
	case NLMSG_OVERRUN:
		answer->torn = true;
		return 0;
	default:
		break;
	}
	/* After an error the rest is still read: the next dump must find the socket free. */
	if (!answer->reader || answer->error)
		return 0;
	r = answer_add(answer, message);
	if (r < 0)
		answer->error = r;
	return 0;
}

/* As answer_message(); *deadline moves on where there was a message of this answer. */
static int answer_datagram(struct answer *answer, struct rtnl *nl, size_t length, uint32_t sequence,
			   int64_t *deadline, struct nl_error *err)
{
	struct nlmsghdr *message = nl->buffer;
	int left = (int)length;

	for (; nlmsg_ok(message, left); message = nlmsg_next(message, &left)) {
		int r;

		trace_received(message);
		if (message->nlmsg_seq != sequence)
			continue;
		*deadline = rtnl_now() + nl->timeout;
		r = answer_message(answer, message, err);
		if (r)
			return r;
	}
	return 0;
}

static int answer_read(struct answer *answer, struct rtnl *nl, uint32_t sequence,
		       struct nl_error *err)
{
	int64_t deadline = rtnl_now() + nl->timeout;

	for (;;) {
		size_t length;
		int r = rtnl_receive(nl, deadline, &length);

		if (r == -ENOBUFS) {
			answer->torn = true;
			continue;
		}
		if (r < 0) {
			/*
			 * What was not read would be in the way of the next answer: the
			 * kernel gives a socket one dump at a time.
			 */
			(void)rtnl_reopen(nl);
			return r;
		}
		r = answer_datagram(answer, nl, length, sequence, &deadline, err);
		if (r)
			return r < 0 ? r : answer->error;
	}
}

static int exchange(struct rtnl *nl, struct nl_msg *request, struct answer *answer,
		    struct nl_error *err)
{
	uint32_t sequence;
	int r;

	err->text[0] = '\0';
	answer->count = 0;
	answer->error = 0;
	answer->torn = false;
	r = rtnl_send(nl, request, &sequence);
	trace_sent(nlmsg_hdr(request), r);
	if (r < 0)
		return r;
	return answer_read(answer, nl, sequence, err);
}

int rtnl_request(struct rtnl *nl, struct nl_msg *request, struct nl_error *err)
{
	struct answer answer = {0};

	return exchange(nl, request, &answer, err);
}

int rtnl_query(struct rtnl *nl, struct nl_msg *request, const struct reader *reader, void **ret,
	       size_t *ret_count, struct nl_error *err)
{
	CLEANUP(answer_free) struct answer answer = {.reader = reader};
	int tries, r;

	for (tries = 0; tries < DUMP_TRIES; tries++) {
		r = exchange(nl, request, &answer, err);
		if (r < 0)
			return r;
		if (answer.torn)
			continue;
		*ret_count = answer.count;
		*ret = NULL;
		if (answer.count > 0)
			*ret = TAKE_PTR(answer.items);
		return 0;
	}
	return -EAGAIN;
}
