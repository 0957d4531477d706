// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "address.h"
#include "cell.h"
#include "names.h"

_Static_assert(FLAGS_KEPT >= TCP_FLAGS_WRITE_MAX, "all flags");

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

	return services_write(context->services, key->what & NA_WHAT_PROTOCOL, lower, out);
}

char *cell_write_tcp_flags(struct column_context *context, const struct flow_record *record,
			   char *out)
{
	struct flags_text *kept = &context->flags[record->tcp_flags];

	if (!kept->length && record->tcp_flags)
		kept->length =
			(uint8_t)(tcp_flags_write(kept->text, record->tcp_flags) - kept->text);
	memcpy(out, kept->text, sizeof(kept->text));
	return out + kept->length;
}

char *cell_write_fragment(struct column_context *context, const struct flow_record *record,
			  char *out)
{
	(void)context;
	if (!(record->key.what & NA_WHAT_FRAGMENT))
		return out;
	return stpcpy(out, "true");
}

/* Seldom, and therefore not in line. */
static __attribute__((noinline)) void keep_minute(struct column_context *context, uint64_t minute,
						  struct minute_text *kept)
{
	rfc3339_seconds(&context->time, minute * 60, kept->text);
	kept->minute = minute + 1;
}

/*
 * The nearest second to the middle of the tick: a tick may last 0.64 s, and
 * its beginning cut to a second would be up to 1.64 s off.
 */
static char *put_time(struct column_context *context, uint32_t ticks, char *out)
{
	uint64_t wall = context->zero + ticks * context->tick, seconds, minute;
	struct minute_text *kept;

	if (context->tick_rest)
		wall += ticks * context->tick_rest / context->hz;
	seconds = wall / NANOSECONDS;
	if (seconds > context->latest)
		seconds = context->latest;
	minute = seconds / 60;
	kept = &context->minute[minute % MINUTES_KEPT];
	if (kept->minute != minute + 1)
		keep_minute(context, minute, kept);
	memcpy(out, kept->text, sizeof(kept->text));
	two_digits_write(out + RFC3339_SECONDS - 3, (unsigned int)(seconds % 60));
	return out + RFC3339_SECONDS;
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
