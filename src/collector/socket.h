/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The collector's socket: who may open it (0660, root and group netacct) gets
 * `dump` and `report` answered. Each request has a process of its own that ends
 * within a minute; nothing that a client does or leaves undone holds the collector up.
 */
#ifndef NETACCT_SOCKET_H
#define NETACCT_SOCKET_H

#include <stdbool.h>
#include <sys/types.h>

#include "signals.h"
#include "voice.h"

#define SERVER_CLIENTS 8 /* at once; others wait in the backlog */
#define SERVER_REQUEST 10 /* seconds in which a request must have come */
#define SERVER_ANSWER 30 /* seconds that an answer may take, and of CPU */

struct server_host {
	const struct voice *voice;
	const struct signals *signals;
	const char *history; /* path */
	int (*answer)(int argc, char **argv, const char *history); /* of collector_options */
};

struct server {
	int fd; /* -1: none */
	char *path; /* owned */
	dev_t device;
	ino_t inode;
	pid_t children[SERVER_CLIENTS]; /* 0: free */
};

#define SERVER_NONE ((struct server){.fd = -1})

/*
 * Makes the folder (0755) where it is not there, and takes the place of a
 * socket that nobody listens on. -EADDRINUSE where somebody does, -EEXIST where
 * something else is in the way, or the errno of the call.
 */
int server_open(struct server *server, const char *path);
/* Removes the socket where it is still ours, and ends the children. */
void server_close(struct server *server);

/* The descriptor to poll, -1 where none can be taken now. */
int server_descriptor(const struct server *server);
/* Somebody connected: a child answers. */
void server_accept(struct server *server, const struct server_host *host);
/* Was it one of these children? */
bool server_reaped(struct server *server, pid_t pid);

/* In the child: reads the request from `fd`, answers it, returns the child's exit status. */
int server_answer(int fd, const struct server_host *host);

#endif
