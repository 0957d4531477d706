/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Network namespaces: found by name (/run/netns), by process and by bind
 * mount (nsfs in /proc/self/mountinfo), one entry each however many names one
 * has. Identity is device, inode and, from 5.14 on, SO_NETNS_COOKIE; an inode
 * number alone is used again by the kernel.
 *
 * Functions return 0 or a negative errno and never print.
 */
#ifndef NETACCT_NETNS_H
#define NETACCT_NETNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct netns {
	int fd; /* owned; -1: it could not be opened */
	int error; /* negative errno of opening or entering it, else 0; see netns_list() */
	uint64_t device, inode;
	uint64_t cookie; /* 0: the kernel has none */
	bool own; /* the caller's: the one this thread is in */
	char name[256]; /* its first name under /run/netns by strcmp(), "" where it has none */
	char *path; /* owned; through which it was found */
};

/*
 * "Own" is where the calling thread stands: netacct calls everything here but
 * netns_leave() from the namespace it was started in, so never between
 * netns_enter() and netns_leave().
 */

/* Closes and frees what it owns. */
void netns_close(struct netns *ns);
/* Leaves nothing that netns_close() would have to do. */
struct netns netns_take(struct netns *ns);
/* Of one that is open, with a descriptor of its own. -errno. */
int netns_copy(const struct netns *ns, struct netns *ret);
static inline void cleanup_netns(struct netns *ns)
{
	netns_close(ns); /* initialise with fd = -1 */
}
#define _cleanup_netns_ __attribute__((cleanup(cleanup_netns)))

/*
 * One namespace; netns_close() it. What may be opened but not entered (-EPERM
 * in ret->error, no cookie) is opened all the same, with a return of 0.
 * The name of the own one is "" even where /run/netns has one for it.
 */
int netns_open_own(struct netns *ret);
/*
 * /run/netns/NAME (or /var/run/netns/NAME, where that is another directory);
 * -ENOENT, -EINVAL where the name has a slash or the file is no namespace.
 */
int netns_open_name(const char *name, struct netns *ret);
int netns_open_pid(int pid, struct netns *ret); /* -ESRCH */
/* -EINVAL where the file is no network namespace, else the errno of open(). */
int netns_open_path(const char *path, struct netns *ret);
/* By identity, through everything netns_list() finds; -ENOENT. cookie 0: not compared. */
int netns_open_identity(uint64_t device, uint64_t inode, uint64_t cookie, struct netns *ret);

/*
 * Every namespace that can be found: the own one first, then those with a
 * name by name, then the others by inode. What cannot be opened is in the
 * list too, with its error: -EINVAL for a file in /run/netns that a crash
 * left, -ENOENT for a mount that another one hides, and, where processes may
 * not be looked into (-EACCES, without root), one entry with inode 0 for all
 * of them. A process that vanishes meanwhile is none.
 *
 * Needs a descriptor for each namespace; -EMFILE in the entries that got none.
 * Release with netns_list_free().
 */
int netns_list(struct netns **ret, size_t *ret_count);
/* The order of the list. */
int netns_compare(const struct netns *a, const struct netns *b);
/*
 * The same without going into them: no cookies, and the errors only of
 * opening, for whoever goes there anyway.
 */
int netns_list_outside(struct netns **ret, size_t *ret_count);
void netns_list_free(struct netns *list, size_t count);

/*
 * The same, each as soon as it is found, the own one first, the others in any
 * order. `ns` is the function's to take or to close.
 * The function returns 0, or -ENOMEM, which ends the search.
 */
typedef int netns_found(void *context, struct netns *ns);
int netns_find(netns_found *found, void *context);

/*
 * Moves the calling thread in (setns, CLONE_NEWNET only, so that bpffs stays
 * in sight) and gives back a descriptor of where it was, for netns_leave().
 * -EPERM, and nothing moved, also where the way in is open but the way back
 * is not. Sockets made inside stay inside: enter, open, leave.
 */
int netns_enter(const struct netns *ns, int *ret_previous);
/* Goes back and closes `previous` in any case; -errno leaves the thread inside. */
int netns_leave(int previous);

/*
 * Through one namespace after the other, without coming back in between. A
 * tour is the calling thread's; start with NETNS_TOUR_NONE.
 */
struct netns_tour {
	int home; /* owned; -1: the thread has not left */
	int error; /* of the way back, tried before the first step */
};
#define NETNS_TOUR_NONE ((struct netns_tour){.home = -1})

/* On into ns; where that fails (as netns_enter()) the thread stays where it was. */
int netns_tour_go(struct netns_tour *tour, const struct netns *ns);
/* Home; nothing where the thread never left. -errno leaves it where it is. */
int netns_tour_end(struct netns_tour *tour);

/* "blue", else "net-INODE"; for the caller's own "host". */
void netns_label(const struct netns *ns, char label[static 300]);

#endif
