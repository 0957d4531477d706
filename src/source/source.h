/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where to count: source names as a user writes them (netacct(8), SOURCES),
 * and the interfaces that they mean.
 *
 *	eth0   blue/eth0   pid:4711/eth0   /proc/4711/ns/net/eth0
 *	blue/@default   'veth*'   '*'/eth0   '*'/'*'
 *
 * Functions return 0 or a negative errno, with a sentence in `why` (which
 * names the part of the text that is wrong) where a user is to read it.
 */
#ifndef NETACCT_SOURCE_H
#define NETACCT_SOURCE_H

#include <netacct/netlink.h>
#include "netns.h"

struct source_error {
	char text[512];
};

enum source_place { SOURCE_OWN, SOURCE_NAME, SOURCE_PID, SOURCE_PATH };

/* A source name, taken apart; no kernel asked. */
struct source_name {
	enum source_place place;
	char netns[4096]; /* name, pattern, "pid:N" or path; "" for the own one */
	int pid;
	char interface[256]; /* name, pattern or "@default" */
	bool netns_is_pattern; /* * ? [ in a namespace's name */
	bool interface_is_pattern;
};

/*
 * `netns` is the value of -n/--netns or NULL: `-n NS eth0` is `NS/eth0`, and
 * both at once are -EINVAL. NS may be a name, a pattern of names, pid:N or a
 * path (anything with a slash). A text is split at its last slash. An
 * interface name is 1 to 15 bytes without '/', ':' or white space and not "."
 * or ".." (dev_valid_name() of the kernel). A word with a colon in front, of
 * letters and hyphens, is a kind of source, and any but pid: is -EINVAL; a
 * namespace whose name looks like that is reached by its path.
 *
 * Patterns are those of fnmatch() with FNM_NOESCAPE, for names may hold a
 * backslash: it stands for itself, and [*] is a literal asterisk. An
 * interface called "@default" is reached as '[@]default'.
 */
int source_parse(const char *text, const char *netns, struct source_name *ret,
		 struct source_error *why);

/* An interface that was found, in its namespace. */
struct source {
	struct netns netns; /* owned */
	struct link link;
	char id[304]; /* host--eth0, blue--eth0, net-4026532211--eth0 */
};

struct source_list {
	struct source *sources;
	size_t count;
};

void source_list_clear(struct source_list *list);
#define _cleanup_source_list_ __attribute__((cleanup(source_list_clear)))

/* The one namespace of a name without a pattern of them; netns_close() it. As netns_open_*(). */
int source_open_netns(const struct source_name *name, struct netns *ret);

/*
 * The interfaces a name means, in order of namespace and ifindex. A literal
 * that is not there is -ENODEV or -ENOENT, a pattern that matches nothing
 * -ENOENT. For a pattern of namespaces, one that cannot be entered is passed
 * over (and named in `why` with a return of 0, where `why` is "" otherwise).
 * Patterns see the label of a namespace (netns_label()): "host", its first
 * name, net-INODE. `lo` is matched by patterns only where the pattern spells
 * it out, that is begins with "lo".
 */
int source_resolve(const struct source_name *name, struct source_list *ret,
		   struct source_error *why);

/* The id of an interface in a namespace: netns_label(), "--", the interface. */
void source_id(const struct netns *ns, const char *interface, char id[static 304]);

/*
 * Length of the link-layer header that programs at tc and XDP see, by
 * ARPHRD_*: 14, 0 where the packet begins with IP, or -EOPNOTSUPP.
 */
int link_header_length(uint16_t arphrd);

/*
 * Offloads of an interface of the calling thread's namespace (ETHTOOL_GFLAGS,
 * ETHTOOL_GTSO, ETHTOOL_GGRO, ETHTOOL_GGSO); what the driver cannot tell is false. -ENODEV, -EPERM.
 */
struct link_offloads {
	bool vlan_rx; /* rx-vlan-hw-parse: the tag is gone before XDP */
	bool tso, gso, gro, lro;
};
int link_offloads(const char *interface, struct link_offloads *ret);

#endif
