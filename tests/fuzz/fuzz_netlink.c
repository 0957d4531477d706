// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Messages of rtnetlink, one a run: the first byte says which parser, then
 * the message follows, whose length is made the true one, as the socket has
 * it checked.
 */
#include <stdlib.h>
#include <string.h>

#include "../../netlink/private.h"
#include "fuzz.h"

static const enum filter_side sides[] = {FILTER_INGRESS, FILTER_EGRESS};
static const uint8_t families[] = {AF_INET, AF_INET6};

static const struct {
	uint16_t type;
	struct reader reader;
} parsers[] = {
	{RTM_NEWLINK, {link_parse, NULL, sizeof(struct link)}},
	{RTM_NEWADDR, {address_parse, NULL, sizeof(struct address)}},
	{RTM_NEWQDISC, {qdisc_parse, NULL, sizeof(struct qdisc)}},
	{RTM_NEWTFILTER, {filter_parse, &sides[0], sizeof(struct filter)}},
	{RTM_NEWTFILTER, {filter_parse, &sides[1], sizeof(struct filter)}},
	{RTM_NEWROUTE, {route_parse, &families[0], sizeof(struct route)}},
	{RTM_NEWROUTE, {route_parse, &families[1], sizeof(struct route)}},
};

static void check_link(const struct link *link)
{
	MUST(ifindex_valid(link->ifindex));
	MUST(is_terminated(link->name, sizeof(link->name)));
	MUST(is_terminated(link->kind, sizeof(link->kind)));
	MUST(is_terminated(link->alias, sizeof(link->alias)));
	MUST(link->address_len <= sizeof(link->address));
	MUST(link_operstate(link->operstate));
}

static void check_item(uint16_t type, const void *item, const void *context)
{
	const struct address *address = item;
	const struct filter *filter = item;
	const struct qdisc *qdisc = item;
	const struct route *route = item;

	switch (type) {
	case RTM_NEWLINK:
		check_link(item);
		break;
	case RTM_NEWADDR:
		MUST(address->ifindex);
		MUST(address->family == AF_INET || address->family == AF_INET6);
		break;
	case RTM_NEWQDISC:
		MUST(qdisc->kind == QDISC_CLSACT || qdisc->kind == QDISC_INGRESS);
		break;
	case RTM_NEWTFILTER:
		MUST(filter->side == *(const enum filter_side *)context);
		MUST(is_terminated(filter->kind, sizeof(filter->kind)));
		MUST(is_terminated(filter->name, sizeof(filter->name)));
		break;
	case RTM_NEWROUTE:
		MUST(route->ifindex);
		break;
	}
}

static void run_parser(size_t number, const struct nlmsghdr *message)
{
	const struct reader *reader = &parsers[number].reader;
	void *item = calloc(1, reader->size);
	int found;

	MUST(item);
	found = reader->parse(message, item, reader->context);
	MUST(found <= 1 && found >= -4095);
	MUST(found <= 0 || message->nlmsg_type == parsers[number].type);
	if (found == 1)
		check_item(message->nlmsg_type, item, reader->context);
	free(item);
}

static void run_extack(const struct nlmsghdr *message)
{
	struct nl_error err;
	int verdict;

	memset(&err, 'x', sizeof(err));
	verdict = extack_parse(message, &err);
	MUST(verdict <= 0 && verdict >= -4095);
	MUST(is_terminated(err.text, sizeof(err.text)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input = {data, size};
	size_t number = input_number(&input, 1) % (ARRAY_SIZE(parsers) + 1);
	struct nlmsghdr *message;

	if (input.left < sizeof(*message))
		return 0;
	message = input_rest(&input);
	message->nlmsg_len = (uint32_t)input.left;
	if (number == ARRAY_SIZE(parsers)) {
		message->nlmsg_type = message->nlmsg_type & 1 ? NLMSG_DONE : NLMSG_ERROR;
		run_extack(message);
	} else {
		if (message->nlmsg_type)
			message->nlmsg_type = parsers[number].type;
		run_parser(number, message);
	}
	free(message);
	return 0;
}
