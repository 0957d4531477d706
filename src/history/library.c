// SPDX-License-Identifier: GPL-2.0-or-later
#include "library.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

_Static_assert(sizeof(void *) == sizeof(void (*)(void)), "what dlsym() returns is a function's");

static int failed(const struct library *library, const char *what, struct history_error *why)
{
	const char *words = dlerror();

	snprintf(why->text, sizeof(why->text), "%s; install %s%s", words ? words : library->soname,
		 what, library->package);
	return -ENOPKG;
}

int library_load(const struct library *library, void *ret, struct history_error *why)
{
	void *handle = dlopen(library->soname, RTLD_NOW | RTLD_LOCAL), *function;
	char *next = ret;
	int err;

	if (!handle)
		return failed(library, "", why);
	for (size_t i = 0; i < library->count; i++, next += sizeof(function)) {
		function = dlsym(handle, library->functions[i]);
		if (!function) {
			err = failed(library, "a newer ", why);
			dlclose(handle);
			return err;
		}
		memcpy(next, &function, sizeof(function));
	}
	return 0;
}
