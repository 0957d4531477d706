// SPDX-License-Identifier: GPL-2.0-or-later
#include <arpa/inet.h>
#include <string.h>

#include "code.h"

/* The first byte: the kind in three bits, and: */
#define MARK_KIND 0x07u
#define MARK_IPV4 0x08u
#define MARK_FRAGMENT 0x10u
#define MARK_SHORT 0x20u /* addresses of 4 bytes */

static bool has_local(enum na_key_kind kind)
{
	return key_kind_covers(kind, NA_KEY_HOST);
}

static bool has_remote(enum na_key_kind kind)
{
	return key_kind_covers(kind, NA_KEY_REMOTE);
}

/* ::ffff:a.b.c.d (RFC 4291, section 2.5.5.2) */
static bool is_mapped(const uint32_t address[4])
{
	return !address[0] && !address[1] && address[2] == htonl(0xffff);
}

static bool is_short(const struct na_key *key, enum na_key_kind kind)
{
	return (has_local(kind) || has_remote(kind)) &&
	       (!has_local(kind) || is_mapped(key->local)) &&
	       (!has_remote(kind) || is_mapped(key->remote));
}

static uint8_t *put_address(uint8_t *out, const uint32_t address[4], bool brief)
{
	size_t length = brief ? 4 : 16;

	memcpy(out, (const uint8_t *)address + 16 - length, length);
	return out + length;
}

static uint8_t *put_port(uint8_t *out, uint16_t port)
{
	*out++ = (uint8_t)(port >> 8);
	*out++ = (uint8_t)port;
	return out;
}

size_t code_key(const struct na_key *key, enum na_key_kind kind, uint8_t out[static CODE_KEY_MAX])
{
	bool brief = is_short(key, kind);
	uint8_t *end = out;

	*end++ = (uint8_t)(kind | (key->what & NA_WHAT_IPV4 ? MARK_IPV4 : 0) |
			   (key->what & NA_WHAT_FRAGMENT ? MARK_FRAGMENT : 0) |
			   (brief ? MARK_SHORT : 0));
	if (has_local(kind))
		end = put_address(end, key->local, brief);
	if (has_remote(kind))
		end = put_address(end, key->remote, brief);
	if (key_kind_covers(kind, NA_KEY_HOST_PAIR))
		*end++ = (uint8_t)(key->what & NA_WHAT_PROTOCOL);
	if (key_kind_covers(kind, NA_KEY_FLOW)) {
		end = put_port(end, key->local_port);
		end = put_port(end, key->remote_port);
	}
	return (size_t)(end - out);
}

static size_t length_of(enum na_key_kind kind, bool brief)
{
	size_t address = brief ? 4 : 16;

	return 1 + address * (has_local(kind) + has_remote(kind)) +
	       (key_kind_covers(kind, NA_KEY_HOST_PAIR) ? 1 : 0) +
	       (key_kind_covers(kind, NA_KEY_FLOW) ? 4 : 0);
}

static const uint8_t *get_address(const uint8_t *in, uint32_t address[4], bool brief)
{
	size_t length = brief ? 4 : 16;

	if (brief)
		address[2] = htonl(0xffff);
	memcpy((uint8_t *)address + 16 - length, in, length);
	return in + length;
}

static uint16_t get_port(const uint8_t *in)
{
	return (uint16_t)(in[0] << 8 | in[1]);
}

size_t code_key_read(const uint8_t *in, size_t length, struct na_key *key, enum na_key_kind *kind)
{
	unsigned int mark = length ? in[0] : MARK_KIND;
	enum na_key_kind found = (enum na_key_kind)(mark & MARK_KIND);
	bool brief = mark & MARK_SHORT;
	const uint8_t *next = in + 1;

	if (found >= NA_KEY_KINDS || length < length_of(found, brief))
		return 0;
	memset(key, 0, sizeof(*key));
	key->what = NA_WHAT_SET | (mark & MARK_IPV4 ? NA_WHAT_IPV4 : 0) |
		    (mark & MARK_FRAGMENT ? NA_WHAT_FRAGMENT : 0);
	if (has_local(found))
		next = get_address(next, key->local, brief);
	if (has_remote(found))
		next = get_address(next, key->remote, brief);
	if (key_kind_covers(found, NA_KEY_HOST_PAIR))
		key->what |= *next++;
	if (key_kind_covers(found, NA_KEY_FLOW)) {
		key->local_port = get_port(next);
		key->remote_port = get_port(next + 2);
	}
	*kind = found;
	return length_of(found, brief);
}

static bool is_nothing(const uint32_t address[4])
{
	return !(address[0] | address[1] | address[2] | address[3]);
}

enum na_key_kind code_kind_of(const struct na_key *key)
{
	if (key->local_port || key->remote_port || key->what & NA_WHAT_FRAGMENT)
		return NA_KEY_FLOW;
	if (key->what & NA_WHAT_PROTOCOL)
		return NA_KEY_HOST_PAIR;
	if (is_nothing(key->remote))
		return is_nothing(key->local) ? NA_KEY_TOTAL : NA_KEY_HOST;
	return is_nothing(key->local) ? NA_KEY_REMOTE : NA_KEY_HOST_PAIR;
}
