// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <math.h>
#include <netacct/cleanup.h>
#include <stdlib.h>
#include <string.h>

#include "../history/calendar.h"
#include "anomaly.h"

#define HOUR 3600
#define BACK (ANOMALY_WEEKS * INT64_C(7) * 24 * HOUR)
#define COVERED_MIN 900 /* seconds of an hour: the rate of less says nothing of it */
/* The hosts' bytes in memory at once: a bound on hosts times hours. */
#define CELLS_MAX (size_t)(4 << 20)

struct cell {
	uint64_t bytes[NA_DIRECTIONS];
};

struct host {
	uint32_t address[4];
	uint64_t bytes; /* in the time that is judged */
};

struct query {
	struct history *history;
	const struct anomaly_settings *settings;
	int64_t since, until; /* what is judged */
	int64_t start; /* of the first hour */
	size_t hours;
	uint32_t source;
	struct cell *source_cells; /* [hours] */
	double *covered; /* [hours] seconds */
	double *rate; /* [hours], of the series at hand */
	struct host *hosts; /* by address */
	size_t host_count;
	struct cell *host_cells; /* [host_count][hours] */
	struct anomaly_row *rows;
	size_t count;
};

static void query_clear(struct query *query)
{
	free(query->source_cells);
	free(query->covered);
	free(query->rate);
	free(query->hosts);
	free(query->host_cells);
	free(query->rows);
}
#define _cleanup_query_ __attribute__((cleanup(query_clear)))

static int query_open(struct query *query)
{
	query->start = calendar_start(HISTORY_HOUR, query->since > BACK ? query->since - BACK : 0);
	query->hours = (size_t)((query->until - query->start + HOUR - 1) / HOUR);
	query->source_cells = calloc(query->hours, sizeof(*query->source_cells));
	query->covered = calloc(query->hours, sizeof(*query->covered));
	query->rate = calloc(query->hours, sizeof(*query->rate));
	return query->source_cells && query->covered && query->rate ? 0 : -ENOMEM;
}

/* False where it is not of these hours, or of more than one. */
static bool hour_of(const struct query *query, int64_t start, int64_t end, size_t *ret)
{
	if (start < query->start || end - start > HOUR)
		return false;
	*ret = (size_t)((start - query->start) / HOUR);
	return *ret < query->hours;
}

static int add_point(void *context, const struct history_point *point)
{
	struct query *query = context;
	size_t hour;

	if (!hour_of(query, point->start, point->end, &hour))
		return 0;
	query->covered[hour] += point->covered;
	query->source_cells[hour].bytes[NA_RX] += point->rx.bytes;
	query->source_cells[hour].bytes[NA_TX] += point->tx.bytes;
	return 0;
}

static bool has_host(const struct history_row *row)
{
	return row->key && key_kind_covers(row->kind, NA_KEY_HOST);
}

static int add_busy(void *context, const struct history_row *row)
{
	struct flow_record record = {.rx = row->rx, .tx = row->tx};

	if (!has_host(row))
		return 0;
	record.key = *row->key;
	key_coarsen(&record.key, NA_KEY_HOST);
	return record_table_merge(context, &record);
}

static int by_bytes(const void *left, const void *right)
{
	const struct host *a = left, *b = right;

	if (a->bytes != b->bytes)
		return a->bytes < b->bytes ? 1 : -1;
	return memcmp(a->address, b->address, sizeof(a->address));
}

static int by_address(const void *left, const void *right)
{
	return memcmp(((const struct host *)left)->address, ((const struct host *)right)->address,
		      sizeof(((const struct host *)left)->address));
}

/* The hosts with the most bytes in the time that is judged. */
static int find_hosts(struct query *query, struct history_error *why)
{
	_cleanup_record_table_ struct record_table *busy = NULL;
	const struct flow_record *records;
	size_t most = CELLS_MAX / query->hours;
	int error = record_table_new(&busy, 0);

	if (!error)
		error = history_rows(query->history, query->since, query->until, HISTORY_MONTH,
				     query->source, add_busy, busy, why);
	if (error)
		return error;
	free(query->hosts);
	query->host_count = record_table_count(busy);
	query->hosts = calloc(query->host_count + 1, sizeof(*query->hosts));
	if (!query->hosts)
		return -ENOMEM;
	records = record_table_records(busy);
	for (size_t i = 0; i < query->host_count; i++) {
		memcpy(query->hosts[i].address, records[i].key.local,
		       sizeof(query->hosts[i].address));
		query->hosts[i].bytes = records[i].rx.bytes + records[i].tx.bytes;
	}
	qsort(query->hosts, query->host_count, sizeof(*query->hosts), by_bytes);
	if (most > ANOMALY_HOSTS)
		most = ANOMALY_HOSTS;
	if (query->host_count > most)
		query->host_count = most;
	qsort(query->hosts, query->host_count, sizeof(*query->hosts), by_address);
	return 0;
}

static int add_row(void *context, const struct history_row *row)
{
	struct query *query = context;
	struct host wanted = {}, *host;
	struct cell *cell;
	size_t hour;

	if (!has_host(row) || !hour_of(query, row->start, row->end, &hour))
		return 0;
	memcpy(wanted.address, row->key->local, sizeof(wanted.address));
	host = bsearch(&wanted, query->hosts, query->host_count, sizeof(wanted), by_address);
	if (!host)
		return 0;
	cell = &query->host_cells[(size_t)(host - query->hosts) * query->hours + hour];
	cell->bytes[NA_RX] += row->rx.bytes;
	cell->bytes[NA_TX] += row->tx.bytes;
	return 0;
}

static int read_hosts(struct query *query, struct history_error *why)
{
	int error = find_hosts(query, why);

	if (error || !query->host_count)
		return error;
	free(query->host_cells);
	query->host_cells = calloc(query->host_count * query->hours, sizeof(*query->host_cells));
	if (!query->host_cells)
		return -ENOMEM;
	return history_rows(query->history, query->start, query->until, HISTORY_HOUR, query->source,
			    add_row, query, why);
}

static int keep(struct query *query, struct anomaly_row row, const struct anomaly *found,
		size_t count)
{
	struct anomaly_row *grown;
	size_t kept = query->count;

	if (!count)
		return 0;
	grown = reallocarray(query->rows, kept + count, sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	query->rows = grown;
	for (size_t i = 0; i < count; i++) {
		if (found[i].since >= query->until)
			continue;
		row.anomaly = found[i];
		grown[kept++] = row;
	}
	query->count = kept;
	return 0;
}

/* One series in both directions; `host` NULL: the whole source's. */
static int judge(struct query *query, const struct cell *cells, const struct host *host)
{
	struct anomaly_series series = {
		.start = query->start, .rate = query->rate, .count = query->hours};
	struct anomaly_row row = {.source = query->source, .host = host != NULL};
	int error = 0;

	if (host)
		memcpy(row.address, host->address, sizeof(row.address));
	for (int direction = 0; !error && direction < NA_DIRECTIONS; direction++) {
		_cleanup_free_ struct anomaly *found = NULL;
		size_t count = 0;

		for (size_t i = 0; i < query->hours; i++)
			query->rate[i] =
				query->covered[i] < COVERED_MIN
					? NAN
					: (double)cells[i].bytes[direction] / query->covered[i];
		row.transmit = direction == NA_TX;
		error = anomaly_find(&series, query->settings, query->since, &found, &count);
		if (!error)
			error = keep(query, row, found, count);
	}
	return error;
}

static int judge_source(struct query *query, uint32_t source, struct history_error *why)
{
	int error;

	query->source = source;
	memset(query->source_cells, 0, query->hours * sizeof(*query->source_cells));
	memset(query->covered, 0, query->hours * sizeof(*query->covered));
	error = history_series(query->history, HISTORY_HOUR, query->start, query->until, source,
			       add_point, query, why);
	if (!error)
		error = judge(query, query->source_cells, NULL);
	if (!error)
		error = read_hosts(query, why);
	for (size_t i = 0; !error && i < query->host_count; i++)
		error = judge(query, &query->host_cells[i * query->hours], &query->hosts[i]);
	return error;
}

static int worst_first(const void *left, const void *right)
{
	const struct anomaly_row *a = left, *b = right;
	double first = fabs(a->anomaly.score), second = fabs(b->anomaly.score);

	if (first > second || first < second)
		return first < second ? 1 : -1;
	if (a->anomaly.since != b->anomaly.since)
		return a->anomaly.since < b->anomaly.since ? -1 : 1;
	return memcmp(a->address, b->address, sizeof(a->address));
}

int anomalies_query(struct history *history, const struct anomaly_settings *settings, int64_t since,
		    int64_t until, struct anomaly_row **ret, size_t *ret_count,
		    struct history_error *why)
{
	_cleanup_query_ struct query query = {
		.history = history, .settings = settings, .since = since, .until = until};
	struct history_source *sources = NULL;
	size_t count = 0;
	int error = since < until ? query_open(&query) : -EINVAL;

	if (!error)
		error = history_sources(history, &sources, &count, why);
	for (size_t i = 0; !error && i < count; i++)
		if (sources[i].last >= since && sources[i].first < until)
			error = judge_source(&query, sources[i].number, why);
	history_sources_free(sources, count);
	if (error)
		return error;
	if (query.count)
		qsort(query.rows, query.count, sizeof(*query.rows), worst_first);
	*ret = TAKE_PTR(query.rows);
	*ret_count = query.count;
	return 0;
}
