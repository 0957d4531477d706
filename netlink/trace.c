// SPDX-License-Identifier: GPL-2.0-or-later
/* Each message in a line, for whoever wants to see them. */
#include "private.h"

#include <string.h>

#define LINE_SIZE 256

/* The one exception to "no globals": one listener, set before anything is sent. */
static rtnl_trace_function listener;

static const struct {
	uint16_t type;
	const char *name;
} types[] = {
	{NLMSG_NOOP, "NLMSG_NOOP"},	    {NLMSG_ERROR, "NLMSG_ERROR"},
	{NLMSG_DONE, "NLMSG_DONE"},	    {NLMSG_OVERRUN, "NLMSG_OVERRUN"},
	{RTM_NEWLINK, "RTM_NEWLINK"},	    {RTM_GETLINK, "RTM_GETLINK"},
	{RTM_SETLINK, "RTM_SETLINK"},	    {RTM_NEWADDR, "RTM_NEWADDR"},
	{RTM_GETADDR, "RTM_GETADDR"},	    {RTM_NEWROUTE, "RTM_NEWROUTE"},
	{RTM_GETROUTE, "RTM_GETROUTE"},	    {RTM_NEWQDISC, "RTM_NEWQDISC"},
	{RTM_DELQDISC, "RTM_DELQDISC"},	    {RTM_GETQDISC, "RTM_GETQDISC"},
	{RTM_NEWTFILTER, "RTM_NEWTFILTER"}, {RTM_DELTFILTER, "RTM_DELTFILTER"},
	{RTM_GETTFILTER, "RTM_GETTFILTER"},
};

void rtnl_set_trace(rtnl_trace_function function)
{
	listener = function;
}

static void name_type(uint16_t type, char name[static 32])
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(types); i++) {
		if (types[i].type == type) {
			snprintf(name, 32, "%s", types[i].name);
			return;
		}
	}
	snprintf(name, 32, "type %u", type);
}

static void trace(const char *verb, const struct nlmsghdr *message, const int *error)
{
	char line[LINE_SIZE], name[32];
	int used;

	name_type(message->nlmsg_type, name);
	used = snprintf(line, sizeof(line), "%s %s, flags 0x%x, sequence %u, length %u", verb, name,
			message->nlmsg_flags, message->nlmsg_seq, message->nlmsg_len);
	if (error && *error < 0)
		snprintf(line + used, sizeof(line) - (size_t)used, ", error %d (%s)", *error,
			 strerror(-*error));
	else if (error)
		snprintf(line + used, sizeof(line) - (size_t)used, ", error 0");
	listener(line);
}

void trace_sent(const struct nlmsghdr *message, int error)
{
	if (listener)
		trace("sent", message, error < 0 ? &error : NULL);
}

void trace_received(const struct nlmsghdr *message)
{
	struct nl_error words;
	int error;

	if (!listener)
		return;
	if (message->nlmsg_type != NLMSG_ERROR && message->nlmsg_type != NLMSG_DONE) {
		trace("received", message, NULL);
		return;
	}
	error = extack_parse(message, &words);
	trace("received", message, &error);
}
