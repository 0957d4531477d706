// SPDX-License-Identifier: GPL-2.0-or-later
/* Source names taken apart; no kernel asked. */
#include "source.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "sentence.h"

#define FAIL(why, ...) sentence((why)->text, sizeof((why)->text), -EINVAL, __VA_ARGS__)

static bool is_pattern(const char *text)
{
	return strpbrk(text, "*?[") != NULL;
}

/* Length of the kind that a text begins with, its colon included; 0: none. */
static size_t kind_length(const char *text)
{
	size_t length = strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-");

	return length && text[length] == ':' ? length + 1 : 0;
}

static int parse_pid(const char *text, struct source_name *ret, struct source_error *why)
{
	const char *number = text + strlen("pid:");
	size_t digits = strspn(number, "0123456789");
	unsigned long pid = 0;

	errno = 0;
	if (digits)
		pid = strtoul(number, NULL, 10);
	if (!digits || number[digits] || errno || pid == 0 || pid > INT_MAX)
		return FAIL(why, "%s is not a process: pid: takes its number, as in pid:4711/eth0",
			    quote(text).text);
	ret->place = SOURCE_PID;
	ret->pid = (int)pid;
	return 0;
}

static int parse_netns_name(const char *text, struct source_name *ret, struct source_error *why)
{
	if (strcmp(text, ".") == 0 || strcmp(text, "..") == 0)
		return FAIL(why, "%s is not the name of a network namespace", quote(text).text);
	if (strlen(text) > NAME_MAX)
		return FAIL(why, "%s is too long for the name of a network namespace",
			    quote(text).text);
	ret->place = SOURCE_NAME;
	ret->netns_is_pattern = is_pattern(text);
	return 0;
}

/* text: what stands before the last slash, or the value of --netns */
static int parse_place(const char *text, size_t length, struct source_name *ret,
		       struct source_error *why)
{
	if (length == 0)
		return FAIL(why, "the network namespace before the interface is empty");
	if (length >= sizeof(ret->netns))
		return FAIL(why, "%s is too long for a path", quote_bytes(text, length).text);
	memcpy(ret->netns, text, length);
	ret->netns[length] = '\0';
	if (kind_length(ret->netns))
		return parse_pid(ret->netns, ret, why);
	if (!strchr(ret->netns, '/'))
		return parse_netns_name(ret->netns, ret, why);
	ret->place = SOURCE_PATH;
	return 0;
}

static int parse_literal(const char *text, struct source_error *why)
{
	if (strcmp(text, ".") == 0 || strcmp(text, "..") == 0)
		return FAIL(why, "no interface can be called %s", quote(text).text);
	if (strlen(text) >= IFNAMSIZ)
		return FAIL(why, "%s is too long for an interface: at most %d bytes",
			    quote(text).text, IFNAMSIZ - 1);
	if (strpbrk(text, ": \t\n\v\f\r"))
		return FAIL(why, "no interface can be called %s: %s", quote(text).text,
			    strchr(text, ':') ? "a colon belongs to the label of an address"
					      : "there is white space in it");
	return 0;
}

static int parse_interface(const char *text, struct source_name *ret, struct source_error *why)
{
	if (!*text)
		return *ret->netns ? FAIL(why, "the interface is missing: %s/INTERFACE",
					  quote(ret->netns).text)
				   : FAIL(why, "the name of the interface is empty");
	if (strlen(text) >= sizeof(ret->interface))
		return FAIL(why, "%s is too long for an interface", quote(text).text);
	strcpy(ret->interface, text);
	ret->interface_is_pattern = is_pattern(text);
	return ret->interface_is_pattern ? 0 : parse_literal(text, why);
}

/* A kind that does not exist, in the text or in the value of --netns. */
static int check_kind(const char *text, struct source_error *why)
{
	size_t length = kind_length(text);

	if (length == 0 || strncmp(text, "pid:", length) == 0)
		return 0;
	return FAIL(why,
		    "%s is an unknown kind of source (a namespace of that name is reached as "
		    "/run/netns/NAME/INTERFACE)",
		    quote_bytes(text, length).text);
}

int source_parse(const char *text, const char *netns, struct source_name *ret,
		 struct source_error *why)
{
	struct source_name name = {.place = SOURCE_OWN};
	const char *slash = strrchr(text, '/');
	int rc;

	rc = check_kind(text, why);
	if (rc == 0 && netns)
		rc = check_kind(netns, why);
	if (rc < 0)
		return rc;
	if (netns && (slash || kind_length(text)))
		return FAIL(why, "%s names a network namespace, and so does --netns %s",
			    quote(text).text, quote(netns).text);
	if (!slash && kind_length(text))
		return FAIL(why, "the interface is missing: pid:NUMBER/INTERFACE");
	if (netns)
		rc = parse_place(netns, strlen(netns), &name, why);
	else if (slash)
		rc = parse_place(text, (size_t)(slash - text), &name, why);
	if (rc == 0)
		rc = parse_interface(slash ? slash + 1 : text, &name, why);
	if (rc == 0)
		*ret = name;
	return rc;
}
