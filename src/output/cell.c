// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "address.h"
#include "cell.h"
#include "names.h"

#define CELL_OTHER "other" /* in the place of an address or protocol */

static char *put_address(const struct flow_record *record, const uint32_t address[4], char *out)
{
	const uint8_t *bytes = (const uint8_t *)address;

	if (record_is_other(record))
		return stpcpy(out, CELL_OTHER);
	if (record->key.what & NA_WHAT_IPV4)
		return address4_write(out, bytes + 12);
	return address6_write(out, bytes);
}

char *cell_write_local(struct column_context *context, const struct flow_record *record, char *out)
{
	(void)context;
	return put_address(record, record->key.local, out);
}

char *cell_write_remote(struct column_context *context, const struct flow_record *record, char *out)
{
	(void)context;
	return put_address(record, record->key.remote, out);
}

char *cell_write_protocol(struct column_context *context, const struct flow_record *record,
			  char *out)
{
	(void)context;
	if (record_is_other(record))
		return stpcpy(out, CELL_OTHER);
	return protocol_write(out, record->key.what & NA_WHAT_PROTOCOL);
}

char *cell_write_service(struct column_context *context, const struct flow_record *record,
			 char *out)
{
	const struct na_key *key = &record->key;
	uint16_t lower = key->local_port < key->remote_port ? key->local_port : key->remote_port;
	const char *name;

	name = services_find(context->services, key->what & NA_WHAT_PROTOCOL, lower);
	return name ? stpcpy(out, name) : out;
}

char *cell_write_tcp_flags(struct column_context *context, const struct flow_record *record,
			   char *out)
{
	(void)context;
	return tcp_flags_write(out, record->tcp_flags);
}

char *cell_write_fragment(struct column_context *context, const struct flow_record *record,
			  char *out)
{
	(void)context;
	if (!(record->key.what & NA_WHAT_FRAGMENT))
		return out;
	return stpcpy(out, "true");
}

/*
 * The nearest second to the middle of the tick: a tick may last 0.64 s, and
 * its beginning cut to a second would be up to 1.64 s off.
 */
static char *put_time(struct column_context *context, uint32_t ticks, char *out)
{
	uint64_t wall = time_base_wall(&context->time_base, ticks) + context->half_tick;
	uint64_t seconds = (wall + NANOSECONDS / 2) / NANOSECONDS;

	if (seconds > context->latest)
		seconds = context->latest;
	return rfc3339_seconds(&context->time, seconds, out);
}

char *cell_write_first_seen(struct column_context *context, const struct flow_record *record,
			    char *out)
{
	return put_time(context, record->first_seen, out);
}

char *cell_write_last_seen(struct column_context *context, const struct flow_record *record,
			   char *out)
{
	return put_time(context, record->last_seen, out);
}

uint64_t cell_local_port(const struct flow_record *record)
{
	return record->key.local_port;
}

uint64_t cell_remote_port(const struct flow_record *record)
{
	return record->key.remote_port;
}

uint64_t cell_rx_packets(const struct flow_record *record)
{
	return record->rx.packets;
}

uint64_t cell_rx_bytes(const struct flow_record *record)
{
	return record->rx.bytes;
}

uint64_t cell_tx_packets(const struct flow_record *record)
{
	return record->tx.packets;
}

uint64_t cell_tx_bytes(const struct flow_record *record)
{
	return record->tx.bytes;
}

uint64_t cell_total_bytes(const struct flow_record *record)
{
	return record->rx.bytes + record->tx.bytes;
}

uint64_t cell_fragment(const struct flow_record *record)
{
	return !!(record->key.what & NA_WHAT_FRAGMENT);
}

uint64_t cell_first_seen(const struct flow_record *record)
{
	return record->first_seen;
}

uint64_t cell_last_seen(const struct flow_record *record)
{
	return record->last_seen;
}
