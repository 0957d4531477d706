/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _GNU_SOURCE
#include "socket.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <netacct/cleanup.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>

#define BACKLOG 64
#define CLIENT 3 /* its descriptor in the child */

/* Open to the socket's group whatever the umask: it is the socket that keeps others out. */
static int make_folder(const char *path)
{
	_cleanup_free_ char *folder = strdup(path);
	char *slash = folder ? strrchr(folder, '/') : NULL;
	mode_t before;
	int error;

	if (!folder)
		return -ENOMEM;
	if (!slash || slash == folder)
		return 0;
	*slash = '\0';
	before = umask(022);
	error = mkdir(folder, 0755) && errno != EEXIST ? -errno : 0;
	umask(before);
	return error;
}

/* Removes a socket that nobody listens on. */
static int clear_place(const struct sockaddr_un *address)
{
	_cleanup_close_ int fd = -1;
	struct stat status;

	if (lstat(address->sun_path, &status))
		return errno == ENOENT ? 0 : -errno;
	if (!S_ISSOCK(status.st_mode))
		return -EEXIST;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;
	if (!connect(fd, (const struct sockaddr *)address, sizeof(*address)) || errno == EAGAIN)
		return -EADDRINUSE;
	if (errno != ECONNREFUSED)
		return -errno;
	return unlink(address->sun_path) ? -errno : 0;
}

/* The mode is right from the first moment on; the group comes then, where there is one. */
static int bind_place(int fd, const struct sockaddr_un *address)
{
	mode_t before = umask(0117);
	int error = bind(fd, (const struct sockaddr *)address, sizeof(*address)) ? -errno : 0;
	const struct group *group;

	umask(before);
	if (error)
		return error;
	group = getgrnam("netacct");
	if (group && lchown(address->sun_path, 0, group->gr_gid))
		return -errno;
	return listen(fd, BACKLOG) ? -errno : 0;
}

int server_open(struct server *server, const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	_cleanup_close_ int fd = -1;
	struct stat status;
	int error;

	*server = SERVER_NONE;
	if (strlen(path) >= sizeof(address.sun_path))
		return -ENAMETOOLONG;
	memcpy(address.sun_path, path, strlen(path) + 1);
	error = make_folder(path);
	if (!error)
		error = clear_place(&address);
	if (error)
		return error;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;
	error = bind_place(fd, &address);
	if (!error && lstat(path, &status))
		error = -errno;
	if (!error && !(server->path = strdup(path)))
		error = -ENOMEM;
	if (error)
		return error;
	server->device = status.st_dev;
	server->inode = status.st_ino;
	server->fd = TAKE_FD(fd);
	return 0;
}

void server_close(struct server *server)
{
	struct stat status;
	size_t i;

	for (i = 0; i < SERVER_CLIENTS; i++)
		if (server->children[i])
			kill(server->children[i], SIGKILL);
	if (server->path && !lstat(server->path, &status) && status.st_dev == server->device &&
	    status.st_ino == server->inode)
		unlink(server->path);
	cleanup_close(&server->fd);
	free(server->path);
	*server = SERVER_NONE;
}

static pid_t *free_place(struct server *server)
{
	size_t i;

	for (i = 0; i < SERVER_CLIENTS; i++)
		if (!server->children[i])
			return &server->children[i];
	return NULL;
}

int server_descriptor(const struct server *server)
{
	size_t i;

	for (i = 0; i < SERVER_CLIENTS; i++)
		if (!server->children[i])
			return server->fd;
	return -1;
}

/*
 * Nothing of the collector's goes along: neither its holds, which are locks
 * of the open file, nor its database.
 */
__attribute__((noreturn)) static void child(int fd, const struct server_host *host)
{
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) || dup2(fd, CLIENT) != CLIENT ||
	    fcntl(CLIENT, F_SETFD, FD_CLOEXEC) || syscall(SYS_close_range, CLIENT + 1, ~0u, 0))
		_exit(1);
	signals_restore(host->signals);
	/* whoever read the collector's messages may have gone: no reason not to answer */
	(void)signal(SIGPIPE, SIG_IGN);
	_exit(server_answer(CLIENT, host));
}

void server_accept(struct server *server, const struct server_host *host)
{
	pid_t *place = free_place(server);
	struct sockaddr_un peer;
	socklen_t length = sizeof(peer);
	_cleanup_close_ int fd = -1;
	pid_t pid;

	if (!place || server->fd < 0)
		return;
	fd = accept4(server->fd, (struct sockaddr *)&peer, &length, SOCK_CLOEXEC);
	if (fd < 0)
		return;
	pid = fork();
	if (!pid)
		child(fd, host);
	if (pid < 0)
		voice_say(host->voice, VOICE_WARNING, server->path, "cannot answer: %s",
			  strerror(errno));
	else
		*place = pid;
}

bool server_reaped(struct server *server, pid_t pid)
{
	size_t i;

	for (i = 0; i < SERVER_CLIENTS; i++) {
		if (server->children[i] != pid)
			continue;
		server->children[i] = 0;
		return true;
	}
	return false;
}
