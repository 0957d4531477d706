/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The whitelist file (JSON, netacct-whitelist in netacct-attach(8)): parsed
 * and validated whole before anything is applied.
 */
#ifndef NETACCT_WHITELIST_H
#define NETACCT_WHITELIST_H

#include <netacct/abi.h>
#include <stdbool.h>
#include <stddef.h>

#define WHITELIST_DEPTH_MAX 32

struct whitelist {
	struct na_prefix *prefixes; /* owned; sorted, duplicates removed */
	size_t count; /* of prefixes */
	size_t listed; /* enabled addresses plus prefixes as written: `count` of the outputs */
	bool auto_reload; /* metadata.auto_reload, true where absent */
	char sample[5][56]; /* the first different ones as text, normalised; "" where fewer */
};

struct whitelist_error {
	char text[512]; /* names group and text of what is wrong; the caller names the file */
};

/*
 * A group may hold "description" (anything), "enabled", "ips" and "cidrs"; it
 * counts where "enabled" is absent, too, and of one that is not enabled only
 * the names and types of these are checked. The "metadata" may be absent, the
 * "whitelist" may not, and an unknown key is an error everywhere.
 *
 * "ips" are addresses, "cidrs" networks with a prefix length and without host
 * bits: 10.0.0.1/8 is an error, for it may be meant narrower than it reads.
 * An IPv4-mapped IPv6 address (RFC 4291, section 2.5.5.2) is the IPv4 one;
 * ::/0 is all of IPv6 and nothing of IPv4.
 *
 * -ENOENT and other errno of open(), -EISDIR, -EFBIG over JSON_FILE_MAX (json_strict.h)
 * (why says what is wrong for these, too), -ENOMEM, and -EINVAL for what is
 * not valid: not JSON (with line and column; see json_strict.h), too deep, a
 * wrong type, an unknown key, an address or prefix that does not parse.
 * Nothing is returned in part. Files and pipes are read, nothing else.
 */
int whitelist_load(const char *path, struct whitelist *ret, struct whitelist_error *why);
int whitelist_parse(const char *text, size_t length, struct whitelist *ret,
		    struct whitelist_error *why);
void whitelist_clear(struct whitelist *whitelist);
#define _cleanup_whitelist_ __attribute__((cleanup(whitelist_clear)))

#endif
