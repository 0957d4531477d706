// SPDX-License-Identifier: GPL-2.0-or-later
#include "source.h"

#include <errno.h>
#include <linux/if_arp.h>
#include <linux/if_ether.h>

#include <netacct/cleanup.h>

static const struct {
	uint16_t arphrd;
	uint16_t length;
} headers[] = {
	{ARPHRD_ETHER, ETH_HLEN}, {ARPHRD_LOOPBACK, ETH_HLEN},
	{ARPHRD_NONE, 0}, /* tun, wireguard, xfrm */
	{ARPHRD_TUNNEL, 0}, /* ipip, vti */
	{ARPHRD_TUNNEL6, 0},	  {ARPHRD_SIT, 0},
	{ARPHRD_IPGRE, 0},	  {ARPHRD_IP6GRE, 0},
	{ARPHRD_PPP, 0}, /* the driver adds its header behind tc */
	{ARPHRD_SLIP, 0},	  {ARPHRD_CSLIP, 0},
	{ARPHRD_SLIP6, 0},	  {ARPHRD_CSLIP6, 0},
	{ARPHRD_RAWIP, 0}, /* mobile modems */
};

int link_header_length(uint16_t arphrd)
{
	for (size_t i = 0; i < ARRAY_SIZE(headers); i++) {
		if (headers[i].arphrd == arphrd)
			return headers[i].length;
	}
	return -EOPNOTSUPP;
}
