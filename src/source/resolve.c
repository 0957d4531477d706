// SPDX-License-Identifier: GPL-2.0-or-later
/* From a source name to the interfaces that it means. */
#include "source.h"

#include <fcntl.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include <netacct/cleanup.h>
#include "sentence.h"

#define FAIL(why, error, ...) sentence((why)->text, sizeof((why)->text), error, __VA_ARGS__)

#define DEFAULT_ROUTE "@default"

void source_list_clear(struct source_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		netns_close(&list->sources[i].netns);
	free(list->sources);
	*list = (struct source_list){0};
}

void source_id(const struct netns *ns, const char *interface, char id[static 304])
{
	char label[300];

	netns_label(ns, label);
	snprintf(id, 304, "%.*s--%.*s", 303 - IFNAMSIZ - 1, label, IFNAMSIZ - 1, interface);
}

static bool matches(const char *pattern, const char *name)
{
	/* nobody who writes '*' means the loopback device */
	if (strcmp(name, "lo") == 0 && strncmp(pattern, "lo", 2) != 0)
		return false;
	return fnmatch(pattern, name, FNM_NOESCAPE) == 0;
}

static int append(struct source_list *list, const struct netns *ns, const struct link *link)
{
	struct source *source;
	int rc;

	/* doubled whenever it is full: the room is the next power of two */
	if ((list->count & (list->count - 1)) == 0) {
		size_t room = list->count ? list->count * 2 : 1;

		source = reallocarray(list->sources, room, sizeof(*source));
		if (!source)
			return -ENOMEM;
		list->sources = source;
	}
	source = &list->sources[list->count];
	rc = netns_copy(ns, &source->netns);
	if (rc < 0)
		return rc;
	source->link = *link;
	source_id(ns, link->name, source->id);
	list->count++;
	return 0;
}

static int add_default(struct rtnl *nl, const struct netns *ns, struct source_list *list,
		       struct nl_error *err)
{
	struct link link;
	uint32_t ifindex;
	int rc;

	rc = route_default(nl, &ifindex, err);
	if (rc == 0)
		rc = link_by_index(nl, ifindex, &link, err);
	return rc < 0 ? rc : append(list, ns, &link);
}

static int add_matching(struct rtnl *nl, const struct netns *ns, const char *pattern,
			struct source_list *list, struct nl_error *err)
{
	_cleanup_free_ struct link *links = NULL;
	size_t before = list->count;
	size_t count = 0;
	int rc;

	rc = link_list(nl, false, &links, &count, err);
	for (size_t i = 0; rc == 0 && i < count; i++) {
		if (matches(pattern, links[i].name))
			rc = append(list, ns, &links[i]);
	}
	return rc == 0 && list->count == before ? -ENOENT : rc;
}

/* A socket inside, from outside: the thread is back when this returns. */
static int open_inside(const struct netns *ns, struct rtnl **ret, struct nl_error *err)
{
	_cleanup_rtnl_ struct rtnl *nl = NULL;
	int previous, rc, back;

	if (ns->own)
		return rtnl_open(ret, err);
	rc = netns_enter(ns, &previous);
	if (rc < 0)
		return rc;
	rc = rtnl_open(&nl, err);
	back = netns_leave(previous);
	if (rc < 0 || back < 0)
		return back < 0 ? back : rc;
	*ret = TAKE_PTR(nl);
	return 0;
}

/* Appends what the name means in one namespace: -ENODEV or -ENOENT where that is nothing. */
static int add_from(const struct netns *ns, const struct source_name *name,
		    struct source_list *list, struct nl_error *err)
{
	_cleanup_rtnl_ struct rtnl *nl = NULL;
	struct link link;
	int rc;

	err->text[0] = '\0';
	rc = open_inside(ns, &nl, err);
	if (rc < 0)
		return rc;
	if (strcmp(name->interface, DEFAULT_ROUTE) == 0)
		return add_default(nl, ns, list, err);
	if (name->interface_is_pattern)
		return add_matching(nl, ns, name->interface, list, err);
	rc = link_by_name(nl, name->interface, &link, err);
	return rc < 0 ? rc : append(list, ns, &link);
}

int source_open_netns(const struct source_name *name, struct netns *ret)
{
	switch (name->place) {
	case SOURCE_OWN:
		return netns_open_own(ret);
	case SOURCE_NAME:
		return netns_open_name(name->netns, ret);
	case SOURCE_PID:
		return netns_open_pid(name->pid, ret);
	case SOURCE_PATH:
		return netns_open_path(name->netns, ret);
	}
	return -EINVAL;
}

static int explain_place(const struct source_name *name, int error, struct source_error *why)
{
	if (name->place == SOURCE_OWN)
		return FAIL(why, error, "cannot open the network namespace: %s", strerror(-error));
	if (error == -ESRCH && name->place == SOURCE_PID)
		return FAIL(why, error, "there is no process %d", name->pid);
	if (error == -ENOENT && name->place == SOURCE_NAME)
		return FAIL(why, error, "there is no network namespace %s in /run/netns",
			    quote(name->netns).text);
	if (error == -EINVAL)
		return FAIL(why, error, "%s%s is not a network namespace",
			    name->place == SOURCE_NAME ? "the file in /run/netns of the name " : "",
			    quote(name->netns).text);
	return FAIL(why, error, "cannot open the network namespace %s: %s", quote(name->netns).text,
		    strerror(-error));
}

static int explain_interface(const struct source_name *name, int error, const char *words,
			     struct source_error *why)
{
	struct quoted place = quote(name->netns);
	const char *in = name->place == SOURCE_OWN ? "" : " in network namespace ";
	const char *where = name->place == SOURCE_OWN ? "" : place.text;

	if (error == -ENOENT && name->interface_is_pattern)
		return FAIL(why, error, "no interface matches %s%s%s", quote(name->interface).text,
			    in, where);
	if (error == -ENOENT && strcmp(name->interface, DEFAULT_ROUTE) == 0)
		return FAIL(why, error, "there is no default route%s%s", in, where);
	if (error == -ENODEV)
		return FAIL(why, error, "there is no interface %s%s%s", quote(name->interface).text,
			    in, where);
	return FAIL(why, error, "cannot look for interfaces%s%s: %s%s%s", in, where,
		    strerror(-error), *words ? ": " : "", words);
}

static int resolve_one(const struct source_name *name, struct source_list *list,
		       struct source_error *why)
{
	_cleanup_netns_ struct netns ns = {.fd = -1};
	struct nl_error err;
	int rc;

	rc = source_open_netns(name, &ns);
	if (rc < 0)
		return explain_place(name, rc, why);
	rc = add_from(&ns, name, list, &err);
	return rc < 0 ? explain_interface(name, rc, err.text, why) : 0;
}

/* Names a namespace that could not be looked into; net-0 are those of hidden processes. */
static void pass_over(const struct netns *ns, const char *label, int error,
		      struct source_error *why)
{
	struct quoted shown = quote(ns->inode || *ns->name ? label : ns->path);

	sentence_append(why->text, sizeof(why->text), "%s%s (%s)",
			*why->text ? ", " : "passed over: ", shown.text, strerror(-error));
}

static int resolve_listed(const struct netns *ns, const struct source_name *name,
			  struct source_list *list, struct source_error *why)
{
	struct nl_error err;
	char label[300];
	int rc;

	netns_label(ns, label);
	if (fnmatch(name->netns, label, FNM_NOESCAPE) != 0)
		return 0;
	rc = ns->fd < 0 ? ns->error : add_from(ns, name, list, &err);
	if (rc == -ENOMEM || rc == -EMFILE)
		return rc;
	if (rc < 0 && (ns->fd < 0 || (rc != -ENODEV && rc != -ENOENT)))
		pass_over(ns, label, rc, why);
	return 0;
}

static int resolve_several(const struct source_name *name, struct source_list *list,
			   struct source_error *why)
{
	struct netns *spaces;
	size_t count;
	int rc;

	rc = netns_list(&spaces, &count);
	if (rc < 0)
		return FAIL(why, rc, "cannot list the network namespaces: %s", strerror(-rc));
	for (size_t i = 0; i < count && rc == 0; i++)
		rc = resolve_listed(&spaces[i], name, list, why);
	netns_list_free(spaces, count);
	if (rc < 0)
		return FAIL(why, rc, "cannot look for interfaces: %s", strerror(-rc));
	if (list->count == 0) {
		struct source_error passed = *why;

		return FAIL(why, -ENOENT,
			    "no interface matches %s in any network namespace like %s%s%s",
			    quote(name->interface).text, quote(name->netns).text,
			    *passed.text ? "; " : "", passed.text);
	}
	return 0;
}

int source_resolve(const struct source_name *name, struct source_list *ret,
		   struct source_error *why)
{
	_cleanup_source_list_ struct source_list list = {0};
	int rc;

	why->text[0] = '\0';
	rc = name->netns_is_pattern ? resolve_several(name, &list, why)
				    : resolve_one(name, &list, why);
	if (rc < 0)
		return rc;
	*ret = list;
	list = (struct source_list){0};
	return 0;
}
