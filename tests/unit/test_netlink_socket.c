// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The exchange with a kernel that misbehaves: the far end of a socketpair
 * stands in for it, and answers each request from a list of scripts.
 */
#include "test_netlink_message.h"

#include <linux/if_link.h>
#include <pthread.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/time.h>

#define SILENCE_MS 150
#define PATIENCE_MS 20000 /* where an answer comes, however slow the machine */

/* How the stand-in answers one request for a dump of links. */
struct script {
	uint16_t flags; /* of every message */
	uint32_t links; /* told, with ifindexes that count down to 1 */
	uint32_t padding; /* bytes of one attribute more in each */
	int verdict; /* of NLMSG_DONE */
	bool silent; /* no NLMSG_DONE */
	bool stale; /* tell a foreign answer first */
	bool broken; /* tell a link of ifindex 0 first */
};

struct stand_in {
	int fd;
	pthread_t thread;
	const struct script *scripts;
	size_t count;
	size_t asked; /* requests seen */
};

static void tell(int fd, struct nl_msg *message, uint32_t sequence, uint16_t flags)
{
	struct nlmsghdr *header = nlmsg_hdr(message);

	header->nlmsg_seq = sequence;
	header->nlmsg_flags = NLM_F_MULTI | flags;
	(void)send(fd, header, header->nlmsg_len, 0);
	nlmsg_free(message);
}

static void tell_link(int fd, uint32_t ifindex, const struct script *script, uint32_t sequence)
{
	struct ifinfomsg body = {.ifi_index = (int)ifindex};
	struct nl_msg *message = nlmsg_alloc_size(script->padding + 1024);

	nlmsg_put(message, 0, 0, RTM_NEWLINK, 0, 0);
	nlmsg_append(message, &body, sizeof(body), NLMSG_ALIGNTO);
	nla_put_string(message, IFLA_IFNAME, "eth0");
	if (script->padding) {
		/* Two of them: an attribute holds less than 64 KiB. */
		memset(nla_data(nla_reserve(message, IFLA_PHYS_PORT_ID, script->padding / 2)), 1,
		       script->padding / 2);
		memset(nla_data(nla_reserve(message, IFLA_PHYS_SWITCH_ID, script->padding / 2)), 1,
		       script->padding / 2);
	}
	tell(fd, message, sequence, script->flags);
}

static void answer(int fd, const struct script *script, uint32_t sequence)
{
	uint32_t ifindex;

	if (script->stale) {
		tell_link(fd, 99, script, sequence - 1);
		tell(fd, message_new(NLMSG_DONE, &(int){-EIO}, sizeof(int)), sequence - 1, 0);
	}
	if (script->broken)
		tell_link(fd, 0, script, sequence);
	for (ifindex = script->links; ifindex > 0; ifindex--)
		tell_link(fd, ifindex, script, sequence);
	if (!script->silent)
		tell(fd, message_new(NLMSG_DONE, &script->verdict, sizeof(int)), sequence,
		     script->flags);
}

static void *stand_in_run(void *argument)
{
	struct stand_in *kernel = argument;
	char request[4096];

	while (recv(kernel->fd, request, sizeof(request), 0) >= NLMSG_HDRLEN) {
		size_t at = kernel->asked < kernel->count ? kernel->asked : kernel->count - 1;
		struct nlmsghdr header;

		memcpy(&header, request, sizeof(header));
		kernel->asked++;
		answer(kernel->fd, &kernel->scripts[at], header.nlmsg_seq);
	}
	return NULL;
}

/* Not connected to the kernel: the socket's descriptor is one end of a pair. */
static struct rtnl *start(struct stand_in *kernel, const struct script *scripts, size_t count)
{
	struct nl_error err;
	struct rtnl *nl;
	int pair[2];

	assert_int_equal(rtnl_open(&nl, &err), 0);
	nl->timeout = scripts->silent ? SILENCE_MS : PATIENCE_MS;
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair), 0);
	assert_true(dup2(pair[0], nl->fd) >= 0);
	close(pair[0]);
	*kernel = (struct stand_in){.fd = pair[1], .scripts = scripts, .count = count};
	assert_int_equal(pthread_create(&kernel->thread, NULL, stand_in_run, kernel), 0);
	return nl;
}

static void stop(struct stand_in *kernel, struct rtnl *nl)
{
	rtnl_close(nl);
	pthread_join(kernel->thread, NULL);
	close(kernel->fd);
}

static int list(const struct script *scripts, size_t count, size_t *ret_asked, size_t *ret_links)
{
	struct link *links = NULL;
	struct stand_in kernel;
	struct nl_error err;
	struct rtnl *nl = start(&kernel, scripts, count);
	int r;

	*ret_links = 0;
	r = link_list(nl, true, &links, ret_links, &err);
	stop(&kernel, nl);
	if (r == 0 && *ret_links > 1)
		assert_true(links[0].ifindex < links[1].ifindex);
	if (r < 0)
		assert_null(links); /* out-parameters untouched on failure */
	free(links);
	*ret_asked = kernel.asked;
	return r;
}

static void test_torn_dump_is_asked_again(void **state)
{
	const struct script scripts[] = {
		{.links = 3, .flags = NLM_F_DUMP_INTR},
		{.links = 5, .flags = NLM_F_DUMP_INTR},
		{.links = 2},
	};
	size_t asked, links;

	(void)state;
	assert_int_equal(list(scripts, ARRAY_SIZE(scripts), &asked, &links), 0);
	assert_int_equal(asked, 3);
	assert_int_equal(links, 2);
}

static void test_always_torn_ends(void **state)
{
	const struct script scripts[] = {{.links = 1, .flags = NLM_F_DUMP_INTR}};
	size_t asked, links;

	(void)state;
	assert_int_equal(list(scripts, ARRAY_SIZE(scripts), &asked, &links), -EAGAIN);
	assert_in_range(asked, 2, 100);
}

static void test_error_at_the_end(void **state)
{
	const struct script scripts[] = {{.links = 2, .verdict = -EMSGSIZE}};
	size_t asked, links;

	(void)state;
	assert_int_equal(list(scripts, ARRAY_SIZE(scripts), &asked, &links), -EMSGSIZE);
	assert_int_equal(asked, 1);
}

static void test_nothing_at_all(void **state)
{
	const struct script scripts[] = {{.links = 0}};
	size_t asked, links;

	(void)state;
	assert_int_equal(list(scripts, ARRAY_SIZE(scripts), &asked, &links), 0);
	assert_int_equal(links, 0);
}

static void test_answers_of_others_are_skipped(void **state)
{
	const struct script scripts[] = {{.links = 2, .stale = true}};
	size_t asked, links;

	(void)state;
	assert_int_equal(list(scripts, ARRAY_SIZE(scripts), &asked, &links), 0);
	assert_int_equal(links, 2);
}

static void test_larger_than_the_buffer(void **state)
{
	const struct script scripts[] = {{.links = 2, .padding = 100000}};
	size_t asked, links;

	(void)state;
	assert_int_equal(list(scripts, ARRAY_SIZE(scripts), &asked, &links), 0);
	assert_int_equal(links, 2);
}

static void ignore_signal(int number)
{
	(void)number;
}

/* A signal every 5 ms must neither fail the wait nor stretch it. */
static void test_silence_ends_in_spite_of_signals(void **state)
{
	const struct script scripts[] = {{.links = 1, .silent = true}};
	const struct sigaction action = {.sa_handler = ignore_signal};
	const struct itimerval often = {{0, 5000}, {0, 5000}}, never = {0};
	size_t asked, links;
	int64_t before = rtnl_now(), took;

	(void)state;
	assert_int_equal(sigaction(SIGALRM, &action, NULL), 0);
	assert_int_equal(setitimer(ITIMER_REAL, &often, NULL), 0);
	assert_int_equal(list(scripts, ARRAY_SIZE(scripts), &asked, &links), -ETIMEDOUT);
	took = rtnl_now() - before;
	assert_int_equal(setitimer(ITIMER_REAL, &never, NULL), 0);
	assert_in_range(took, SILENCE_MS - 10, PATIENCE_MS);
}

/* What follows a refused message is read all the same, for the next dump. */
static void test_socket_is_usable_after_an_error(void **state)
{
	const struct script scripts[] = {{.links = 3, .broken = true}, {.links = 4}};
	_cleanup_free_ struct link *links = NULL;
	struct stand_in kernel;
	struct rtnl *nl = start(&kernel, scripts, ARRAY_SIZE(scripts));
	struct nl_error err;
	size_t count;
	char left;

	(void)state;
	assert_int_equal(link_list(nl, true, &links, &count, &err), -EBADMSG);
	assert_null(links);
	assert_int_equal(recv(nl->fd, &left, 1, MSG_DONTWAIT), -1);
	assert_int_equal(link_list(nl, true, &links, &count, &err), 0);
	assert_int_equal(count, 4);
	stop(&kernel, nl);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_torn_dump_is_asked_again),
		cmocka_unit_test(test_always_torn_ends),
		cmocka_unit_test(test_error_at_the_end),
		cmocka_unit_test(test_nothing_at_all),
		cmocka_unit_test(test_answers_of_others_are_skipped),
		cmocka_unit_test(test_larger_than_the_buffer),
		cmocka_unit_test(test_silence_ends_in_spite_of_signals),
		cmocka_unit_test(test_socket_is_usable_after_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
