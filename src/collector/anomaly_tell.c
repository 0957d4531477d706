/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <arpa/inet.h>
#include <netacct/cleanup.h>
#include <string.h>

#include "../output/human.h"
#include "anomaly.h"
#include "running.h"

#define HOUR 3600

static void host_text(const uint32_t address[static 4], char text[static INET6_ADDRSTRLEN])
{
	struct in6_addr bytes;

	memcpy(&bytes, address, sizeof(bytes));
	if (IN6_IS_ADDR_V4MAPPED(&bytes))
		inet_ntop(AF_INET, &address[3], text, INET6_ADDRSTRLEN);
	else
		inet_ntop(AF_INET6, &bytes, text, INET6_ADDRSTRLEN);
}

static const char *source_name(const struct history_source *sources, size_t count, uint32_t number)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (sources[i].number == number)
			return sources[i].id;
	return NULL;
}

static void rate_text(double rate, char text[static HUMAN_BYTES_MAX + 1])
{
	*human_bytes_write(text, rate > 0 ? (uint64_t)rate : 0) = '\0';
}

static void tell_one(const struct collector *collector, const char *source,
		     const struct anomaly_row *row)
{
	char rate[HUMAN_BYTES_MAX + 1], expected[HUMAN_BYTES_MAX + 1], host[INET6_ADDRSTRLEN] = "";

	rate_text(row->anomaly.rate, rate);
	rate_text(row->anomaly.expected, expected);
	if (row->host)
		host_text(row->address, host);
	voice_say(collector->voice, VOICE_WARNING, source,
		  "%s%s%s %s/s in the last hour, where %s/s are usual (%.1f deviations)", host,
		  row->host ? " " : "", row->transmit ? "sent" : "received", rate, expected,
		  row->anomaly.score);
}

/* One that goes on was told when it began. */
void anomaly_tell(struct collector *collector, int64_t now)
{
	int64_t end = now / HOUR * HOUR;
	struct history_source *sources = NULL;
	_cleanup_free_ struct anomaly_row *rows = NULL;
	struct history_error why = {};
	size_t count = 0, source_count = 0, i;
	int error = anomalies_query(collector->history, &anomaly_defaults, end - 24 * HOUR, end,
				    &rows, &count, &why);

	if (!error && count)
		error = history_sources(collector->history, &sources, &source_count, &why);
	if (error) {
		trouble_begins(collector, TROUBLE_UPKEEP, collector->config->history, error,
			       why.text);
		return;
	}
	for (i = 0; i < count; i++)
		if (rows[i].anomaly.since == end - HOUR)
			tell_one(collector, source_name(sources, source_count, rows[i].source),
				 &rows[i]);
	history_sources_free(sources, source_count);
}
