/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the parts of netns.h share: one namespace opened, and the three places
 * where namespaces are found. Nobody but netns*.c and its test includes it.
 */
#ifndef NETACCT_NETNS_WALK_H
#define NETACCT_NETNS_WALK_H

#include "netns.h"

#define NETNS_OWN_PATH "/proc/thread-self/ns/net"

struct netns_identity {
	uint64_t device, inode;
};

/*
 * Opens a path and takes its identity; name, own and cookie stay empty.
 * -EINVAL where it is no network namespace, else the errno of open().
 */
int netns_open_file(const char *path, struct netns *ret);

/*
 * Reads the cookie, inside for all but the own one, which comes first on a
 * tour. Where that may not be entered, ns->error says so.
 */
void netns_read_cookie(struct netns_tour *tour, struct netns *ns);

/* A file in one of the directories of names. */
struct netns_file {
	const char *directory;
	char name[256];
};

/* Those in /run/netns, and in /var/run/netns where that is another one, by name; free(). */
int netns_files(struct netns_file **ret, size_t *ret_count);
/* -ENAMETOOLONG, else 0. */
int netns_file_path(const struct netns_file *file, char path[static 4096]);
/* The first name that leads to it; "" where none does. -ENOMEM. */
int netns_first_name(struct netns_identity identity, char name[static 256]);

/* A mounted network namespace, from /proc/PID/mountinfo. */
struct netns_mount {
	struct netns_identity identity;
	char *path; /* into the line, octal escapes decoded */
};

/* Takes a line apart in place; false where it is of something else. */
bool netns_mount_parse(char *line, struct netns_mount *ret);

#endif
