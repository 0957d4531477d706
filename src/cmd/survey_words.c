/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <arpa/inet.h>
#include <stdio.h>

#include "survey_output.h"

const char *survey_xdp_mode(const struct survey_interface *interface)
{
	static const char *const words[] = {
		[SURVEY_XDP_NONE] = "none",
		[SURVEY_XDP_NATIVE] = "native",
		[SURVEY_XDP_GENERIC] = "generic",
		[SURVEY_XDP_OFFLOAD] = "offload",
	};

	return words[interface->xdp_mode];
}

const char *survey_meter_state(enum survey_meter_state state)
{
	static const char *const words[] = {
		[SURVEY_COUNTING] = "counting",
		[SURVEY_BEHIND] = "at risk",
		[SURVEY_STARVED] = "starved",
		[SURVEY_BROKEN] = "broken",
	};

	return words[state];
}

const char *survey_sight(enum survey_sight sight)
{
	static const char *const words[] = {
		[SIGHT_METERS] = "meters of netacct",
		[SIGHT_TCX] = "tcx programs",
		[SIGHT_PROGRAMS] = "names of programs",
	};

	return words[sight];
}

const char *survey_side(enum filter_side side)
{
	return side == FILTER_INGRESS ? "ingress" : "egress";
}

void survey_address(const struct address *address, char text[static SURVEY_ADDRESS])
{
	char bytes[INET6_ADDRSTRLEN] = "";

	inet_ntop(address->family, address->bytes, bytes, sizeof(bytes));
	snprintf(text, SURVEY_ADDRESS, "%s/%u", bytes, address->prefixlen);
}

void survey_hardware(const struct link *link, char text[static SURVEY_HARDWARE])
{
	size_t used = 0;

	text[0] = '\0';
	for (size_t i = 0; i < link->address_len && i < sizeof(link->address); i++)
		used += (size_t)snprintf(text + used, SURVEY_HARDWARE - used, "%s%02x",
					 i ? ":" : "", link->address[i]);
}
