// SPDX-License-Identifier: GPL-2.0-or-later
#define _GNU_SOURCE 1
#include "dump.h"

#include <arpa/inet.h>
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include <netacct/cleanup.h>

#include "harness.h"
#include "tool.h"

void dump_clear(struct dump *dump)
{
	json_object_put(dump->root);
	dump->root = NULL;
}

void dump_parse(struct dump *dump, const char *text)
{
	struct json_tokener *tokener = json_tokener_new();
	enum json_tokener_error error;
	size_t length = text ? strlen(text) : 0, end;

	CHECK(tokener, "out of memory");
	json_tokener_set_flags(tokener, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8 |
						JSON_TOKENER_ALLOW_TRAILING_CHARS);
	text = text ? text : "";
	dump->root = json_tokener_parse_ex(tokener, text, (int)length + 1);
	error = json_tokener_get_error(tokener);
	end = json_tokener_get_parse_end(tokener);
	json_tokener_free(tokener);
	CHECK(dump->root && error == json_tokener_success, "not JSON (%s): %.400s",
	      json_tokener_error_desc(error), text);
	end += strspn(text + (end < length ? end : length), "\n");
	CHECK(end >= length, "more than one document: %.200s", text + end);
}

void dump_run(struct dump *dump, const char *const *argv)
{
	_cleanup_run_ struct run run = {0};

	tool_run(&run, argv);
	CHECK(run.status == 0, "netacct %s: expected exit status 0, got %d; stderr: %s", argv[0],
	      run.status, run.err);
	dump_parse(dump, run.out);
}

struct json_object *json_at(struct json_object *object, const char *path)
{
	const char *rest = path;
	char key[64];

	while (*rest) {
		size_t length = strcspn(rest, ".");

		CHECK(length < sizeof(key), "a key too long: %s", path);
		memcpy(key, rest, length);
		key[length] = '\0';
		CHECK(json_object_object_get_ex(object, key, &object), "no %s in the JSON", path);
		rest += length + (rest[length] == '.');
	}
	return object;
}

const char *json_text(struct json_object *object, const char *path)
{
	struct json_object *value = json_at(object, path);

	return value ? json_object_get_string(value) : "null";
}

uint64_t json_number(struct json_object *object, const char *path)
{
	struct json_object *value = json_at(object, path);

	CHECK(json_object_is_type(value, json_type_int), "%s is no integer: %s", path,
	      json_object_to_json_string(value));
	return json_object_get_uint64(value);
}

unsigned int dump_sources(const struct dump *dump)
{
	return (unsigned int)json_object_array_length(json_at(dump->root, "sources"));
}

struct json_object *dump_source(const struct dump *dump, const char *id)
{
	struct json_object *sources = json_at(dump->root, "sources");

	for (size_t i = 0; i < json_object_array_length(sources); i++) {
		struct json_object *source = json_object_array_get_idx(sources, i);

		if (!strcmp(json_text(source, "id"), id))
			return source;
	}
	fail("no source %s in the JSON: %.400s", id, json_object_to_json_string(dump->root));
}

struct json_object *list_namespace(const struct dump *list, const char *ns)
{
	struct json_object *namespaces = json_at(list->root, "namespaces");

	for (size_t i = 0; i < json_object_array_length(namespaces); i++) {
		struct json_object *one = json_object_array_get_idx(namespaces, i);
		bool own = json_object_get_boolean(json_at(one, "own"));

		if (ns ? !strcmp(json_text(one, "name"), ns) : own)
			return one;
	}
	fail("no namespace %s in the list", ns ? ns : "(own)");
}

struct json_object *list_interface(const struct dump *list, const char *ns, const char *name)
{
	struct json_object *interfaces = json_at(list_namespace(list, ns), "interfaces");

	for (size_t i = 0; i < json_object_array_length(interfaces); i++) {
		struct json_object *one = json_object_array_get_idx(interfaces, i);

		if (!strcmp(json_text(one, "name"), name))
			return one;
	}
	fail("no interface %s in namespace %s of the list", name, ns ? ns : "(own)");
}

static void read_count(struct json_object *object, struct ledger_count *ret)
{
	ret->packets[LEDGER_RX] = json_number(object, "rx_packets");
	ret->bytes[LEDGER_RX] = json_number(object, "rx_bytes");
	ret->packets[LEDGER_TX] = json_number(object, "tx_packets");
	ret->bytes[LEDGER_TX] = json_number(object, "tx_bytes");
}

/* The names of the protocols that tests send; others are numbers. */
static int16_t protocol_number(const char *name)
{
	static const struct {
		const char *name;
		int16_t number;
	} names[] = {
		{"HOPOPT", 0},	   {"ICMP", 1},	       {"IGMP", 2},
		{"IPv4", 4},	   {"TCP", 6},	       {"UDP", 17},
		{"IPv6", 41},	   {"IPv6-Route", 43}, {"IPv6-Frag", 44},
		{"GRE", 47},	   {"ESP", 50},	       {"AH", 51},
		{"IPv6-ICMP", 58}, {"IPv6-NoNxt", 59}, {"IPv6-Opts", 60},
		{"OSPFIGP", 89},   {"SCTP", 132},      {"Mobility Header", 135},
		{"UDPLite", 136},
	};
	char *end;
	long number = strtol(name, &end, 10);

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (!strcmp(names[i].name, name))
			return names[i].number;
	CHECK(!*end && number >= 0 && number < 256, "an unknown protocol: %s", name);
	return (int16_t)number;
}

static void read_address(struct json_object *record, const char *field, struct ledger_flow_key *key,
			 uint8_t *ret)
{
	struct json_object *value;
	const char *text;

	if (!json_object_object_get_ex(record, field, &value))
		return;
	text = json_object_get_string(value);
	key->family = strchr(text, ':') ? AF_INET6 : AF_INET;
	CHECK(inet_pton(key->family, text, ret) == 1, "%s is no address: %s", field, text);
}

static int32_t read_port(struct json_object *record, const char *field)
{
	struct json_object *value;

	return json_object_object_get_ex(record, field, &value) ? json_object_get_int(value) : -1;
}

void json_flows(struct json_object *source, struct ledger *ret)
{
	struct json_object *records = json_at(source, "traffic_data"), *value;

	for (size_t i = 0; i < json_object_array_length(records); i++) {
		struct json_object *record = json_object_array_get_idx(records, i);
		struct ledger_flow_key key = {.protocol = -1};
		size_t before = ret->count;
		struct ledger_flow *flow;

		read_address(record, "source_ip", &key, key.local);
		read_address(record, "destination_ip", &key, key.remote);
		key.local_port = read_port(record, "source_port");
		key.remote_port = read_port(record, "destination_port");
		if (json_object_object_get_ex(record, "protocol", &value))
			key.protocol = protocol_number(json_object_get_string(value));
		if (json_object_object_get_ex(record, "fragment", &value))
			key.fragment = json_object_get_boolean(value) != 0;
		flow = ledger_flow(ret, &key);
		CHECK(ret->count > before, "two records of one flow: %s",
		      json_object_to_json_string(record));
		read_count(record, &flow->count);
	}
}

void dump_ledger(const struct dump *dump, const char *id, struct ledger *ret)
{
	struct json_object *source = dump_source(dump, id);

	memset(ret, 0, sizeof(*ret));
	json_flows(source, ret);
	read_count(json_at(source, "balance.seen"), &ret->seen);
	read_count(json_at(source, "balance.accounted"), &ret->accounted);
	read_count(json_at(source, "balance.excluded"), &ret->excluded);
	read_count(json_at(source, "balance.overflow"), &ret->overflow);
	read_count(json_at(source, "balance.non_ip"), &ret->non_ip);
	read_count(json_at(source, "balance.handed_out"), &ret->handed_out);
}

void dump_one(const char *id, struct ledger *ret)
{
	_cleanup_dump_ struct dump dump = {0};

	dump_run(&dump, ARGUMENTS("dump", "-j", id));
	dump_ledger(&dump, id, ret);
}
