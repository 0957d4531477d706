// SPDX-License-Identifier: GPL-2.0-or-later
#include "report_key.h"

#include <errno.h>
#include <netacct/cleanup.h>
#include <stdio.h>
#include <string.h>

#include "../output/address.h"
#include "../output/names.h"

#define IPV6_LENGTH 64 /* of a network that has many hosts (RFC 4291, section 2.5.1) */

static const struct {
	const char *name;
	enum na_key_kind kind; /* that a source's keys must cover */
} keys[] = {
	[REPORT_BY_SOURCE] = {"source", NA_KEY_TOTAL},
	[REPORT_BY_HOST] = {"host", NA_KEY_HOST},
	[REPORT_BY_REMOTE] = {"remote", NA_KEY_REMOTE},
	[REPORT_BY_PREFIX] = {"prefix", NA_KEY_HOST},
	[REPORT_BY_PROTOCOL] = {"protocol", NA_KEY_HOST_PAIR},
	[REPORT_BY_PORT] = {"port", NA_KEY_FLOW},
	[REPORT_BY_NOTHING] = {"total", NA_KEY_TOTAL},
};

static int parse_prefix(const char *text, struct report_by *ret)
{
	unsigned int length = 0;
	size_t digits = strspn(text, "0123456789");

	if (!digits || digits > 3 || text[digits] || (digits > 1 && *text == '0'))
		return -EINVAL;
	for (size_t i = 0; i < digits; i++)
		length = length * 10 + (unsigned int)(text[i] - '0');
	if (length > 128)
		return -EINVAL;
	*ret = (struct report_by){.key = REPORT_BY_PREFIX, .given = true, .length = length};
	return 0;
}

int report_by_parse(const char *text, void *field, char why[static 256])
{
	static const char prefix[] = "prefix/";
	struct report_by *ret = field;

	if (!strncmp(text, prefix, sizeof(prefix) - 1) &&
	    !parse_prefix(text + sizeof(prefix) - 1, ret))
		return 0;
	for (size_t i = 0; i < REPORT_BY_NOTHING; i++) {
		if (i == REPORT_BY_PREFIX || strcmp(text, keys[i].name) != 0)
			continue;
		*ret = (struct report_by){.key = (enum report_key)i, .given = true};
		return 0;
	}
	snprintf(why, 256, "there is host, remote, prefix/N (0 to 128), protocol, port and source");
	return -EINVAL;
}

const char *report_by_name(const struct report_by *by)
{
	return keys[by->key].name;
}

bool report_by_covers(const struct report_by *by, enum na_key_kind kind)
{
	return key_kind_covers(kind, keys[by->key].kind);
}

unsigned int report_key_length(const struct report_by *by, bool ipv4)
{
	unsigned int most = ipv4 ? 32 : 128;

	if (by->key != REPORT_BY_PREFIX)
		return most;
	if (ipv4)
		return by->length < 32 ? by->length : 32;
	return by->length > 32 ? by->length : IPV6_LENGTH;
}

/* Clears the bits of an address behind the first `length`. */
static void mask(uint32_t address[4], unsigned int length)
{
	uint8_t *bytes = (uint8_t *)address;

	for (unsigned int i = length / 8; i < 16; i++) {
		bytes[i] &= i > length / 8 ? 0 : (uint8_t)(0xff00 >> length % 8);
	}
}

static void set_address(struct na_key *key, const struct report_by *by, const uint32_t address[4],
			uint32_t what)
{
	bool ipv4 = what & NA_WHAT_IPV4;

	memcpy(key->local, address, sizeof(key->local));
	if (by->key == REPORT_BY_PREFIX)
		mask(key->local, report_key_length(by, ipv4) + (ipv4 ? 96 : 0));
	key->what |= what & NA_WHAT_IPV4;
}

/* The lower port is the service's; one that is 0 is none. */
static uint16_t lower_port(const struct na_key *key)
{
	if (!key->local_port || !key->remote_port)
		return key->local_port | key->remote_port;
	return key->local_port < key->remote_port ? key->local_port : key->remote_port;
}

struct na_key report_key(const struct report_by *by, const struct history_row *row)
{
	struct na_key key = {.what = NA_WHAT_SET};

	if (by->key == REPORT_BY_SOURCE) {
		key.remote[REPORT_KEY_SOURCE] = row->source;
		return key;
	}
	if (by->key == REPORT_BY_NOTHING)
		return key;
	if (!row->key) {
		key.remote[REPORT_KEY_KIND] = REPORT_OTHER;
		return key;
	}
	if (by->key == REPORT_BY_HOST || by->key == REPORT_BY_PREFIX)
		set_address(&key, by, row->key->local, row->key->what);
	else if (by->key == REPORT_BY_REMOTE)
		set_address(&key, by, row->key->remote, row->key->what);
	else
		key.what |= row->key->what & NA_WHAT_PROTOCOL;
	if (by->key == REPORT_BY_PORT)
		key.local_port = lower_port(row->key);
	return key;
}

static void address_text(const struct report_by *by, const struct na_key *key,
			 char text[static REPORT_KEY_TEXT])
{
	bool ipv4 = key->what & NA_WHAT_IPV4;
	unsigned int length = report_key_length(by, ipv4);
	const uint8_t *bytes = (const uint8_t *)key->local;
	char *end = ipv4 ? address4_write(text, bytes + 12) : address6_write(text, bytes);

	*end = '\0';
	if (by->key == REPORT_BY_PREFIX)
		snprintf(end, (size_t)(text + REPORT_KEY_TEXT - end), "/%u", length);
}

void report_key_text(const struct report_by *by, const struct na_key *key,
		     char text[static REPORT_KEY_TEXT])
{
	text[0] = '\0';
	switch (by->key) {
	case REPORT_BY_HOST:
	case REPORT_BY_REMOTE:
	case REPORT_BY_PREFIX:
		address_text(by, key, text);
		break;
	case REPORT_BY_PROTOCOL:
	case REPORT_BY_PORT:
		*protocol_write(text, (uint8_t)(key->what & NA_WHAT_PROTOCOL)) = '\0';
		break;
	default:
		break;
	}
}
