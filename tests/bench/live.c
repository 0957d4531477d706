// SPDX-License-Identifier: GPL-2.0-or-later
#define _GNU_SOURCE
#include "live.h"

#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <sched.h>
#include <string.h>
#include <sys/socket.h>

#include "books.h"
#include "die.h"
#include "generator.h"
#include "isolate.h"
#include "link.h"
#include "machine.h"
#include "rival_live.h"
#include "sender.h"
#include "sequence.h"

#define LENGTH 64u /* of a frame */
#define SHARE 6u /* batches are that much smaller than those of `bench packets` */
#define PIECES 15u /* of a batch */
#define SCENES 2

static const uint32_t scenes[SCENES] = {64, 10000}; /* flows */

/* The two ends of a veth in a namespace of its own. */
struct world {
	struct frames passing_frames[SCENES], delivered_frames[SCENES];
	struct sender passing[SCENES]; /* its frames are for nobody: v1 drops them early */
	struct sender delivered[SCENES]; /* those of this one get to a socket that is full */
	int listener; /* that socket */
};

struct live {
	const struct settings *settings;
	struct rival_place place;
	clockid_t clock;
	struct world bare, counted;
	bool absent[RIVALS_LIVE_MAX];
	double *times[RIVALS_LIVE_MAX + 1]; /* rounds of each; the last: of nothing attached */
};

/* ns a packet */
static double piece(const struct live *live, struct sender *sender)
{
	uint32_t packets = live->settings->packets / SHARE / PIECES + 1;
	struct timespec from, to;

	clock_gettime(live->clock, &from);
	sender_send(sender, packets);
	clock_gettime(live->clock, &to);
	return ((double)(to.tv_sec - from.tv_sec) * 1e9 + (double)(to.tv_nsec - from.tv_nsec)) /
	       packets;
}

/* The same packets through both, piece by piece; medians leave out what comes between. */
static double batch(const struct live *live, struct sender *bare, struct sender *counted,
		    double *ret_bare)
{
	double plain[PIECES], more[PIECES];
	uint32_t i;

	sender_rewind(bare);
	sender_rewind(counted);
	piece(live, bare);
	piece(live, counted);
	for (i = 0; i < PIECES; i++) {
		plain[i] = piece(live, bare);
		more[i] = piece(live, counted) - plain[i];
	}
	*ret_bare = quartiles_of(plain, PIECES).median;
	return quartiles_of(more, PIECES).median;
}

/* Each packet was seen going out of v0 and coming into v1, and is in a record of either. */
static void judge(const struct sender *sender, uint64_t sent, uint64_t refused)
{
	struct books books;

	books_read(&books);
	books_balance(&books);
	sent = sender->sent - sent;
	refused = sender->refused - refused;
	if (books.bucket[NA_ACCOUNTED][NA_RX].packets != sent ||
	    books.bucket[NA_ACCOUNTED][NA_TX].packets != sent + refused)
		die("netacct counted %" PRIu64 " in and %" PRIu64 " out where %" PRIu64
		    " were sent",
		    (uint64_t)books.bucket[NA_ACCOUNTED][NA_RX].packets,
		    (uint64_t)books.bucket[NA_ACCOUNTED][NA_TX].packets, sent);
	if (books.flows != 2ul * sender->frames->count)
		die("%zu records of %u flows at two ends", books.flows, sender->frames->count);
}

/* Conntrack follows each flow, and was to account it. */
static void judge_delivered(const struct sender *sender)
{
	unsigned long count = link_sysctl_read("net/netfilter/nf_conntrack_count");

	if (count < sender->frames->count || !link_sysctl_read("net/netfilter/nf_conntrack_acct"))
		die("conntrack has %lu of %u flows", count, sender->frames->count);
}

static void measure(struct live *live, uint32_t number, uint32_t scene, uint32_t round)
{
	const struct rival_live *rival = &rivals_live[number];
	struct sender *sender =
		rival->delivered ? &live->counted.delivered[scene] : &live->counted.passing[scene];
	struct sender *bare =
		rival->delivered ? &live->bare.delivered[scene] : &live->bare.passing[scene];
	uint64_t sent = sender->sent, refused = sender->refused;
	double plain;

	if (!rival_live_attach(rival, &live->place)) {
		live->absent[number] = true;
		return;
	}
	sender_each(bare);
	sender_each(sender);
	live->times[number][round] = batch(live, bare, sender, &plain);
	if (!number)
		live->times[rivals_live_count][round] = plain;
	if (rival->judged)
		judge(sender, sent, refused);
	if (rival->delivered)
		judge_delivered(sender);
	rival_live_detach(rival, &live->place);
}

static void show(struct live *live, struct report *report, uint32_t flows)
{
	uint32_t rounds = live->settings->rounds, i;
	struct quartiles base, values;
	char scene[32];

	snprintf(scene, sizeof(scene), "%u flows", flows);
	values = quartiles_of(live->times[rivals_live_count], rounds);
	report_line(report, scene, "nothing attached: sent and received", &values, "ns", NULL);
	base = quartiles_of(live->times[RIVALS_LIVE_BASE], rounds);
	for (i = 0; i < rivals_live_count; i++) {
		bool compared = i && !live->absent[RIVALS_LIVE_BASE];

		values = quartiles_of(live->times[i], rounds);
		if (!live->absent[i])
			report_line(report, scene, rivals_live[i].name, &values, "ns",
				    compared ? &base : NULL);
	}
}

static void run_scene(struct live *live, struct report *report, uint32_t scene)
{
	uint32_t round, i;

	for (round = 0; round < live->settings->rounds; round++)
		for (i = 0; i < rivals_live_count; i++)
			if (!live->absent[(i + round) % rivals_live_count])
				measure(live, (i + round) % rivals_live_count, scene, round);
	show(live, report, scenes[scene]);
}

/* The destination of all flows, with a socket that has room for next to nothing. */
static int listen_to_flows(void)
{
	const int least = 1;
	struct sockaddr_in address = {.sin_family = AF_INET};
	struct bench_step step;
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	sequence_step(0, &step);
	link_address("v1", step.destination);
	address.sin_addr.s_addr = step.destination;
	address.sin_port = step.destination_port;
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &least, sizeof(least)) ||
	    bind(fd, (struct sockaddr *)&address, sizeof(address)))
		die("a socket that is sent to: %s", strerror(errno));
	return fd;
}

/* In the namespace that the thread is in; its sockets keep that. */
static void world_make(struct world *world)
{
	static const uint8_t nobody[6] = {2};
	uint8_t hardware[6];
	size_t i;

	link_pair("v0", "v1");
	link_hardware("v1", hardware);
	world->listener = listen_to_flows();
	for (i = 0; i < SCENES; i++) {
		frames_make(&world->passing_frames[i], scenes[i], LENGTH, 0, nobody);
		frames_make(&world->delivered_frames[i], scenes[i], LENGTH, 0, hardware);
		sender_open(&world->passing[i], "v0", &world->passing_frames[i]);
		sender_open(&world->delivered[i], "v0", &world->delivered_frames[i]);
	}
}

static void world_close(struct world *world)
{
	size_t i;

	for (i = 0; i < SCENES; i++) {
		sender_close(&world->passing[i]);
		sender_close(&world->delivered[i]);
		frames_free(&world->passing_frames[i]);
		frames_free(&world->delivered_frames[i]);
	}
	close(world->listener);
}

static void prepare(struct live *live, struct generator *generator)
{
	char object[512];
	size_t i;

	snprintf(object, sizeof(object), "%s/tests/generator.bpf.o", live->settings->build);
	generator_open(generator, object, HOOK_TC, false);
	live->place = (struct rival_place){.settings = live->settings, .empty = generator->empty};
	world_make(&live->bare);
	if (unshare(CLONE_NEWNET))
		die("a network namespace: %s", strerror(errno));
	world_make(&live->counted);
	link_sysctl("net/netfilter/nf_conntrack_acct", "1");
	live->clock = sender_clock(&live->bare.passing[0]);
	for (i = 0; i <= rivals_live_count; i++)
		live->times[i] = allocate(live->settings->rounds, sizeof(double));
}

void live_run(const struct settings *settings, struct report *report)
{
	_cleanup_generator_ struct generator generator = {};
	struct live *live = allocate(1, sizeof(*live));
	uint32_t i;

	isolate();
	machine_pin(0);
	live->settings = settings;
	prepare(live, &generator);
	report_table(report, "live",
		     "Live: ns a packet, out of a veth and into its peer, above nothing attached; "
		     "ratio to two empty programs on tcx");
	for (i = 0; i < SCENES; i++)
		run_scene(live, report, i);
	for (i = 0; i <= rivals_live_count; i++)
		free(live->times[i]);
	world_close(&live->bare);
	world_close(&live->counted);
	free(live);
}
