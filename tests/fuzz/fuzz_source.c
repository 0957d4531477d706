// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Source names: what is taken is the same text again when it is put together,
 * and no interface gets a name that the kernel would not give it.
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../src/source/source.h"
#include "fuzz.h"

/* dev_valid_name(); the kernel's white space has 0xa0 too, which is half a letter in UTF-8. */
static bool is_interface(const char *name)
{
	size_t i, length = strlen(name);

	if (!length || length > 15 || !strcmp(name, ".") || !strcmp(name, ".."))
		return false;
	for (i = 0; i < length; i++) {
		if (name[i] == '/' || name[i] == ':' || name[i] == ' ' ||
		    (name[i] >= '\t' && name[i] <= '\r'))
			return false;
	}
	return true;
}

static void check_place(const struct source_name *name)
{
	char pid[32];

	switch (name->place) {
	case SOURCE_OWN:
		MUST(!*name->netns && !name->netns_is_pattern);
		break;
	case SOURCE_NAME:
		MUST(*name->netns && !strchr(name->netns, '/') && strlen(name->netns) <= NAME_MAX);
		MUST(name->netns_is_pattern == !!strpbrk(name->netns, "*?["));
		break;
	case SOURCE_PID:
		MUST(name->pid > 0);
		snprintf(pid, sizeof(pid), "%d", name->pid);
		MUST(!strncmp(name->netns, "pid:", 4));
		MUST(!strcmp(name->netns + 4 + strspn(name->netns + 4, "0"), pid));
		break;
	case SOURCE_PATH:
		MUST(strchr(name->netns, '/') && !name->netns_is_pattern);
		break;
	default:
		MUST(!"a place");
	}
}

static void check_interface(const struct source_name *name)
{
	MUST(is_terminated(name->interface, sizeof(name->interface)));
	MUST(*name->interface && !strchr(name->interface, '/'));
	MUST(name->interface_is_pattern == !!strpbrk(name->interface, "*?["));
	MUST(name->interface_is_pattern || is_interface(name->interface));
}

/* netns: the value of --netns, or NULL */
static void check_whole(const struct source_name *name, const char *text, const char *netns)
{
	char whole[sizeof(name->netns) + sizeof(name->interface) + 2];

	MUST(is_terminated(name->netns, sizeof(name->netns)));
	if (netns) {
		MUST(!strcmp(name->netns, netns) && !strcmp(name->interface, text));
		return;
	}
	snprintf(whole, sizeof(whole), "%s%s%s", name->netns, name->place == SOURCE_OWN ? "" : "/",
		 name->interface);
	MUST(!strcmp(whole, text));
}

static void try(const char *text, const char *netns)
{
	static struct source_name name;
	struct source_error why;
	int error;

	fuzz_mark(&name, sizeof(name));
	error = source_parse(text, netns, &name, &why);
	if (error) {
		MUST(error == -EINVAL);
		MUST(is_sentence(why.text, sizeof(why.text)));
		MUST(is_marked(&name, sizeof(name)));
		return;
	}
	check_whole(&name, text, netns);
	check_place(&name);
	check_interface(&name);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input = {data, size};
	char *text = input_string(&input);
	char *netns = input.left ? input_string(&input) : NULL;

	try(text, netns);
	free(netns);
	free(text);
	return 0;
}
