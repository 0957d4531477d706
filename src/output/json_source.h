/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The members of a source that are not its records; JSON and NDJSON share them. */
#ifndef NETACCT_JSON_SOURCE_H
#define NETACCT_JSON_SOURCE_H

#include "../record/reading.h"
#include "../record/summary.h"
#include "json_writer.h"

/* metadata, summary, balance and, where the key has one, protocol_breakdown. */
void json_source_head(struct json *json, const struct reading *reading,
		      const struct summary *summary);
void json_source_whitelist(struct json *json, const struct reading *reading);

#endif
