// SPDX-License-Identifier: GPL-2.0-or-later
#include <endian.h>
#include <netacct/cleanup.h>
#include <string.h>

#include "cell.h"

#define KEY(kind) (1u << NA_KEY_##kind)
#define KEYS_ALL ((1u << NA_KEY_KINDS) - 1)
#define KEYS_LOCAL (KEY(HOST) | KEY(HOST_PAIR) | KEY(FLOW))
#define KEYS_REMOTE (KEY(REMOTE) | KEY(HOST_PAIR) | KEY(FLOW))
#define KEYS_PROTOCOL (KEY(HOST_PAIR) | KEY(FLOW))

void column_context_init(struct column_context *context, const struct reading *reading,
			 const struct services *services)
{
	const struct time_base *base = &reading->time_base;

	*context = (struct column_context){
		.services = services,
		.zero = time_base_wall(base, 0) + NANOSECONDS / 2,
		.latest = reading->read_at ? reading->read_at / NANOSECONDS : UINT64_MAX,
		.hz = base->hz,
	};
	if (!base->hz)
		return;
	context->tick = (NANOSECONDS << NA_TICK_SHIFT) / base->hz;
	context->tick_rest = (NANOSECONDS << NA_TICK_SHIFT) % base->hz;
	context->zero += context->tick / 2;
}

static uint64_t address_word(const uint32_t address[4], unsigned int word)
{
	uint64_t half;

	memcpy(&half, (const char *)address + sizeof(half) * word, sizeof(half));
	return be64toh(half);
}

static uint64_t rank_local(const struct column *column, struct column_context *context,
			   const struct flow_record *record, unsigned int word)
{
	(void)column;
	(void)context;
	return address_word(record->key.local, word);
}

static uint64_t rank_remote(const struct column *column, struct column_context *context,
			    const struct flow_record *record, unsigned int word)
{
	(void)column;
	(void)context;
	return address_word(record->key.remote, word);
}

static uint64_t rank_text(const struct column *column, struct column_context *context,
			  const struct flow_record *record, unsigned int word)
{
	char text[COLUMN_WRITE_MAX], *end = column->write(context, record, text);
	uint64_t part;

	if (end == text)
		return UINT64_MAX; /* what is absent comes last */
	memset(end, 0, (size_t)(text + sizeof(text) - end));
	memcpy(&part, text + sizeof(part) * word, sizeof(part));
	return be64toh(part);
}

static uint64_t rank_number(const struct column *column, struct column_context *context,
			    const struct flow_record *record, unsigned int word)
{
	(void)context;
	(void)word;
	return ~column->number(record);
}

const struct column columns[] = {
	{"source_ip", "LOCAL", COLUMN_TEXT, false, KEYS_LOCAL, NULL, cell_write_local, rank_local,
	 2},
	{"destination_ip", "REMOTE", COLUMN_TEXT, false, KEYS_REMOTE, NULL, cell_write_remote,
	 rank_remote, 2},
	{"source_port", "LPORT", COLUMN_PORT, false, KEY(FLOW), cell_local_port, NULL, rank_number,
	 1},
	{"destination_port", "RPORT", COLUMN_PORT, false, KEY(FLOW), cell_remote_port, NULL,
	 rank_number, 1},
	{"protocol", "PROTOCOL", COLUMN_TEXT, false, KEYS_PROTOCOL, NULL, cell_write_protocol,
	 rank_text, 2},
	{"service", "SERVICE", COLUMN_TEXT, true, KEY(FLOW), NULL, cell_write_service, rank_text,
	 4},
	{"rx_packets", "RX-PACKETS", COLUMN_PACKETS, false, KEYS_ALL, cell_rx_packets, NULL,
	 rank_number, 1},
	{"rx_bytes", "RX-BYTES", COLUMN_BYTES, false, KEYS_ALL, cell_rx_bytes, NULL, rank_number,
	 1},
	{"tx_packets", "TX-PACKETS", COLUMN_PACKETS, false, KEYS_ALL, cell_tx_packets, NULL,
	 rank_number, 1},
	{"tx_bytes", "TX-BYTES", COLUMN_BYTES, false, KEYS_ALL, cell_tx_bytes, NULL, rank_number,
	 1},
	{"total_bytes", "TOTAL", COLUMN_BYTES, false, KEYS_ALL, cell_total_bytes, NULL, rank_number,
	 1},
	{"first_seen", NULL, COLUMN_TIME, false, KEYS_ALL, cell_first_seen, cell_write_first_seen,
	 rank_number, 1},
	{"last_updated", "LAST-UPDATED", COLUMN_TIME, false, KEYS_ALL, cell_last_seen,
	 cell_write_last_seen, rank_number, 1},
	{"tcp_flags", "FLAGS", COLUMN_TEXT, true, KEYS_PROTOCOL, NULL, cell_write_tcp_flags,
	 rank_text, 4},
	{"fragment", "FRAGMENT", COLUMN_FLAG, true, KEYS_PROTOCOL, cell_fragment,
	 cell_write_fragment, rank_number, 1},
};

const size_t columns_count = ARRAY_SIZE(columns);

const struct column *column_find(const char *name)
{
	size_t i;

	for (i = 0; i < columns_count; i++) {
		if (!strcmp(columns[i].name, name))
			return &columns[i];
	}
	return NULL;
}
