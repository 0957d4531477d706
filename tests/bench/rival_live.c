// SPDX-License-Identifier: GPL-2.0-or-later
#include "rival_live.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <net/if.h>
#include <netacct/netlink.h>
#include <string.h>
#include <sys/wait.h>

#include "die.h"
#include "process.h"

#define RULES "/run/rules.nft"
#define ATTACH_TCX(side) ((enum bpf_attach_type)(46 + (side))) /* enum bpf_attach_type of 6.6 */
#define PRIORITY 1
#define HANDLE 1

#define NFT_BOTH(counting)                                                                    \
	"table netdev t {\n"                                                                  \
	"set flows { type ipv4_addr . ipv4_addr . inet_proto . inet_service . inet_service\n" \
	"size 131072; flags dynamic; counter; }\n"                                            \
	"chain in { type filter hook ingress device v1 priority 0\n" counting "\n}\n"         \
	"chain eg { type filter hook egress device v0 priority 0\n" counting "\n}\n}\n"
#define NFT_UPDATE "update @flows { ip saddr . ip daddr . ip protocol . th sport . th dport }"
/* a rule that asks for the state is what brings conntrack into a namespace */
#define NFT_CONNTRACK                                                       \
	"table ip t {\nchain in { type filter hook prerouting priority 0\n" \
	"ct state invalid counter\n}\n}\n"

const struct rival_live rivals_live[] = {
	{"nothing attached, the difference", false, false, NULL, NULL},
	{"empty programs, clsact", false, false, "clsact", NULL},
	{"empty programs, tcx", false, false, "tcx", NULL},
	{"netacct, clsact", false, true, "clsact", NULL},
	{"netacct, tcx", false, true, "tcx", NULL},
	{"nft counters", false, false, NULL, NFT_BOTH("counter")},
	{"nft 5-tuple set with counters", false, false, NULL, NFT_BOTH(NFT_UPDATE)},
	{"conntrack with accounting, in only", true, false, NULL, NFT_CONNTRACK},
};
const unsigned int rivals_live_count = ARRAY_SIZE(rivals_live);

static const struct {
	const char *device;
	enum filter_side side;
} ends[] = {{"v0", FILTER_EGRESS}, {"v1", FILTER_INGRESS}};

/* False where its exit status is not 0. */
static bool try(const char *const argv[])
{
	pid_t child = process_start(argv);
	int status;

	if (waitpid(child, &status, 0) < 0)
		die("waitpid: %s", strerror(errno));
	return !status;
}

static bool netacct(const struct rival_place *place, const char *hook)
{
	char program[512];
	const char *const attach[] = {program, "attach", "--key", "flow", "--hook",
				      hook,    "v0",	 "v1",	  NULL};
	const char *const detach[] = {program, "detach", "-q", "v0", "v1", NULL};

	snprintf(program, sizeof(program), "%s/netacct", place->settings->build);
	return try(hook ? attach : detach);
}

static bool tables(const char *rules)
{
	const char *const load[] = {"nft", "-f", RULES, NULL};
	_cleanup_fclose_ FILE *file = fopen(RULES, "we");

	if (!process_known("nft")) {
		fputs("netacct: bench: nft is not installed\n", stderr);
		return false;
	}
	if (!file || fprintf(file, "flush ruleset\n%s", rules) < 0 || fflush(file))
		die("%s: %s", RULES, strerror(errno));
	return try(load);
}

static bool attach_tcx(struct rival_place *place)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(ends); i++) {
		place->links[i] = bpf_link_create(place->empty, (int)if_nametoindex(ends[i].device),
						  ATTACH_TCX(ends[i].side == FILTER_EGRESS), NULL);
		if (place->links[i] < 0) {
			fprintf(stderr, "netacct: bench: no tcx: %s\n", strerror(errno));
			return false;
		}
	}
	return true;
}

static void clsact(const struct rival_place *place, bool attach)
{
	_cleanup_rtnl_ struct rtnl *nl = NULL;
	struct nl_error why = {};
	int error = rtnl_open(&nl, &why);
	size_t i;

	for (i = 0; i < ARRAY_SIZE(ends) && !error; i++) {
		uint32_t index = if_nametoindex(ends[i].device);

		if (!attach) {
			error = clsact_delete(nl, index, &why);
			continue;
		}
		error = clsact_add(nl, index, &why);
		if (!error)
			error = filter_set(nl, index, ends[i].side, PRIORITY, HANDLE, place->empty,
					   "empty", false, &why);
	}
	if (error)
		die("clsact: %s %s", strerror(-error), why.text);
}

bool rival_live_attach(const struct rival_live *rival, struct rival_place *place)
{
	if (rival->judged)
		return netacct(place, rival->hook);
	if (rival->rules)
		return tables(rival->rules);
	if (rival->hook && !strcmp(rival->hook, "tcx"))
		return attach_tcx(place);
	if (rival->hook)
		clsact(place, true);
	return true;
}

void rival_live_detach(const struct rival_live *rival, struct rival_place *place)
{
	size_t i;

	if (rival->judged) {
		if (!netacct(place, NULL))
			die("netacct detach failed");
	} else if (rival->rules) {
		tables("");
	} else if (rival->hook && strcmp(rival->hook, "tcx")) {
		clsact(place, false);
	} else if (rival->hook) {
		for (i = 0; i < ARRAY_SIZE(ends); i++)
			close(place->links[i]);
	}
}
