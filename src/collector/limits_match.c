// SPDX-License-Identifier: GPL-2.0-or-later
#include "limits_match.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fnmatch.h>
#include <netacct/cleanup.h>
#include <string.h>

#include "../meter/prefix.h"
#include "../source/sentence.h"

static int parse_host(const struct config_limit *limit, struct na_prefix *ret,
		      struct history_error *why)
{
	struct prefix_error error = {""};
	int failed;

	if (strchr(limit->host, '/'))
		failed = prefix_parse_network(limit->host, ret, &error);
	else
		failed = prefix_parse_address(limit->host, ret, &error);
	if (failed)
		return sentence(why->text, sizeof(why->text), failed, "limit %s: host %s: %s",
				quote(limit->name).text, quote(limit->host).text, error.text);
	return 0;
}

int limit_matches_new(const struct config *config, struct limit_match **ret,
		      struct history_error *why)
{
	struct limit_match *matches = calloc(config->limit_count + 1, sizeof(*matches));
	int error = 0;

	if (!matches)
		return -ENOMEM;
	for (size_t i = 0; !error && i < config->limit_count; i++) {
		matches[i].limit = &config->limits[i];
		if (matches[i].limit->host)
			error = parse_host(matches[i].limit, &matches[i].host, why);
	}
	if (error)
		limit_matches_free(TAKE_PTR(matches), config->limit_count);
	else
		*ret = matches;
	return error;
}

void limit_matches_free(struct limit_match *matches, size_t count)
{
	for (size_t i = 0; matches && i < count; i++)
		free(matches[i].sources);
	free(matches);
}

static int find_sources(struct limit_match *match, const struct history_source *sources,
			size_t count)
{
	uint32_t most = 0;
	bool *found;

	for (size_t i = 0; i < count; i++)
		if (sources[i].number > most)
			most = sources[i].number;
	found = calloc((size_t)most + 1, sizeof(*found));
	if (!found)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++)
		found[sources[i].number] = limit_match_id(match, sources[i].id);
	free(match->sources);
	match->sources = found;
	match->source_count = (size_t)most + 1;
	return 0;
}

int limit_matches_sources(struct limit_match *matches, size_t count, struct history *history,
			  struct history_error *why)
{
	struct history_source *sources = NULL;
	size_t source_count = 0;
	int error = history_sources(history, &sources, &source_count, why);

	for (size_t i = 0; !error && i < count; i++)
		error = find_sources(&matches[i], sources, source_count);
	history_sources_free(sources, source_count);
	return error;
}

bool limit_match_id(const struct limit_match *match, const char *id)
{
	return !match->limit->source || !fnmatch(match->limit->source, id, 0);
}

/* Do the first `length` bits agree? */
static bool same_bits(const void *left, const void *right, unsigned int length)
{
	const uint8_t *a = left, *b = right;
	unsigned int bytes = length / 8, rest = length % 8;

	return !memcmp(a, b, bytes) &&
	       (!rest || !((a[bytes] ^ b[bytes]) & (uint8_t)(0xff00 >> rest)));
}

bool limit_match_key(const struct limit_match *match, enum na_key_kind kind,
		     const struct na_key *key)
{
	bool ipv4 = match->host.family == htonl(4);
	unsigned int length = match->host.prefixlen - 32; /* it counts from the family */

	if (!match->limit->host)
		return true;
	if (!key || !key_kind_covers(kind, NA_KEY_HOST) || ipv4 != !!(key->what & NA_WHAT_IPV4))
		return false;
	return same_bits(ipv4 ? &key->local[3] : key->local, match->host.address, length);
}

uint64_t limit_match_bytes(const struct limit_match *match, const struct na_count *rx,
			   const struct na_count *tx)
{
	switch (match->limit->direction) {
	case CONFIG_IN:
		return rx->bytes;
	case CONFIG_OUT:
		return tx->bytes;
	default:
		return rx->bytes + tx->bytes;
	}
}
