// SPDX-License-Identifier: GPL-2.0-or-later
#include "json_source.h"
#include "names.h"

/* 0 stands for what the kernel or the source does not have. */
static void json_identity(struct json *json, const char *name, uint64_t number)
{
	if (number)
		json_number(json, name, number);
	else
		json_null(json, name);
}

static void put_place(struct json *json, const struct reading *reading)
{
	json_string(json, "interface", reading->interface);
	json_identity(json, "ifindex", reading->ifindex);
	json_string(json, "namespace", reading->namespace);
	json_identity(json, "netns_inode", reading->netns_inode);
	json_identity(json, "netns_cookie", reading->netns_cookie);
	json_string(json, "cgroup", reading->cgroup);
}

static void put_metadata(struct json *json, const struct reading *reading, size_t records)
{
	json_open(json, "metadata", '{');
	json_microseconds(json, "timestamp", reading->read_at);
	json_seconds(json, "attached_at", reading->attached_at);
	json_seconds(json, "since", reading->since);
	if (reading->departed_at)
		json_seconds(json, "departed_at", reading->departed_at);
	json_boolean(json, "exact", reading->exact);
	json_boolean(json, "live", reading->live);
	json_string(json, "meter", reading->uuid);
	json_number(json, "generation", reading->generation);
	json_string(json, "tag", reading->tag);
	json_string(json, "perspective", reading->peer ? "peer" : "interface");
	put_place(json, reading);
	json_string(json, "ingress", ingress_name(reading->ingress));
	json_string(json, "egress", egress_name(reading->hook));
	json_string(json, "hook", hook_name(reading->hook));
	json_string(json, "key", key_kind_name(reading->key));
	json_string(json, "bytes", reading->layer3 ? "l3" : "l2");
	json_number(json, "max_flows", reading->max_flows);
	json_number(json, "total_entries", records);
	json_number(json, "whitelisted_ips_count", reading->whitelist.count);
	json_close(json, '}');
}

static void put_summary(struct json *json, const struct summary *summary)
{
	json_open(json, "summary", '{');
	json_counter(json, "total_rx_packets", summary->rx.packets);
	json_counter(json, "total_rx_bytes", summary->rx.bytes);
	json_counter(json, "total_tx_packets", summary->tx.packets);
	json_counter(json, "total_tx_bytes", summary->tx.bytes);
	json_counter(json, "total_bytes", summary->rx.bytes + summary->tx.bytes);
	json_number(json, "unique_source_ips", summary->locals);
	json_number(json, "unique_destination_ips", summary->remotes);
	json_close(json, '}');
}

static void put_counts(struct json *json, const struct na_count *rx, const struct na_count *tx)
{
	json_counter(json, "rx_packets", rx->packets);
	json_counter(json, "rx_bytes", rx->bytes);
	json_counter(json, "tx_packets", tx->packets);
	json_counter(json, "tx_bytes", tx->bytes);
}

static void put_bucket(struct json *json, const char *name,
		       const struct na_count count[NA_DIRECTIONS])
{
	json_open(json, name, '{');
	put_counts(json, &count[NA_RX], &count[NA_TX]);
	json_close(json, '}');
}

static void put_balance(struct json *json, const struct balance *balance)
{
	int bucket;

	json_open(json, "balance", '{');
	for (bucket = 0; bucket < NA_BUCKETS; bucket++)
		put_bucket(json, bucket_name((enum na_bucket)bucket), balance->bucket[bucket]);
	put_bucket(json, "handed_out", balance->handed_out);
	put_bucket(json, "collected", balance->collected);
	if (balance->judged)
		json_counter(json, "difference", (uint64_t)balance->difference);
	else
		json_null(json, "difference");
	json_close(json, '}');
}

static bool any(const struct na_count count[NA_BUCKETS][NA_DIRECTIONS])
{
	int bucket, direction;

	for (bucket = 0; bucket < NA_BUCKETS; bucket++)
		for (direction = 0; direction < NA_DIRECTIONS; direction++)
			if (count[bucket][direction].packets || count[bucket][direction].bytes)
				return true;
	return false;
}

static void put_earlier(struct json *json, const struct reading *reading)
{
	int bucket;

	if (!any(reading->earlier))
		return;
	json_open(json, "earlier", '{');
	for (bucket = 0; bucket < NA_BUCKETS; bucket++)
		put_bucket(json, bucket_name((enum na_bucket)bucket), reading->earlier[bucket]);
	json_close(json, '}');
}

static void put_breakdown(struct json *json, const struct summary *summary)
{
	const struct protocol_total *total;
	char name[PROTOCOL_WRITE_MAX + 1];
	unsigned int protocol;

	json_open(json, "protocol_breakdown", '{');
	for (protocol = 0; protocol < 256; protocol++) {
		total = &summary->protocol[protocol];
		if (!total->count)
			continue;
		*protocol_write(name, (uint8_t)protocol) = '\0';
		json_open(json, name, '{');
		json_number(json, "count", total->count);
		put_counts(json, &total->rx, &total->tx);
		json_close(json, '}');
	}
	json_close(json, '}');
}

void json_source_head(struct json *json, const struct reading *reading,
		      const struct summary *summary)
{
	put_metadata(json, reading, summary->records);
	put_summary(json, summary);
	put_balance(json, &reading->balance);
	put_earlier(json, reading);
	if (key_kind_covers(reading->key, NA_KEY_HOST_PAIR))
		put_breakdown(json, summary);
}

void json_source_whitelist(struct json *json, const struct reading *reading)
{
	size_t i;

	json_open(json, "whitelist_info", '{');
	json_boolean(json, "enabled", reading->whitelist.enabled);
	json_number(json, "count", reading->whitelist.count);
	json_open(json, "sample_ips", '[');
	for (i = 0; i < READING_SAMPLES && reading->whitelist.sample[i][0]; i++)
		json_string(json, NULL, reading->whitelist.sample[i]);
	json_close(json, ']');
	json_close(json, '}');
}
