// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The soak: a flood both ways through a veth with a meter at each end, one on
 * tcx and one on clsact, while meters are drained, replaced and verified and
 * neighbours come and go on both sides of them. `make soak` runs it.
 *
 * SOAK_PACKETS  how many are sent (default 10 million); the drains go with it
 */
#define _GNU_SOURCE 1
#include <linux/pkt_cls.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <json-c/json.h>

#include <netacct/cleanup.h>

#include "dump.h"
#include "foreign.h"
#include "harness.h"
#include "objects.h"
#include "pair.h"
#include "peer.h"
#include "state.h"
#include "tool.h"
#include "world.h"

#define PACKETS 10000000
#define DRAINS 200
#define FLOWS 500
#define THREADS 2
#define REPLACE_MS 1000
#define VERIFIED 5 /* once in so many replaces */
#define WARM 10 /* drains after which memory must stay flat */
#define FRONT 1 /* priorities of the neighbours' filters */
#define GUEST 100 /* there before ours came, which stands before it */
#define BEHIND 60000
#define COME_AND_GO_MS 25
#define FREED_MS 15000

/* One end of the veth, and its meter. */
struct end {
	const char *ns, *name, *id;
	struct peer peer; /* counts what arrives, before the meter does */
	struct ledger sent, drained;
	uint64_t generation;
};

/* Guests that stay, at both ends, and those that come and go in a thread of their own. */
struct neighbours {
	struct foreign front, behind, guest;
	bool tcx, over; /* over: atomic */
	unsigned int visits;
	pthread_t thread;
};

struct memory {
	size_t objects; /* that came since the beginning */
	uint64_t kernel_kb;
	uint64_t tool_kb; /* the largest process so far */
};

struct soak {
	uint64_t packets;
	unsigned int least; /* drains */
	struct end ends[2];
	struct flood floods[2]; /* sent from there */
	struct neighbours neighbours;
	struct objects before;
	struct memory warm;
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

/* What the kernel keeps for itself: what maps and programs are made of is among it. */
static uint64_t kernel_memory(void)
{
	static const char *const fields[] = {"SUnreclaim:", "VmallocUsed:", "Percpu:"};
	_cleanup_fclose_ FILE *file = fopen("/proc/meminfo", "re");
	uint64_t sum = 0;
	char line[200];

	while (file && fgets(line, sizeof(line), file))
		for (size_t i = 0; i < ARRAY_SIZE(fields); i++)
			if (!strncmp(line, fields[i], strlen(fields[i])))
				sum += strtoull(line + strlen(fields[i]), NULL, 10);
	return sum;
}

static struct memory memory_now(const struct objects *before)
{
	struct rusage usage = {0};
	struct objects now;
	struct memory memory = {0};

	objects_read(&now);
	for (int kind = 0; kind < OBJECT_KINDS; kind++)
		for (size_t i = 0; i < now.count[kind]; i++)
			if (!before->count[kind] ||
			    now.ids[kind][i] > before->ids[kind][before->count[kind] - 1])
				memory.objects++;
	objects_clear(&now);
	getrusage(RUSAGE_CHILDREN, &usage);
	memory.kernel_kb = kernel_memory();
	memory.tool_kb = (uint64_t)usage.ru_maxrss;
	return memory;
}

/* The neighbours' tcx links at one place, behind all and before all; closing them detaches. */
static void visit_tcx(const struct neighbours *neighbours, const struct end *end, bool egress,
		      int links[static 2])
{
	struct foreign front = neighbours->front, behind = neighbours->behind;
	int error;

	if (!neighbours->tcx)
		return;
	error = foreign_tcx_first(&front, end->ns, end->name, egress);
	CHECK(!error, "tcx before ours: %s", strerror(-error));
	error = foreign_tcx_try(&behind, end->ns, end->name, egress);
	CHECK(!error, "tcx behind ours: %s", strerror(-error));
	links[0] = front.link;
	links[1] = behind.link;
}

static void visit(struct neighbours *neighbours, const struct end *end, bool egress)
{
	int links[2] = {-1, -1};

	foreign_filter(&neighbours->front, end->ns, end->name, egress, FRONT);
	visit_tcx(neighbours, end, egress, links);
	foreign_filter(&neighbours->behind, end->ns, end->name, egress, BEHIND);
	sleep_ms(COME_AND_GO_MS);
	foreign_filter_delete(end->ns, end->name, egress, FRONT);
	for (size_t i = 0; i < ARRAY_SIZE(links) && links[i] >= 0; i++)
		close(links[i]);
	foreign_filter_delete(end->ns, end->name, egress, BEHIND);
	sleep_ms(COME_AND_GO_MS);
	neighbours->visits++;
}

static void *come_and_go(void *argument)
{
	struct soak *soak = argument;

	for (unsigned int i = 0; !__atomic_load_n(&soak->neighbours.over, __ATOMIC_ACQUIRE); i++)
		visit(&soak->neighbours, &soak->ends[i % 2], i & 2);
	return NULL;
}

static void neighbours_settle(struct soak *soak)
{
	struct neighbours *neighbours = &soak->neighbours;
	uint32_t ids[STATE_TCX_MAX];

	foreign_load(&neighbours->front, FOREIGN_TC, TC_ACT_UNSPEC);
	foreign_load(&neighbours->behind, FOREIGN_TC, TC_ACT_UNSPEC);
	foreign_load(&neighbours->guest, FOREIGN_TC, TC_ACT_OK);
	neighbours->tcx = state_tcx("left", "v0", false, ids) >= 0;
	for (size_t i = 0; i < ARRAY_SIZE(soak->ends); i++) {
		const struct end *end = &soak->ends[i];

		foreign_clsact(end->ns, end->name);
		foreign_filter(&neighbours->guest, end->ns, end->name, false, GUEST);
		foreign_filter(&neighbours->guest, end->ns, end->name, true, GUEST);
	}
}

static void neighbours_leave(struct neighbours *neighbours)
{
	__atomic_store_n(&neighbours->over, true, __ATOMIC_RELEASE);
	pthread_join(neighbours->thread, NULL);
	CHECK(foreign_count(&neighbours->front), "no packet came to a neighbour before ours");
	CHECK(foreign_count(&neighbours->guest), "no packet came to a neighbour behind ours");
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
	neighbours_settle(soak);
}

static void soak_start(struct soak *soak)
{
	objects_read(&soak->before);
	netacct("attach", "--key", "flow", "--max-flows", "4096", "--hook",
		soak->neighbours.tcx ? "tcx" : "clsact", "left/v0");
	netacct("attach", "--key", "flow", "--max-flows", "4096", "--hook", "clsact", PAIR_SOURCE);
	soak->started = now_ms();
	soak->next_replace = soak->started;
	for (size_t i = 0; i < ARRAY_SIZE(soak->floods); i++)
		flood_start(&soak->floods[i]);
	CHECK(!pthread_create(&soak->neighbours.thread, NULL, come_and_go, soak), "no thread");
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
		struct json_object *checks = json_at(dump_source(&dump, soak->ends[i].id), "checks");

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
		soak->warm = memory_now(&soak->before);
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

/* Others use the machine too, so they are given time; a leak does not go away. */
static struct memory expect_flat(const struct soak *soak)
{
	uint64_t deadline = now_ms() + FREED_MS;
	size_t objects = soak->warm.objects + soak->replaces / 2;
	uint64_t kernel_kb = soak->warm.kernel_kb + 65536;
	struct memory now;

	for (;;) {
		now = memory_now(&soak->before);
		if ((now.objects <= objects && now.kernel_kb <= kernel_kb) || now_ms() >= deadline)
			break;
		sleep_ms(200);
	}
	CHECK(now.objects <= objects, "BPF objects: %zu at first, %zu after %u replaces",
	      soak->warm.objects, now.objects, soak->replaces);
	CHECK(now.kernel_kb <= kernel_kb, "memory of the kernel: %llu kB at first, then %llu kB",
	      (unsigned long long)soak->warm.kernel_kb, (unsigned long long)now.kernel_kb);
	CHECK(now.tool_kb <= soak->warm.tool_kb + soak->warm.tool_kb / 4,
	      "largest process: %llu kB at first, then %llu kB",
	      (unsigned long long)soak->warm.tool_kb, (unsigned long long)now.tool_kb);
	return now;
}

static void report(const struct soak *soak, uint64_t took_ms, const struct memory *end)
{
	remark("%llu packets from %d CPUs in %llu.%llu s, %u drains (%u under the flood), "
	       "%u replaces, verified %u times, neighbours came and went %u times",
	       (unsigned long long)soak->packets, THREADS, (unsigned long long)took_ms / 1000,
	       (unsigned long long)took_ms % 1000 / 100, soak->drains, soak->during, soak->replaces,
	       soak->verified, soak->neighbours.visits);
	remark("BPF objects %zu, then %zu; memory of the kernel %llu kB, then %llu kB; "
	       "largest process %llu kB, then %llu kB",
	       soak->warm.objects, end->objects, (unsigned long long)soak->warm.kernel_kb,
	       (unsigned long long)end->kernel_kb, (unsigned long long)soak->warm.tool_kb,
	       (unsigned long long)end->tool_kb);
}

static void soak_close(struct soak *soak)
{
	netacct("detach", "--all", "-q");
	for (size_t i = 0; i < ARRAY_SIZE(soak->ends); i++) {
		peer_detach(&soak->ends[i].peer);
		ledger_clear(&soak->ends[i].sent);
		ledger_clear(&soak->ends[i].drained);
	}
	foreign_close(&soak->neighbours.front);
	foreign_close(&soak->neighbours.behind);
	foreign_close(&soak->neighbours.guest);
	objects_clear(&soak->before);
}

TEST_ON_DEMAND(soak, books_balance)
{
	struct soak soak = {0};
	_cleanup_pair_ struct pair pair;
	struct memory end;
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
