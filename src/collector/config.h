/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The collector's configuration (netacct.json(5)), parsed and checked whole:
 * an unknown key, a wrong type or value is an error that names the place and,
 * for a key, the nearest known one. The first tool's multi-instance files are
 * valid as they are.
 */
#ifndef NETACCT_CONFIG_H
#define NETACCT_CONFIG_H

#include "../history/history.h"
#include "../meter/hooks.h"

#define CONFIG_PATH "/etc/netacct/netacct.json"
#define CONFIG_WHITELIST "/etc/netacct/whitelist.json"
#define CONFIG_WHITELIST_FOLDER "/etc/netacct"
#define CONFIG_OUTPUT_FOLDER "/var/log/netacct"

struct config_error {
	char text[512];
};

enum config_output { CONFIG_JSON, CONFIG_NDJSON };

struct config_instance {
	char *name; /* of its book and in messages: the tag, else NAMESPACE--INTERFACE as written */
	char *tag; /* NULL: none */
	char *namespace; /* NULL: the collector's own; may be a pattern, pid:N or a path */
	char *interface; /* may be a pattern, or @default */
	char *output_file; /* absolute, NULL: none */
	char *whitelist_file; /* absolute, NULL: none; where not said CONFIG_WHITELIST, if there */
	enum config_output output_format;
	bool debug;
	bool persist; /* stays attached when the collector ends */
	struct hooks_request hooks; /* xdp, hook, order */
	bool peer, layer3;
	enum na_key_kind key;
	uint32_t max_flows; /* the instance's, else performance_config.map_sizes.traffic_map, else
			       65536 */
	uint32_t max_sources; /* of a pattern */
	uint32_t whitelist_size; /* performance_config.map_sizes.whitelist_map: room at least, 0:
				    none said */
};

/* What a limit is about, and in which direction. */
enum config_period { CONFIG_DAY, CONFIG_MONTH, CONFIG_BILLING };
enum config_direction { CONFIG_IN, CONFIG_OUT, CONFIG_BOTH };

#define CONFIG_THRESHOLDS 8

struct config_limit {
	char *name; /* as configured, else made: "host--eth0 month" */
	char *source; /* pattern of source ids (fnmatch), NULL: all sources together */
	char *host; /* a local address or prefix, NULL: all of the source */
	enum config_period period;
	enum config_direction direction;
	uint64_t bytes;
	uint32_t percent[CONFIG_THRESHOLDS]; /* ascending; 80, 90, 100 where not given */
	size_t percents;
	char **command; /* argv, executed directly; NULL: none; command[0] is absolute */
};

struct config {
	char *path; /* NULL: made for one interface on the command line */
	struct config_instance *instances;
	size_t count;
	uint64_t polling_interval; /* ns */
	char *history; /* absolute path of the database */
	struct history_settings history_settings;
	int reset_day; /* of the billing period, 1 to 31 */
	bool anomalies; /* a log line for what stands out; default true */
	char *socket; /* absolute path; NULL: none ("socket": null or false) */
	struct config_limit *limits;
	size_t limit_count;
	char **notices; /* said once at start: object_file and such are without effect */
	size_t notice_count;
};

/* The errno of reading it, or -EINVAL, with a sentence in `why`. Every path in it is absolute then.
 */
int config_load(const char *path, struct config *ret, struct config_error *why);
/* The same of a text; `folder` (absolute) is what relative paths with a slash are beside. */
int config_parse(const char *text, size_t length, const char *folder, struct config *ret,
		 struct config_error *why);
/* One instance with all defaults, for `collect IFACE`; paths relative to the working directory. */
int config_of_interface(const char *netns, const char *interface, const char *output,
			const char *whitelist, struct config *ret, struct config_error *why);
void config_clear(struct config *config);
#define _cleanup_config_ __attribute__((cleanup(config_clear)))

/*
 * Does the configuration name a source of this id (host--eth0)? Patterns are heeded. Nothing is
 * looked up: a namespace by process or by a path outside of /run/netns may be any one, @default any
 * interface.
 */
bool config_names(const struct config *config, const char *id);

/*
 * --create-example: writes netacct.json and a whitelist into `folder` (made where it is not), and
 * overwrites nothing: -EEXIST, naming the file in `why`.
 */
int config_write_example(const char *folder, struct config_error *why);

#endif
