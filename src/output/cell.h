/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What stands in the cells of the column table; for column.c alone. */
#ifndef NETACCT_CELL_H
#define NETACCT_CELL_H

#include "column.h"

/* As column.write. */
char *cell_write_local(struct column_context *context, const struct flow_record *record, char *out);
char *cell_write_remote(struct column_context *context, const struct flow_record *record,
			char *out);
char *cell_write_protocol(struct column_context *context, const struct flow_record *record,
			  char *out);
char *cell_write_service(struct column_context *context, const struct flow_record *record,
			 char *out);
char *cell_write_tcp_flags(struct column_context *context, const struct flow_record *record,
			   char *out);
char *cell_write_fragment(struct column_context *context, const struct flow_record *record,
			  char *out);
char *cell_write_first_seen(struct column_context *context, const struct flow_record *record,
			    char *out);
char *cell_write_last_seen(struct column_context *context, const struct flow_record *record,
			   char *out);

/* As column.number. */
uint64_t cell_local_port(const struct flow_record *record);
uint64_t cell_remote_port(const struct flow_record *record);
uint64_t cell_rx_packets(const struct flow_record *record);
uint64_t cell_rx_bytes(const struct flow_record *record);
uint64_t cell_tx_packets(const struct flow_record *record);
uint64_t cell_tx_bytes(const struct flow_record *record);
uint64_t cell_total_bytes(const struct flow_record *record);
uint64_t cell_fragment(const struct flow_record *record);
uint64_t cell_first_seen(const struct flow_record *record);
uint64_t cell_last_seen(const struct flow_record *record);

#endif
