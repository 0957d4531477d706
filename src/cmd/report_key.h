/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What rows are added up by. */
#ifndef NETACCT_REPORT_KEY_H
#define NETACCT_REPORT_KEY_H

#include "../history/history.h"

enum report_key {
	REPORT_BY_SOURCE,
	REPORT_BY_HOST, /* the local address */
	REPORT_BY_REMOTE,
	REPORT_BY_PREFIX, /* the local address's network */
	REPORT_BY_PROTOCOL,
	REPORT_BY_PORT, /* the lower of both, with its protocol */
	REPORT_BY_NOTHING,
};

struct report_by {
	enum report_key key;
	bool given; /* on the command line */
	unsigned int length; /* of a prefix: up to 32 of IPv4 addresses, beyond of IPv6 ones */
};

/* "source", "host", "prefix/24", …; -EINVAL with a sentence in why. As option_row.parse. */
int report_by_parse(const char *text, void *field, char why[static 256]);
const char *report_by_name(const struct report_by *by);

/* Can rows of that kind be added up so? */
bool report_by_covers(const struct report_by *by, enum na_key_kind kind);

/* What a group is of. */
enum report_group_kind { REPORT_GROUP, REPORT_OTHER, REPORT_REST };

/*
 * A group in a bin, in the form of a key, so that a record table can add up
 * by it: local (address), local_port, what (protocol, NA_WHAT_IPV4) as in a
 * flow; what a flow has no place for lies in `remote`.
 */
enum { REPORT_KEY_START, REPORT_KEY_LENGTH, REPORT_KEY_SOURCE, REPORT_KEY_KIND };
struct na_key report_key(const struct report_by *by, const struct history_row *row);

#define REPORT_KEY_TEXT 64
/* "10.0.0.1", "10.0.0.0/24", "TCP"; of by source or nothing "". */
void report_key_text(const struct report_by *by, const struct na_key *key,
		     char text[static REPORT_KEY_TEXT]);

/* How many bits of its address a group has in common. */
unsigned int report_key_length(const struct report_by *by, bool ipv4);

#endif
