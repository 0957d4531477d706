// SPDX-License-Identifier: GPL-2.0-or-later
#include "settings.h"

#include <errno.h>

#include "bench_abi.h"
#include "die.h"

static const char *text(const char *name, const char *otherwise)
{
	const char *value = getenv(name);

	return value && *value ? value : otherwise;
}

static uint32_t number(const char *name, uint32_t otherwise, uint32_t most)
{
	const char *value = text(name, NULL);
	unsigned long parsed;
	char *end;

	if (!value)
		return otherwise;
	errno = 0;
	parsed = strtoul(value, &end, 10);
	if (errno || *end || !parsed || parsed > most)
		die("%s=%s: a number from 1 to %u belongs there", name, value, most);
	return (uint32_t)parsed;
}

void settings_read(struct settings *ret)
{
	ret->rounds = number("ROUNDS", 15, 1000);
	ret->packets = number("BENCH_PACKETS", 1u << 17, BENCH_STEPS);
	ret->flows = number("BENCH_FLOWS", 1000000, 10000000);
	ret->hosts = number("BENCH_HOSTS", 10000, 1 << 24);
	ret->drains = number("BENCH_DRAINS", 1, 288);
	ret->folder = text("BENCH_FOLDER", "/var/tmp");
	ret->full = text("BENCH_FULL", NULL) != NULL;
	ret->only = text("BENCH_ONLY", "");
	ret->peers = text("BENCH_PEER", "");
	ret->json = text("BENCH_JSON", NULL);
	ret->build = text("BUILD", "build");
}
