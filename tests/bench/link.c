// SPDX-License-Identifier: GPL-2.0-or-later
#define _GNU_SOURCE
#include "link.h"

#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <netlink/route/link/veth.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "die.h"

void link_sysctl(const char *path, const char *value)
{
	_cleanup_fclose_ FILE *file = NULL;
	char name[256];

	snprintf(name, sizeof(name), "/proc/sys/%s", path);
	file = fopen(name, "we");
	if (file && fputs(value, file) < 0)
		die("%s: %s", name, strerror(errno));
}

unsigned long link_sysctl_read(const char *path)
{
	_cleanup_fclose_ FILE *file = NULL;
	char name[256], text[32] = "";

	snprintf(name, sizeof(name), "/proc/sys/%s", path);
	file = fopen(name, "re");
	if (file && !fgets(text, sizeof(text), file))
		die("%s: %s", name, strerror(errno));
	return strtoul(text, NULL, 10);
}

static void request(const char *name, unsigned long what, const char *word, struct ifreq *ifreq)
{
	_cleanup_close_ int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	snprintf(ifreq->ifr_name, sizeof(ifreq->ifr_name), "%s", name);
	if (fd < 0 || ioctl(fd, what, ifreq))
		die("%s of %s: %s", word, name, strerror(errno));
}

static void bring_up(const char *name)
{
	struct ifreq ifreq = {.ifr_flags = IFF_UP};

	request(name, SIOCSIFFLAGS, "the state", &ifreq);
}

void link_pair(const char *name, const char *peer)
{
	struct nl_sock *socket = nl_socket_alloc();
	int error;

	link_sysctl("net/ipv6/conf/all/disable_ipv6", "1");
	link_sysctl("net/ipv6/conf/default/disable_ipv6", "1");
	if (!socket)
		die("no memory");
	error = nl_connect(socket, NETLINK_ROUTE);
	if (!error)
		error = rtnl_link_veth_add(socket, name, peer, getpid());
	nl_socket_free(socket);
	if (error)
		die("a veth pair %s, %s: %s", name, peer, nl_geterror(error));
	bring_up(name);
	bring_up(peer);
}

void link_address(const char *name, uint32_t address)
{
	const struct sockaddr_in wanted = {.sin_family = AF_INET, .sin_addr = {address}};
	struct ifreq ifreq = {};

	memcpy(&ifreq.ifr_addr, &wanted, sizeof(wanted));
	request(name, SIOCSIFADDR, "the address", &ifreq);
}

void link_hardware(const char *name, uint8_t ret[static 6])
{
	struct ifreq ifreq = {};

	request(name, SIOCGIFHWADDR, "the hardware address", &ifreq);
	memcpy(ret, ifreq.ifr_hwaddr.sa_data, 6);
}
