// SPDX-License-Identifier: GPL-2.0-or-later
/* The configuration that nobody has written: one interface, named on the command line. */
#define _GNU_SOURCE
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "../source/sentence.h"
#include "config_part.h"

int config_working_directory(char **ret, struct config_error *why)
{
	char *here = getcwd(NULL, 0);

	if (!here)
		return sentence(why->text, sizeof(why->text), -errno, "the working directory: %s",
				strerror(errno));
	*ret = here;
	return 0;
}

/* The namespace may be in front of the interface, as other commands take it. */
static int take_source(struct config_instance *instance, const char *netns, const char *interface,
		       struct config_error *why)
{
	const char *slash = strrchr(interface, '/');

	if (netns && slash)
		return config_fail(why, "", "%s names a network namespace, and so does --netns %s",
				   quote(interface).text, quote(netns).text);
	if (slash == interface)
		return config_fail(why, "",
				   "the network namespace before the interface is empty in %s",
				   quote(interface).text);
	if (slash)
		instance->namespace = strndup(interface, (size_t)(slash - interface));
	else if (netns)
		instance->namespace = strdup(netns);
	instance->interface = strdup(slash ? slash + 1 : interface);
	if (!instance->interface || (!instance->namespace && (slash || netns)))
		return config_no_memory(why);
	return 0;
}

static int fill_instance(struct config_instance *instance, const char *netns, const char *interface,
			 const char *output, const char *whitelist, struct config_error *why)
{
	_cleanup_free_ char *here = NULL;
	int error = config_working_directory(&here, why);

	if (error)
		return error;
	if (!whitelist && !access(CONFIG_WHITELIST, F_OK))
		whitelist = CONFIG_WHITELIST;
	error = take_source(instance, netns, interface, why);
	if (error)
		return error;
	if ((output && !(instance->output_file = strdup(output))) ||
	    (whitelist && !(instance->whitelist_file = strdup(whitelist))))
		return config_no_memory(why);
	error = config_instance_name(instance, here, "", why);
	if (!error)
		error = config_path_replace(&instance->output_file, here, here, "", "output_file",
					    why);
	if (!error)
		error = config_path_replace(&instance->whitelist_file, here, here, "",
					    "whitelist_file", why);
	return error;
}

int config_of_interface(const char *netns, const char *interface, const char *output,
			const char *whitelist, struct config *ret, struct config_error *why)
{
	_cleanup_config_ struct config config = {};
	int error = config_init(&config, why);

	if (error)
		return error;
	config.instances = calloc(1, sizeof(*config.instances));
	if (!config.instances)
		return config_no_memory(why);
	config.count = 1;
	config.instances[0] = config_instance_defaults();
	error = fill_instance(&config.instances[0], netns, interface, output, whitelist, why);
	if (!error)
		error = config_check_instances(&config, why);
	if (error)
		return error;
	*ret = config;
	config = (struct config){};
	return 0;
}
