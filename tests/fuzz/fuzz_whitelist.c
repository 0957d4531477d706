// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The whitelist parser: what it takes is JSON to json-c's strict parser too,
 * and every prefix stands for itself; what it refuses it explains, and leaves
 * the result alone.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "../../src/meter/prefix.h"
#include "../../src/meter/whitelist.h"
#include "fuzz.h"

static void check_json(const char *text, size_t length)
{
	struct json_tokener *tokener = json_tokener_new();
	struct json_object *root;

	json_tokener_set_flags(tokener, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
	root = json_tokener_parse_ex(tokener, text, (int)length);
	MUST(json_tokener_get_error(tokener) == json_tokener_success);
	MUST(json_object_is_type(root, json_type_object));
	json_object_put(root);
	json_tokener_free(tokener);
}

/* Behind the prefix length all is 0, or the trie would hold what nobody meant. */
static void check_bits(const struct na_prefix *prefix, unsigned int bits)
{
	const uint8_t *bytes = (const uint8_t *)prefix->address;
	unsigned int i;

	for (i = bits; i < 128; i++)
		MUST(!(bytes[i / 8] >> (7 - i % 8) & 1));
}

static void check_prefix(const struct na_prefix *prefix)
{
	static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
	unsigned int most = prefix->family == htonl(4) ? 32 : 128;
	struct prefix_error why;
	struct na_prefix again;
	char text[PREFIX_TEXT];

	MUST(prefix->family == htonl(4) || prefix->family == htonl(6));
	MUST(prefix->prefixlen >= 32 && prefix->prefixlen <= 32 + most);
	check_bits(prefix, prefix->prefixlen - 32);
	MUST(most == 32 || prefix->prefixlen < 32 + 96 ||
	     memcmp(prefix->address, mapped, sizeof(mapped)) != 0);
	memset(text, 'x', sizeof(text));
	prefix_format(prefix, text);
	MUST(is_sentence(text, sizeof(text)));
	if (strchr(text, '/'))
		MUST(!prefix_parse_network(text, &again, &why));
	else
		MUST(!prefix_parse_address(text, &again, &why));
	MUST(!memcmp(prefix, &again, sizeof(again)));
}

static void check_taken(const struct whitelist *whitelist)
{
	size_t i, samples = 0;

	MUST(whitelist->count <= whitelist->listed);
	MUST(!whitelist->count == !whitelist->listed);
	for (i = 0; i < whitelist->count; i++) {
		check_prefix(&whitelist->prefixes[i]);
		MUST(!i ||
		     prefix_compare(&whitelist->prefixes[i - 1], &whitelist->prefixes[i]) < 0);
	}
	for (i = 0; i < 5; i++) {
		MUST(is_terminated(whitelist->sample[i], sizeof(whitelist->sample[i])));
		MUST(!whitelist->sample[i][0] || samples == i);
		samples += whitelist->sample[i][0] != '\0';
	}
	MUST(samples == (whitelist->count < 5 ? whitelist->count : 5));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input = {data, size};
	struct whitelist whitelist;
	struct whitelist_error why;
	char *text = input_rest(&input);
	int error;

	fuzz_mark(&whitelist, sizeof(whitelist));
	error = whitelist_parse(text, size, &whitelist, &why);
	if (error) {
		MUST(error == -EINVAL);
		MUST(is_sentence(why.text, sizeof(why.text)));
		MUST(is_marked(&whitelist, sizeof(whitelist)));
	} else {
		check_json(text, size);
		check_taken(&whitelist);
		whitelist_clear(&whitelist);
	}
	free(text);
	return 0;
}
