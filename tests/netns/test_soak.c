// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The soak: a flood both ways through a veth with a meter at each end, one on
 * tcx and one on clsact, while meters are drained, replaced and verified and
 * neighbours come and go on both sides of them. `make soak` runs it.
 *
 * SOAK_PACKETS  how many are sent (default 10 million); the drains go with it
 */
#define _GNU_SOURCE 1
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include <json-c/json.h>

#include <netacct/cleanup.h>

#include "dump.h"
#include "foreign.h"
#include "harness.h"
#include "neighbours.h"
#include "objects.h"
#include "pair.h"
#include "peer.h"
#include "tool.h"
#include "usage.h"
#include "world.h"

#define PACKETS 10000000
#define DRAINS 200
#define FLOWS 500
#define THREADS 2
#define REPLACE_MS 1000
#define VERIFIED 5 /* once in so many replaces */
#define WARM 10 /* drains after which memory must stay flat */

/* One end of the veth, and its meter. */
struct end {
	const char *ns, *name, *id;
	struct peer peer; /* counts what arrives, before the meter does */
	struct ledger sent, drained;
	uint64_t generation;
};

struct soak {
	uint64_t packets;
	unsigned int least; /* drains */
	struct end ends[2];
	struct flood floods[2]; /* sent from there */
	struct neighbours neighbours;
	struct objects before;
	struct usage warm;
	unsigned int filters[2];
	unsigned int drains, during, replaces, verified;
	uint64_t next_replace, started;
};

static uint64_t wanted_packets(void)
{
	const char *text = getenv("SOAK_PACKETS");
	uint64_t packets = text && *text ? strtoull(text, NULL, 10) : scaled(PACKETS);

	CHECK(packets >= 1000, "SOAK_PACKETS: a number of at least 1000 is wanted");
	return packets;
}

static void soak_prepare(struct soak *soak)
{
	soak->packets = wanted_packets();
	soak->least = (unsigned int)(soak->packets * DRAINS / PACKETS);
	soak->ends[0] = (struct end){.ns = "left", .name = "v0", .id = "left--v0"};
	soak->ends[1] = (struct end){.ns = "right", .name = "v1", .id = PAIR_ID};
	for (size_t i = 0; i < ARRAY_SIZE(soak->ends); i++) {
		soak->floods[i] = (struct flood){
			.ns = soak->ends[i].ns,
			.name = soak->ends[i].name,
			.packet = {.family = AF_INET,
				   .source = i ? "10.1.0.0" : "10.3.0.0",
				   .destination = "10.2.0.1",
				   .protocol = IPPROTO_UDP,
				   .source_port = 4000,
				   .destination_port = 53,
				   .payload = 20},
			.flows = FLOWS,
			.packets = soak->packets / ARRAY_SIZE(soak->ends),
			.threads = THREADS,
			.sent = &soak->ends[i].sent,
		};
		peer_attach(&soak->ends[i].peer, soak->ends[i].ns, soak->ends[i].name);
	}
	neighbours_settle(&soak->neighbours);
}

static void soak_start(struct soak *soak)
{
	objects_read(&soak->before);
	netacct("attach", "--key", "flow", "--max-flows", "4096", "--hook",
		soak->neighbours.tcx ? "tcx" : "clsact", "left/v0");
	netacct("attach", "--key", "flow", "--max-flows", "4096", "--hook", "clsact", PAIR_SOURCE);
	for (size_t i = 0; i < ARRAY_SIZE(soak->ends); i++)
		soak->filters[i] = filters_there(soak->ends[i].ns, soak->ends[i].name);
	soak->started = now_ms();
	soak->next_replace = soak->started;
	for (size_t i = 0; i < ARRAY_SIZE(soak->floods); i++)
		flood_start(&soak->floods[i]);
	neighbours_start(&soak->neighbours);
}

static bool flows_still(const struct soak *soak)
{
	return flood_running(&soak->floods[0]) || flood_running(&soak->floods[1]);
}

/* Drains both meters and adds what was printed. */
static void drain(struct soak *soak)
{
	_cleanup_dump_ struct dump dump = {0};

	dump_run(&dump, ARGUMENTS("drain", "-j"));
	for (size_t i = 0; i < ARRAY_SIZE(soak->ends); i++) {
		struct end *end = &soak->ends[i];
		struct json_object *source = dump_source(&dump, end->id);
		uint64_t generation = json_number(source, "metadata.generation");
		_cleanup_ledger_ struct ledger part = {0};

		CHECK(!soak->drains || generation == end->generation + 1,
		      "%s: generation %llu follows %llu", end->id, (unsigned long long)generation,
		      (unsigned long long)end->generation);
		end->generation = generation;
		json_flows(source, &part);
		ledger_merge(&end->drained, &part);
	}
	soak->drains++;
	soak->during += flows_still(soak);
}

/*
 * What a full veth drops on its way out was seen by the hook, and the
 * interface does not count it as sent: only then may the two disagree.
 */
static void judge_check(struct json_object *check, const struct end *end)
{
	struct world_counters counters;

	if (strcmp(json_text(check, "state"), "wrong") != 0)
		return;
	world_counters(end->ns, end->name, &counters);
	CHECK(!strcmp(json_text(check, "check"), "interface") && counters.tx_dropped &&
		      strstr(json_text(check, "text"), "tx "),
	      "verify: %s: %s: %s", end->id, json_text(check, "check"), json_text(check, "text"));
}

static void verify(struct soak *soak)
{
	_cleanup_run_ struct run run = {0};
	_cleanup_dump_ struct dump dump = {0};

	tool_run(&run, ARGUMENTS("verify", "-j"));
	CHECK(run.status == 0 || run.status == 3, "verify: exit status %d: %s", run.status,
	      run.err);
	dump_parse(&dump, run.out);
	for (size_t i = 0; i < ARRAY_SIZE(soak->ends); i++) {
		struct json_object *checks =
			json_at(dump_source(&dump, soak->ends[i].id), "checks");

		for (size_t j = 0; j < json_object_array_length(checks); j++)
			judge_check(json_object_array_get_idx(checks, j), &soak->ends[i]);
	}
	soak->verified++;
}

/* A drain, and at its side, when it is time, new programs for both meters. */
static void step(struct soak *soak)
{
	bool due = now_ms() >= soak->next_replace;
	_cleanup_run_ struct run run = {0};
	struct tool replace;

	if (due)
		tool_start(&replace, ARGUMENTS("attach", "--replace", "left/v0", PAIR_SOURCE));
	drain(soak);
	if (soak->drains == WARM)
		soak->warm = usage_now(&soak->before);
	if (!due)
		return;
	tool_finish(&replace, &run);
	CHECK(!run.status, "attach --replace: exit status %d: %s", run.status, run.err);
	soak->next_replace += REPLACE_MS;
	if (++soak->replaces % VERIFIED == 0)
		verify(soak);
}

/* Handed out and still there is what the sender sent and what the oracle saw come, flow by flow. */
static void expect_books(struct end *end)
{
	_cleanup_ledger_ struct ledger arrived = {0}, rest = {0};
	struct ledger_count handed_out = ledger_sum(&end->drained);

	context("%s", end->id);
	peer_read(&end->peer, LEDGER_RX, &arrived);
	ledger_merge(&end->sent, &arrived);
	meter_settle(end->id, &end->sent, &rest);
	expect_count("seen", &end->sent.seen, &rest.seen);
	expect_count("handed_out", &handed_out, &rest.handed_out);
	expect_balance(&rest);
	ledger_merge(&end->drained, &rest);
	expect_flows(&end->sent, &end->drained);
	context("%s", "");
}

/* What others on this machine need is not ours to judge: the harness looks for what is left. */
static struct usage expect_flat(const struct soak *soak)
{
	struct usage now = usage_now(&soak->before);

	expect_number("pins", soak->warm.pins, now.pins);
	CHECK(now.pinned <= soak->warm.pinned + soak->warm.pinned / 10,
	      "memory of the meters: %llu bytes at first, then %llu",
	      (unsigned long long)soak->warm.pinned, (unsigned long long)now.pinned);
	CHECK(now.tool_kb <= soak->warm.tool_kb + soak->warm.tool_kb / 4,
	      "largest process: %llu kB at first, then %llu kB",
	      (unsigned long long)soak->warm.tool_kb, (unsigned long long)now.tool_kb);
	expect_number("filters of the left end", soak->filters[0], filters_there("left", "v0"));
	expect_number("filters of the right end", soak->filters[1], filters_there("right", "v1"));
	return now;
}

static void report(const struct soak *soak, uint64_t took_ms, const struct usage *end)
{
	remark("%llu packets from %d CPUs in %llu.%llu s, %u drains (%u under the flood), "
	       "%u replaces, verified %u times, neighbours came and went %u times",
	       (unsigned long long)soak->packets, THREADS, (unsigned long long)took_ms / 1000,
	       (unsigned long long)took_ms % 1000 / 100, soak->drains, soak->during, soak->replaces,
	       soak->verified, soak->neighbours.visits);
	remark("pins %u, then %u, of %llu and %llu bytes; largest process %llu kB, then %llu kB",
	       soak->warm.pins, end->pins, (unsigned long long)soak->warm.pinned,
	       (unsigned long long)end->pinned, (unsigned long long)soak->warm.tool_kb,
	       (unsigned long long)end->tool_kb);
	remark("of all on this machine: BPF objects %zu, then %zu; memory of the kernel %llu kB, "
	       "then %llu kB",
	       soak->warm.objects, end->objects, (unsigned long long)soak->warm.kernel_kb,
	       (unsigned long long)end->kernel_kb);
}

static void soak_close(struct soak *soak)
{
	netacct("detach", "--all", "-q");
	for (size_t i = 0; i < ARRAY_SIZE(soak->ends); i++) {
		peer_detach(&soak->ends[i].peer);
		ledger_clear(&soak->ends[i].sent);
		ledger_clear(&soak->ends[i].drained);
	}
	neighbours_close(&soak->neighbours);
	objects_clear(&soak->before);
}

TEST_ON_DEMAND(soak, books_balance)
{
	struct soak soak = {0};
	_cleanup_pair_ struct pair pair;
	struct usage end;
	uint64_t took;

	pair_make(&pair, 0);
	soak_prepare(&soak);
	soak_start(&soak);
	while (soak.drains < soak.least || soak.drains < 2 * WARM || flows_still(&soak))
		step(&soak);
	took = now_ms() - soak.started;
	flood_wait(&soak.floods[0]);
	flood_wait(&soak.floods[1]);
	neighbours_leave(&soak.neighbours);
	sleep_ms(200);
	for (size_t i = 0; i < ARRAY_SIZE(soak.ends); i++)
		expect_books(&soak.ends[i]);
	verify(&soak);
	end = expect_flat(&soak);
	report(&soak, took, &end);
	soak_close(&soak);
}
