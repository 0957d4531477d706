// SPDX-License-Identifier: GPL-2.0-or-later
#include "source.h"

#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <netacct/cleanup.h>

/* One ETHTOOL_G* word; 0 where the driver does not know the question. */
static int ask(int fd, const char *interface, uint32_t command, uint32_t *ret)
{
	struct ethtool_value value = {.cmd = command};
	struct ifreq request = {0};

	memcpy(request.ifr_name, interface, strlen(interface));
	request.ifr_data = (char *)&value;
	if (ioctl(fd, SIOCETHTOOL, &request) < 0) {
		if (errno != EOPNOTSUPP && errno != EINVAL)
			return -errno;
		value.data = 0;
	}
	*ret = value.data;
	return 0;
}

int link_offloads(const char *interface, struct link_offloads *ret)
{
	static const uint32_t commands[] = {ETHTOOL_GFLAGS, ETHTOOL_GTSO, ETHTOOL_GGSO,
					    ETHTOOL_GGRO};
	_cleanup_close_ int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	uint32_t answers[ARRAY_SIZE(commands)];
	int rc;

	if (fd < 0)
		return -errno;
	if (strlen(interface) >= IFNAMSIZ)
		return -ENODEV;
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
		rc = ask(fd, interface, commands[i], &answers[i]);
		if (rc < 0)
			return rc;
	}
	ret->vlan_rx = answers[0] & ETH_FLAG_RXVLAN;
	ret->lro = answers[0] & ETH_FLAG_LRO;
	ret->tso = answers[1];
	ret->gso = answers[2];
	ret->gro = answers[3];
	return 0;
}
