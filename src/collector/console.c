// SPDX-License-Identifier: GPL-2.0-or-later
#include "console.h"

#include <errno.h>
#include <netacct/cleanup.h>
#include <string.h>

#include "../output/escape.h"
#include "../output/human.h"
#include "../output/rfc3339.h"
#include "console_line.h"
#include "console_table.h"

#define ROWS_DEFAULT 24
#define COLUMNS_DEFAULT 80
#define ROWS_MAX 1000 /* of a table: a terminal that says it has more is not believed */
#define SOURCES_NAMED 3
struct console {
	struct buffer *buffer; /* to the file */
	struct buffer *line; /* the one that is being made */
	const struct console_options *options;
	size_t rows, columns;
};

/* What an instance comes to. */
struct sums {
	size_t records;
	struct na_count rx, tx; /* since its book began */
	struct na_count rx_now, tx_now; /* in the interval */
	struct na_count bucket[NA_BUCKETS]; /* both directions */
	uint64_t difference;
	uint32_t whitelisted; /* the most that one of its sources has */
	bool judged;
};

static void add_records(const struct reading *reading, struct na_count *rx, struct na_count *tx)
{
	for (size_t i = 0; i < reading->count; i++) {
		na_count_add(rx, reading->records[i].rx);
		na_count_add(tx, reading->records[i].tx);
	}
}

static void add_balance(const struct balance *balance, struct sums *sums)
{
	for (size_t i = 0; i < NA_BUCKETS; i++) {
		na_count_add(&sums->bucket[i], balance->bucket[i][NA_RX]);
		na_count_add(&sums->bucket[i], balance->bucket[i][NA_TX]);
	}
	sums->judged = sums->judged && balance->judged;
	if (balance->judged && balance->difference > 0)
		sums->difference += (uint64_t)balance->difference;
}

static struct sums sum_up(const struct console_block *block)
{
	struct sums sums = {.judged = block->cumulative_count > 0};

	for (size_t i = 0; i < block->cumulative_count; i++) {
		const struct reading *reading = &block->cumulative[i];

		sums.records += reading->count;
		add_records(reading, &sums.rx, &sums.tx);
		add_balance(&reading->balance, &sums);
		if (reading->whitelist.enabled && reading->whitelist.count > sums.whitelisted)
			sums.whitelisted = reading->whitelist.count;
	}
	for (size_t i = 0; i < block->interval_count; i++)
		add_records(&block->interval[i], &sums.rx_now, &sums.tx_now);
	return sums;
}

static void put_bytes(struct buffer *line, const char *before, uint64_t bytes)
{
	buffer_text(line, before);
	buffer_commit(line, human_bytes_write(buffer_reserve(line, HUMAN_BYTES_MAX), bytes));
}

static void put_amount(struct buffer *line, const char *before, uint64_t amount, const char *unit)
{
	buffer_text(line, before);
	buffer_number(line, amount);
	buffer_text(line, unit);
}

static void end_line(struct console *console)
{
	console_end_line(console->buffer, console->line, console->columns);
}

static void put_head(struct console *console, const struct console_block *block,
		     const struct sums *sums)
{
	struct buffer *line = console->line;
	struct rfc3339 time = {};
	char now[RFC3339_WRITE_MAX + 1];
	size_t i;

	*rfc3339_seconds(&time, console->options->now / NANOSECONDS, now) = '\0';
	escape_terminal(line, block->instance);
	buffer_text(line, ", ");
	buffer_text(line, now);
	put_amount(line, ", ", sums->whitelisted, " whitelisted: ");
	for (i = 0; i < block->cumulative_count && i < SOURCES_NAMED; i++) {
		buffer_text(line, i ? ", " : "");
		escape_terminal(line, block->cumulative[i].id ? block->cumulative[i].id : "");
	}
	if (block->cumulative_count > i)
		put_amount(line, " and ", block->cumulative_count - i, " more");
	if (!i)
		buffer_text(line, "no interface yet");
	end_line(console);
}

static void put_totals(struct console *console, const struct sums *sums)
{
	struct buffer *line = console->line;
	char seconds[32];

	put_amount(line, "  total of ", sums->records, sums->records == 1 ? " record" : " records");
	put_bytes(line, ": rx ", sums->rx.bytes);
	put_bytes(line, ", tx ", sums->tx.bytes);
	put_bytes(line, ", both ", sums->rx.bytes + sums->tx.bytes);
	snprintf(seconds, sizeof(seconds), "; in %.4g s: rx ", console->options->seconds);
	put_bytes(line, seconds, sums->rx_now.bytes);
	put_bytes(line, ", tx ", sums->tx_now.bytes);
	end_line(console);
}

static void put_balance(struct console *console, const struct sums *sums)
{
	struct buffer *line = console->line;

	put_amount(line, "  packets: ", sums->bucket[NA_SEEN].packets, " seen");
	put_amount(line, ", ", sums->bucket[NA_ACCOUNTED].packets, " accounted");
	put_amount(line, ", ", sums->bucket[NA_EXCLUDED].packets, " excluded");
	put_amount(line, ", ", sums->bucket[NA_OVERFLOW].packets, " overflow");
	put_amount(line, ", ", sums->bucket[NA_NON_IP].packets, " non-IP");
	if (sums->difference)
		put_amount(line, ": the books do not balance: difference ", sums->difference, "");
	else
		buffer_text(line, sums->judged ? ": the books balance" : ": not judged");
	end_line(console);
}

static void put_file(struct console *console, const char *file)
{
	if (!file)
		return;
	buffer_text(console->line, "  written: ");
	escape_terminal(console->line, file);
	end_line(console);
}

/* lines: for headings, records and what they are more. */
static int put_records(struct console *console, const struct console_block *block,
		       const struct sums *sums, size_t lines)
{
	_cleanup_console_top_ struct console_top top = {};
	size_t most = 0;
	int error;

	if (lines > sums->records)
		most = sums->records;
	else if (lines > 2)
		most = lines - 2;
	error = console_top(block, most < ROWS_MAX ? most : ROWS_MAX, &top);
	if (error)
		return error;
	console_table(console->buffer, console->line, &top, console->columns);
	if (lines && top.count < sums->records) {
		put_amount(console->line, "  … ", sums->records - top.count, " more");
		end_line(console);
	}
	return 0;
}

static int put_block(struct console *console, const struct console_block *block, size_t lines)
{
	struct sums sums = sum_up(block);
	int error;

	put_head(console, block, &sums);
	error = put_records(console, block, &sums, lines);
	put_totals(console, &sums);
	put_balance(console, &sums);
	put_file(console, block->output_file);
	return error;
}

/* Where there is no room for more: a line each, and one for those that have none. */
static void put_brief(struct console *console, const struct console_block *blocks, size_t count)
{
	size_t shown = count <= console->rows ? count : console->rows - 1;

	for (size_t i = 0; i < shown; i++) {
		struct sums sums = sum_up(&blocks[i]);

		escape_terminal(console->line, blocks[i].instance);
		put_bytes(console->line, ": rx ", sums.rx.bytes);
		put_bytes(console->line, ", tx ", sums.tx.bytes);
		put_amount(console->line, " in ", sums.records, " records");
		end_line(console);
	}
	if (shown < count) {
		put_amount(console->line, "… ", count - shown, " more");
		end_line(console);
	}
}

static size_t records_of(const struct console_block *block)
{
	size_t records = 0;

	for (size_t i = 0; i < block->cumulative_count; i++)
		records += block->cumulative[i].count;
	return records;
}

/* Gives each instance the lines it wants for its table, and those that want more equal parts. */
static void share_lines(const struct console_block *blocks, size_t count, size_t lines, size_t *ret)
{
	size_t left = count, before;

	for (size_t i = 0; i < count; i++)
		ret[i] = SIZE_MAX;
	do {
		before = left;
		for (size_t i = 0; i < count; i++) {
			size_t records = records_of(&blocks[i]);
			size_t wanted = records ? records + 1 : 0;

			if (ret[i] != SIZE_MAX || wanted > lines / left)
				continue;
			ret[i] = wanted;
			lines -= wanted;
			left--;
		}
	} while (left && left < before);
	for (size_t i = 0; i < count; i++)
		if (ret[i] == SIZE_MAX && left) {
			ret[i] = lines / left;
			lines -= ret[i];
			left--;
		}
}

/* Lines of all blocks without their tables: head, totals, balance, file, and what is between. */
static size_t fixed_lines(const struct console_block *blocks, size_t count)
{
	size_t lines = count ? count - 1 : 0;

	for (size_t i = 0; i < count; i++)
		lines += blocks[i].output_file ? 4 : 3;
	return lines;
}

static int put_all(struct console *console, const struct console_block *blocks, size_t count)
{
	_cleanup_free_ size_t *lines = calloc(count + 1, sizeof(*lines));
	size_t fixed = fixed_lines(blocks, count);
	int error = 0;

	if (!lines)
		return -ENOMEM;
	if (fixed > console->rows) {
		put_brief(console, blocks, count);
		return 0;
	}
	share_lines(blocks, count, console->rows - fixed, lines);
	for (size_t i = 0; !error && i < count; i++) {
		if (i)
			end_line(console);
		error = put_block(console, &blocks[i], lines[i]);
	}
	return error;
}

int console_print(FILE *file, const struct console_options *options,
		  const struct console_block *blocks, size_t count)
{
	_cleanup_free_ struct buffer *buffer = buffer_new(file), *line = buffer_new(NULL);
	struct console console = {
		.buffer = buffer,
		.line = line,
		.options = options,
		/* the cursor's line is left free */
		.rows = (options->rows ? options->rows : ROWS_DEFAULT) - 1,
		.columns = options->columns ? options->columns : COLUMNS_DEFAULT,
	};
	int error, failed;

	if (!buffer || !line)
		return -ENOMEM;
	if (!console.rows)
		console.rows = 1;
	error = put_all(&console, blocks, count);
	failed = buffer_flush(buffer);
	return error ? error : failed;
}
