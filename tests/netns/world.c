// SPDX-License-Identifier: GPL-2.0-or-later
#define _GNU_SOURCE 1
#include "world.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/ethtool.h>
#include <linux/if_tun.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <netacct/cleanup.h>

#include "harness.h"

static const char own_netns[] = "/proc/thread-self/ns/net";

static void netns_path(const char *name, char path[static 300])
{
	snprintf(path, 300, "/run/netns/%s", name);
}

void world_netns_add(const char *name)
{
	int previous = open(own_netns, O_RDONLY | O_CLOEXEC);
	_cleanup_close_ int file = -1;
	char path[300];

	netns_path(name, path);
	file = open(path, O_RDONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0444);
	CHECK(file >= 0 && previous >= 0, "namespace %s: %s", name, strerror(errno));
	CHECK(!unshare(CLONE_NEWNET), "unshare: %s", strerror(errno));
	CHECK(!mount(own_netns, path, "none", MS_BIND, NULL), "bind %s: %s", path, strerror(errno));
	world_sysctl(NULL, "net/ipv6/conf/all/disable_ipv6", "1");
	world_sysctl(NULL, "net/ipv6/conf/default/disable_ipv6", "1");
	world_leave(previous);
}

void world_netns_delete(const char *name)
{
	char path[300];

	netns_path(name, path);
	CHECK(!umount2(path, MNT_DETACH) && !unlink(path), "namespace %s: %s", name,
	      strerror(errno));
}

int world_netns_open(const char *name)
{
	char path[300];
	int fd;

	if (name)
		netns_path(name, path);
	fd = open(name ? path : own_netns, O_RDONLY | O_CLOEXEC);
	CHECK(fd >= 0, "namespace %s: %s", name ? name : "of the test", strerror(errno));
	return fd;
}

int world_enter(const char *name)
{
	_cleanup_close_ int fd = -1;
	int previous;

	if (!name)
		return -1;
	previous = open(own_netns, O_RDONLY | O_CLOEXEC);
	fd = world_netns_open(name);
	CHECK(previous >= 0 && !setns(fd, CLONE_NEWNET), "enter %s: %s", name, strerror(errno));
	return previous;
}

void world_leave(int previous)
{
	if (previous < 0)
		return;
	CHECK(!setns(previous, CLONE_NEWNET), "leave a namespace: %s", strerror(errno));
	close(previous);
}

void world_sysctl(const char *ns, const char *path, const char *value)
{
	int previous = world_enter(ns);
	_cleanup_close_ int fd = -1;
	char file[300];

	snprintf(file, sizeof(file), "/proc/sys/%s", path);
	fd = open(file, O_WRONLY | O_CLOEXEC);
	CHECK(fd >= 0 || errno == ENOENT, "%s: %s", file, strerror(errno));
	CHECK(fd < 0 || write(fd, value, strlen(value)) > 0, "%s = %s: %s", file, value,
	      strerror(errno));
	world_leave(previous);
}

/* An ioctl of interfaces, asked inside `ns`. */
static int interface_ioctl(const char *ns, const char *name, unsigned long request,
			   struct ifreq *argument)
{
	int previous = world_enter(ns);
	_cleanup_close_ int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	world_leave(previous);
	CHECK(fd >= 0, "socket: %s", strerror(errno));
	snprintf(argument->ifr_name, sizeof(argument->ifr_name), "%s", name);
	return ioctl(fd, request, argument) ? -errno : 0;
}

unsigned int world_ifindex(const char *ns, const char *name)
{
	struct ifreq argument = {.ifr_ifindex = 0};
	int error = interface_ioctl(ns, name, SIOCGIFINDEX, &argument);

	CHECK(!error, "interface %s: %s", name, strerror(-error));
	return (unsigned int)argument.ifr_ifindex;
}

void world_hardware(const char *ns, const char *name, unsigned char ret[static 6])
{
	struct ifreq argument = {.ifr_ifindex = 0};
	int error = interface_ioctl(ns, name, SIOCGIFHWADDR, &argument);

	CHECK(!error, "hardware address of %s: %s", name, strerror(-error));
	memcpy(ret, argument.ifr_hwaddr.sa_data, 6);
}

void world_offload(const char *ns, const char *name, unsigned int offloads, bool on)
{
	static const struct {
		enum world_offload offload;
		uint32_t command;
		const char *name;
	} switches[] = {
		{OFFLOAD_TX_CHECKSUM, ETHTOOL_STXCSUM, "tx-checksum"},
		{OFFLOAD_TSO, ETHTOOL_STSO, "tso"},
		{OFFLOAD_GSO, ETHTOOL_SGSO, "gso"},
		{OFFLOAD_GRO, ETHTOOL_SGRO, "gro"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(switches); i++) {
		struct ethtool_value value = {switches[i].command, on};
		struct ifreq argument = {.ifr_data = (char *)&value};
		int error;

		if (!(offloads & switches[i].offload))
			continue;
		error = interface_ioctl(ns, name, SIOCETHTOOL, &argument);
		CHECK(!error, "%s of %s: %s", switches[i].name, name, strerror(-error));
	}
}

static int open_tun(void)
{
	int fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC);

	if (fd >= 0)
		return fd;
	if (mknod("/run/tun", S_IFCHR | 0600, makedev(10, 200)) && errno != EEXIST)
		skip("no tun device: %s", strerror(errno));
	fd = open("/run/tun", O_RDWR | O_CLOEXEC);
	if (fd < 0)
		skip("no tun device: %s", strerror(errno));
	return fd;
}

int world_tun(const char *ns, const char *name, int flags)
{
	struct ifreq argument = {.ifr_flags = (short)flags};
	int previous = world_enter(ns);
	int fd = open_tun();

	snprintf(argument.ifr_name, sizeof(argument.ifr_name), "%s", name);
	CHECK(!ioctl(fd, TUNSETIFF, &argument), "tun %s: %s", name, strerror(errno));
	world_leave(previous);
	world_up(ns, name, true);
	return fd;
}
