// SPDX-License-Identifier: GPL-2.0-or-later
#include <arpa/inet.h>
#include <errno.h>
#include <json-c/json.h>
#include <netacct/abi.h>
#include <stdio.h>
#include <string.h>

#include "die.h"
#include "fill.h"
#include "user.h"

static FILE *open_dump(const char *netacct)
{
	char command[600];
	FILE *pipe;

	snprintf(command, sizeof(command), "'%s' dump -j", netacct);
	pipe = popen(command, "re");
	if (!pipe)
		die("%s: %s", command, strerror(errno));
	return pipe;
}

char *user_document(const char *netacct, size_t *ret_length)
{
	FILE *pipe = open_dump(netacct);
	size_t size = 1 << 20, length = 0;
	char *text = allocate(size, 1);
	size_t got;

	while ((got = fread(text + length, 1, size - length, pipe))) {
		length += got;
		if (length < size)
			continue;
		size *= 2;
		text = realloc(text, size);
		if (!text)
			die("no memory");
	}
	if (pclose(pipe))
		die("%s dump -j failed", netacct);
	*ret_length = length;
	return text;
}

static json_object *parse(const char *document, size_t length)
{
	json_tokener *tokener = json_tokener_new();
	json_object *object;

	if (!tokener)
		die("no memory");
	json_tokener_set_flags(tokener, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
	while (length && document[length - 1] == '\n')
		length--;
	object = json_tokener_parse_ex(tokener, document, (int)length);
	if (!object || json_tokener_get_parse_end(tokener) != length)
		die("dump -j is not JSON: %s",
		    json_tokener_error_desc(json_tokener_get_error(tokener)));
	json_tokener_free(tokener);
	return object;
}

static json_object *member(json_object *object, const char *name)
{
	json_object *found;

	if (!json_object_object_get_ex(object, name, &found))
		die("dump -j has no %s where one was expected", name);
	return found;
}

static uint64_t number(json_object *object, const char *name)
{
	json_object *found = member(object, name);

	if (!json_object_is_type(found, json_type_int))
		die("dump -j: %s is not a number", name);
	return (uint64_t)json_object_get_int64(found);
}

static uint32_t address(json_object *flow, const char *name)
{
	struct in_addr parsed;

	if (inet_pton(AF_INET, json_object_get_string(member(flow, name)), &parsed) != 1)
		die("dump -j: %s is no address", name);
	return parsed.s_addr;
}

static bool is_flow(json_object *flow, const struct na_key *key)
{
	return address(flow, "source_ip") == key->local[3] &&
	       address(flow, "destination_ip") == key->remote[3] &&
	       number(flow, "source_port") == key->local_port &&
	       number(flow, "destination_port") == key->remote_port &&
	       !strcmp(json_object_get_string(member(flow, "protocol")), "TCP");
}

static bool is_counted(json_object *flow)
{
	return number(flow, "rx_packets") == FILL_PACKETS &&
	       number(flow, "rx_bytes") == FILL_BYTES && !number(flow, "tx_packets") &&
	       !number(flow, "tx_bytes") && number(flow, "total_bytes") == FILL_BYTES;
}

/* By remote address, of which no two flows have the same. */
static int compare(const void *a, const void *b)
{
	uint32_t x = ntohl(((const struct na_key *)a)->remote[3]);
	uint32_t y = ntohl(((const struct na_key *)b)->remote[3]);

	return (x > y) - (x < y);
}

static struct na_key *expected_keys(uint32_t flows)
{
	struct na_key *keys = allocate(flows, sizeof(*keys));
	uint32_t i;

	for (i = 0; i < flows; i++)
		fill_key(i, &keys[i]);
	qsort(keys, flows, sizeof(*keys), compare);
	return keys;
}

/* As many as were expected, none of them twice: so none is missing. */
static void check_flows(json_object *records, uint32_t flows)
{
	_cleanup_free_ struct na_key *keys = expected_keys(flows);
	_cleanup_free_ bool *seen = allocate(flows, sizeof(*seen));
	uint32_t i;

	if (json_object_array_length(records) != flows)
		die("dump -j has %zu flows, not %u", json_object_array_length(records), flows);
	for (i = 0; i < flows; i++) {
		json_object *flow = json_object_array_get_idx(records, i);
		const struct na_key wanted = {.remote = {[3] = address(flow, "destination_ip")}};
		const struct na_key *key = bsearch(&wanted, keys, flows, sizeof(*keys), compare);

		if (!key || seen[key - keys] || !is_flow(flow, key) || !is_counted(flow))
			die("dump -j has what is in no meter: %s",
			    json_object_to_json_string(flow));
		seen[key - keys] = true;
	}
}

void user_check(const char *document, size_t length, uint32_t flows)
{
	json_object *root = parse(document, length), *sources = member(root, "sources");
	json_object *source = json_object_array_get_idx(sources, 0);

	if (json_object_array_length(sources) != 1)
		die("dump -j has %zu sources", json_object_array_length(sources));
	if (number(member(source, "summary"), "total_rx_packets") != (uint64_t)flows * FILL_PACKETS)
		die("the sum that dump -j has of its packets is not that of the meter");
	check_flows(member(source, "traffic_data"), flows);
	json_object_put(root);
}
