/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "about.h"

#include <netacct/abi.h>
#include <stdio.h>

#include "../meter/program.h"
#include "privilege.h"

#if __has_include("version.h")
#include "version.h" /* made by the build */
#endif

#ifndef NETACCT_VERSION
#define NETACCT_VERSION "unknown"
#endif
#ifndef NETACCT_COMMIT
#define NETACCT_COMMIT "unknown"
#endif
#ifndef NETACCT_FEATURES
#define NETACCT_FEATURES "tc xdp group whitelist"
#endif
#ifdef HAVE_SQLITE3
#define FEATURE_COLLECTOR " collector"
#else
#define FEATURE_COLLECTOR ""
#endif
#ifdef HAVE_LIBMAXMINDDB
#define FEATURE_GEOIP " geoip"
#else
#define FEATURE_GEOIP ""
#endif

void about_version(void)
{
	unsigned int major, minor;

	program_library_version(&major, &minor);
	printf("netacct %s (commit %s), ABI %d, libbpf %u.%u, features: %s%s\n", NETACCT_VERSION,
	       NETACCT_COMMIT, NETACCT_ABI, major, minor,
	       NETACCT_FEATURES FEATURE_COLLECTOR FEATURE_GEOIP,
	       privilege_can_drop() ? " libcap" : "; without libcap no capability is dropped");
}
