/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Network namespaces, live: opened, listed, found again, entered and left. */
#define _GNU_SOURCE 1 /* unshare() */
#include "netns_place.h"

static void opens_the_own_one(void **state)
{
	_cleanup_netns_ struct netns own = {.fd = -1};

	need_isolation(state);
	assert_int_equal(netns_open_own(&own), 0);
	assert_true(own.own);
	assert_true(own.fd >= 0);
	assert_true(fcntl(own.fd, F_GETFD) & FD_CLOEXEC);
	assert_int_equal(own.error, 0);
	assert_string_equal(own.name, "");
	assert_is(&own, HERE);
}

static void finds_one_namespace_by_any_name(void **state)
{
	_cleanup_netns_ struct netns first = {.fd = -1}, second = {.fd = -1}, path = {.fd = -1};
	_cleanup_netns_ struct netns own = {.fd = -1};
	char label[300];

	need_isolation(state);
	make_netns("/run/netns/beta", NULL);
	bind_file("/run/netns/beta", "/run/netns/alpha");
	assert_int_equal(netns_open_name("alpha", &first), 0);
	assert_int_equal(netns_open_name("beta", &second), 0);
	assert_int_equal(netns_open_path("/run/netns/../netns/beta", &path), 0);
	assert_is(&first, "/run/netns/beta");
	assert_is(&second, "/run/netns/beta");
	assert_is(&path, "/run/netns/beta");
	assert_string_equal(first.name, "alpha");
	assert_string_equal(second.name, "alpha");
	assert_string_equal(path.name, "alpha");
	assert_string_equal(second.path, "/run/netns/beta");
	assert_false(first.own);
	netns_label(&second, label);
	assert_string_equal(label, "alpha");
	assert_int_equal(netns_open_own(&own), 0);
	assert_int_equal(first.cookie, second.cookie);
	if (own.cookie) /* from 5.14 on */
		assert_true(first.cookie && first.cookie != own.cookie);
	release("/run/netns/alpha");
	release("/run/netns/beta");
}

static void calls_the_own_one_host(void **state)
{
	_cleanup_netns_ struct netns named = {.fd = -1};
	char label[300];

	need_isolation(state);
	bind_file(HERE, "/run/netns/aaa");
	assert_int_equal(netns_open_name("aaa", &named), 0);
	assert_true(named.own);
	assert_string_equal(named.name, "");
	netns_label(&named, label);
	assert_string_equal(label, "host");
	release("/run/netns/aaa");
}

static void refuses_what_is_no_namespace(void **state)
{
	struct netns ns = {.fd = -1};
	siginfo_t gone;
	pid_t zombie;

	need_isolation(state);
	touch("/run/netns/plain");
	assert_int_equal(mkfifo("/run/netns/fifo", 0600), 0);
	bind_file("/proc/self/ns/uts", "/run/netns/uts");
	assert_int_equal(netns_open_name("plain", &ns), -EINVAL);
	assert_int_equal(netns_open_name("fifo", &ns), -EINVAL);
	assert_int_equal(netns_open_name("uts", &ns), -EINVAL);
	assert_int_equal(netns_open_name("none", &ns), -ENOENT);
	assert_int_equal(netns_open_name("", &ns), -EINVAL);
	assert_int_equal(netns_open_name(".", &ns), -EINVAL);
	assert_int_equal(netns_open_name("..", &ns), -EINVAL);
	assert_int_equal(netns_open_name("../netns/plain", &ns), -EINVAL);
	assert_int_equal(netns_open_path("/run/netns", &ns), -EINVAL);
	assert_int_equal(netns_open_path("/run/netns/none", &ns), -ENOENT);
	assert_int_equal(netns_open_pid(0, &ns), -ESRCH);
	assert_int_equal(netns_open_pid(2147483647, &ns), -ESRCH);
	zombie = fork();
	if (zombie == 0)
		_exit(0);
	assert_int_equal(waitid(P_PID, (id_t)zombie, &gone, WEXITED | WNOWAIT), 0);
	assert_int_equal(netns_open_pid(zombie, &ns), -ESRCH);
	assert_int_equal(waitpid(zombie, NULL, 0), zombie);
	assert_int_equal(ns.fd, -1);
	release("/run/netns/uts");
	unlink("/run/netns/plain");
	unlink("/run/netns/fifo");
}

static void goes_in_and_comes_back(void **state)
{
	struct netns unopened = {.fd = -1, .error = -EACCES};
	_cleanup_netns_ struct netns ns = {.fd = -1};
	struct netns_identity before, inside, after;
	int previous;

	need_isolation(state);
	make_netns("/run/netns/blue", NULL);
	assert_int_equal(netns_open_name("blue", &ns), 0);
	before = identity_of(HERE);
	assert_int_equal(netns_enter(&ns, &previous), 0);
	inside = identity_of(HERE);
	assert_int_equal(netns_leave(previous), 0);
	assert_int_equal(fcntl(previous, F_GETFD), -1);
	after = identity_of(HERE);
	assert_int_equal(inside.inode, ns.inode);
	assert_int_not_equal(before.inode, inside.inode);
	assert_int_equal(before.inode, after.inode);
	assert_int_equal(netns_enter(&unopened, &previous), -EACCES);
	release("/run/netns/blue");
}

/* The entry of an identity; the list has each once. */
static const struct netns *entry_of(const struct netns *list, size_t count,
				    struct netns_identity identity)
{
	const struct netns *found = NULL;

	for (size_t i = 0; i < count; i++) {
		if (list[i].device != identity.device || list[i].inode != identity.inode)
			continue;
		assert_null(found);
		found = &list[i];
	}
	assert_non_null(found);
	return found;
}

static const struct netns *entry_named(const struct netns *list, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(list[i].name, name) == 0)
			return &list[i];
	}
	fail_msg("%s is not in the list", name);
	return NULL;
}

static void assert_ordered(const struct netns *list, size_t count)
{
	assert_true(list[0].own);
	for (size_t i = 1; i < count; i++) {
		assert_false(list[i].own);
		if (i == 1)
			continue;
		if (*list[i].name)
			assert_true(*list[i - 1].name &&
				    strcmp(list[i - 1].name, list[i].name) < 0);
		else
			assert_true(*list[i - 1].name || list[i - 1].inode < list[i].inode);
	}
}

static void lists_every_namespace_once(void **state)
{
	static const char *const elsewhere = "/run/a b\nc\\d";
	struct netns_identity of_child, own;
	struct netns *list;
	char path[64];
	pid_t child;
	size_t count;

	need_isolation(state);
	make_netns("/run/netns/zeta", NULL);
	make_netns("/run/netns/blue", NULL);
	bind_file("/run/netns/zeta", "/run/netns/eta");
	bind_file(HERE, "/run/netns/here");
	make_netns(elsewhere, NULL);
	own = identity_of(HERE);
	child = child_in_netns();
	snprintf(path, sizeof(path), "/proc/%d/ns/net", child);
	of_child = identity_of(path);

	assert_int_equal(netns_list(&list, &count), 0);
	assert_ordered(list, count);
	assert_true(entry_of(list, count, own) == list);
	assert_string_equal(entry_of(list, count, own)->name, "");
	assert_string_equal(entry_of(list, count, identity_of("/run/netns/zeta"))->name, "eta");
	assert_string_equal(entry_of(list, count, identity_of("/run/netns/blue"))->name, "blue");
	assert_string_equal(entry_of(list, count, of_child)->name, "");
	assert_string_equal(entry_of(list, count, of_child)->path, path);
	assert_string_equal(entry_of(list, count, identity_of(elsewhere))->path, elsewhere);
	assert_true(entry_named(list, count, "blue")->fd >= 0);
	assert_int_equal(entry_named(list, count, "blue")->error, 0);
	if (list[0].cookie)
		assert_int_not_equal(entry_named(list, count, "blue")->cookie, 0);
	assert_int_equal(identity_of(HERE).inode, own.inode);
	netns_list_free(list, count);

	end_child(child);
	release("/run/netns/here");
	release("/run/netns/eta");
	release("/run/netns/zeta");
	release("/run/netns/blue");
	release(elsewhere);
}

static void lists_what_cannot_be_opened(void **state)
{
	struct netns_identity hidden;
	struct netns *list;
	size_t count;

	need_isolation(state);
	touch("/run/netns/crashed");
	assert_int_equal(symlink("/proc/0/ns/net", "/run/netns/dangling"), 0);
	make_netns("/run/hidden", NULL);
	hidden = identity_of("/run/hidden");
	assert_int_equal(mount("/run/netns/crashed", "/run/hidden", "none", MS_BIND, NULL), 0);
	assert_int_equal(netns_list(&list, &count), 0);
	assert_ordered(list, count);
	assert_int_equal(entry_of(list, count, hidden)->fd, -1);
	assert_int_equal(entry_of(list, count, hidden)->error, -ENOENT);
	assert_int_equal(entry_named(list, count, "crashed")->fd, -1);
	assert_int_equal(entry_named(list, count, "crashed")->error, -EINVAL);
	assert_int_equal(entry_named(list, count, "dangling")->error, -ENOENT);
	netns_list_free(list, count);
	unlink("/run/netns/crashed");
	unlink("/run/netns/dangling");
	assert_int_equal(umount2("/run/hidden", MNT_DETACH), 0);
	release("/run/hidden");
}

static void finds_by_identity(void **state)
{
	_cleanup_netns_ struct netns ns = {.fd = -1}, found = {.fd = -1};

	need_isolation(state);
	make_netns("/run/netns/blue", NULL);
	assert_int_equal(netns_open_name("blue", &ns), 0);
	assert_int_equal(netns_open_identity(ns.device, ns.inode, ns.cookie, &found), 0);
	assert_string_equal(found.name, "blue");
	assert_is(&found, "/run/netns/blue");
	netns_close(&found);
	assert_int_equal(netns_open_identity(ns.device, ns.inode, 0, &found), 0);
	netns_close(&found);
	/* the inode of a namespace that is gone, used again */
	assert_int_equal(netns_open_identity(ns.device, ns.inode, ns.cookie + 1, &found), -ENOENT);
	assert_int_equal(netns_open_identity(ns.device + 1, ns.inode, 0, &found), -ENOENT);
	assert_int_equal(netns_open_identity(ns.device, 1, 0, &found), -ENOENT);
	assert_int_equal(found.fd, -1);
	release("/run/netns/blue");
}

/* Root of a user namespace owns what it makes there and not where it comes from: in is not back. */
static void tours_without_coming_back_in_between(void **state)
{
	_cleanup_netns_ struct netns blue = {.fd = -1}, red = {.fd = -1};
	struct netns unopened = {.fd = -1, .error = -EACCES};
	struct netns_tour tour = NETNS_TOUR_NONE;
	struct netns_identity before;

	need_isolation(state);
	make_netns("/run/netns/blue", NULL);
	make_netns("/run/netns/red", NULL);
	assert_int_equal(netns_open_name("blue", &blue), 0);
	assert_int_equal(netns_open_name("red", &red), 0);
	before = identity_of(HERE);
	assert_int_equal(netns_tour_go(&tour, &blue), 0);
	assert_int_equal(identity_of(HERE).inode, blue.inode);
	assert_int_equal(netns_tour_go(&tour, &unopened), -EACCES);
	assert_int_equal(identity_of(HERE).inode, blue.inode);
	assert_int_equal(netns_tour_go(&tour, &red), 0);
	assert_int_equal(identity_of(HERE).inode, red.inode);
	assert_int_equal(netns_tour_end(&tour), 0);
	assert_int_equal(identity_of(HERE).inode, before.inode);
	assert_int_equal(netns_tour_end(&tour), 0);
	release("/run/netns/blue");
	release("/run/netns/red");
}

struct finding {
	struct netns *list;
	size_t count, seen;
	bool own_first;
};

static int seen_in_list(void *context, struct netns *ns)
{
	struct finding *finding = context;
	size_t i;

	finding->own_first |= !finding->seen++ && ns->own;
	for (i = 0; i < finding->count; i++)
		if (!netns_compare(ns, &finding->list[i]))
			break;
	assert_int_not_equal(i, finding->count);
	assert_int_equal(ns->inode, finding->list[i].inode);
	assert_string_equal(ns->path, finding->list[i].path);
	netns_close(ns);
	return 0;
}

static int give_up(void *context, struct netns *ns)
{
	++*(int *)context;
	netns_close(ns);
	return -ENOMEM;
}

static void finds_one_after_the_other(void **state)
{
	struct finding finding = {0};
	int calls = 0;

	need_isolation(state);
	make_netns("/run/netns/blue", NULL);
	make_netns("/run/netns/amber", NULL);
	assert_int_equal(netns_list_outside(&finding.list, &finding.count), 0);
	assert_int_equal(netns_find(seen_in_list, &finding), 0);
	assert_int_equal(finding.seen, finding.count);
	assert_true(finding.own_first);
	assert_int_equal(netns_find(give_up, &calls), -ENOMEM);
	assert_int_equal(calls, 1);
	netns_list_free(finding.list, finding.count);
	release("/run/netns/amber");
	release("/run/netns/blue");
}

/* The same namespaces in the same order, only the cookies are not known. */
static void lists_from_outside(void **state)
{
	struct netns *list, *outside;
	size_t count, outside_count;

	need_isolation(state);
	make_netns("/run/netns/blue", NULL);
	assert_int_equal(netns_list(&list, &count), 0);
	assert_int_equal(netns_list_outside(&outside, &outside_count), 0);
	assert_int_equal(count, outside_count);
	for (size_t i = 0; i < count; i++) {
		assert_int_equal(list[i].inode, outside[i].inode);
		assert_string_equal(list[i].name, outside[i].name);
		assert_int_equal(outside[i].cookie, 0);
	}
	netns_list_free(list, count);
	netns_list_free(outside, outside_count);
	release("/run/netns/blue");
}

static void stays_where_it_could_not_come_back(void **state)
{
	int status;
	pid_t child;

	need_isolation(state);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		struct netns ns = {.fd = -1};
		struct netns_identity before = identity_of(HERE);
		int outside = open(HERE, O_RDONLY | O_CLOEXEC), previous;
		pid_t holder;

		if (outside < 0 || unshare(CLONE_NEWUSER) < 0)
			_exit(77);
		holder = child_in_netns();
		if (netns_open_pid(holder, &ns) < 0 || ns.fd < 0)
			_exit(1);
		kill(holder, SIGKILL);
		if (ns.error != -EPERM || netns_enter(&ns, &previous) != -EPERM)
			_exit(2);
		_exit(identity_of(HERE).inode == before.inode ? 0 : 3);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 77)
		skip();
	assert_int_equal(status, 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(opens_the_own_one),
		cmocka_unit_test(finds_one_namespace_by_any_name),
		cmocka_unit_test(calls_the_own_one_host),
		cmocka_unit_test(refuses_what_is_no_namespace),
		cmocka_unit_test(goes_in_and_comes_back),
		cmocka_unit_test(lists_every_namespace_once),
		cmocka_unit_test(lists_what_cannot_be_opened),
		cmocka_unit_test(finds_by_identity),
		cmocka_unit_test(tours_without_coming_back_in_between),
		cmocka_unit_test(finds_one_after_the_other),
		cmocka_unit_test(lists_from_outside),
		cmocka_unit_test(stays_where_it_could_not_come_back),
	};

	return cmocka_run_group_tests_name("netns", tests, isolate, NULL);
}
