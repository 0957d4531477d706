// SPDX-License-Identifier: GPL-2.0-or-later
#include "statement.h"

#define COUNTS "rx_packets, rx_bytes, tx_packets, tx_bytes"
#define ADD_COUNTS                                       \
	"rx_packets = rx_packets + excluded.rx_packets," \
	"rx_bytes = rx_bytes + excluded.rx_bytes,"       \
	"tx_packets = tx_packets + excluded.tx_packets," \
	"tx_bytes = tx_bytes + excluded.tx_bytes"
/* Behind the row with ?4 bytes and key ?5 when the biggest come first. */
#define BELOW                                                      \
	"level = ?1 AND start = ?2 AND source = ?3 AND key != x''" \
	" AND (rx_bytes + tx_bytes < ?4 OR (rx_bytes + tx_bytes = ?4 AND key > ?5))"

const char *const statement_text[STATEMENTS] = {
	[STATEMENT_BEGIN_WRITE] = "BEGIN IMMEDIATE",
	[STATEMENT_BEGIN_READ] = "BEGIN",
	[STATEMENT_COMMIT] = "COMMIT",
	[STATEMENT_ROLLBACK] = "ROLLBACK",

	[STATEMENT_MARKS] = "SELECT level, closed, gone FROM level",
	[STATEMENT_MARK_CLOSED] = "UPDATE level SET closed = ?2 WHERE level = ?1",
	[STATEMENT_MARK_GONE] = "UPDATE level SET gone = ?2 WHERE level = ?1",

	[STATEMENT_GENERATION] = "SELECT generation FROM meter WHERE uuid = ?1",
	[STATEMENT_GENERATION_SET] = "INSERT INTO meter VALUES (?2, ?1)"
				     " ON CONFLICT DO UPDATE SET generation = ?1",
	[STATEMENT_METERS_FORGET] =
		"DELETE FROM meter WHERE uuid NOT IN (SELECT uuid FROM ledger WHERE uuid NOT NULL)",

	[STATEMENT_SOURCE_FIND] = "SELECT number, kind, interface, namespace FROM source"
				  " WHERE id = ?1",
	[STATEMENT_SOURCE_ADD] = "INSERT INTO source (kind, id, interface, namespace)"
				 " VALUES (?1, ?2, ?3, ?4)",
	[STATEMENT_SOURCE_SET] = "UPDATE source SET kind = ?2, interface = ?3, namespace = ?4"
				 " WHERE number = ?1",
	[STATEMENT_SOURCE_SEEN] = "UPDATE source SET first = min(ifnull(first, ?2), ?2),"
				  " last = max(ifnull(last, ?3), ?3) WHERE number = ?1",
	[STATEMENT_SOURCES] = "SELECT number, kind, first, last, id, interface, namespace"
			      " FROM source ORDER BY id",

	[STATEMENT_SOURCE_NUMBERS] = "SELECT number FROM source ORDER BY number",

	[STATEMENT_LEDGER_FIND] = "SELECT number, source, kind, book FROM ledger"
				  " WHERE meter_source = ?1 AND attached_at = ?2 AND uuid = ?3",
	[STATEMENT_LEDGER_ADD] =
		"INSERT INTO ledger (meter_source, attached_at, uuid) VALUES (?1, ?2, ?3)",
	[STATEMENT_LEDGER_KNOWN] = "UPDATE ledger SET source = ?2, kind = ?3 WHERE number = ?1",
	[STATEMENT_LEDGER_BOOK] = "UPDATE ledger SET book = ?2 WHERE number = ?1",
	[STATEMENT_LEDGER_ROWS] = "UPDATE ledger SET rows = ?2 WHERE number = ?1",
	[STATEMENT_LEDGER_DELETE] = "DELETE FROM ledger WHERE number = ?1",
	[STATEMENT_LEDGERS] = "SELECT meter_source, attached_at, uuid FROM ledger"
			      " WHERE uuid NOT NULL ORDER BY number",

	[STATEMENT_BOOK_FIND] =
		"SELECT number, since FROM ledger WHERE uuid IS NULL AND book = ?1 AND id = ?2",
	[STATEMENT_BOOK_ADD] = "INSERT INTO ledger (since, book, id) VALUES (?1, ?2, ?3)",
	[STATEMENT_BOOK_SINCE] = "UPDATE ledger SET since = ?2 WHERE number = ?1",
	[STATEMENT_BOOK_OPEN] =
		"SELECT ledger.number, attached_at / 1000000000 FROM ledger JOIN source"
		" ON source.number = ledger.source"
		" WHERE ledger.book = ?1 AND source.id = ?2 AND uuid NOT NULL",
	[STATEMENT_BOOK_IDS] = "SELECT id FROM ledger WHERE uuid IS NULL AND book = ?1"
			       " UNION SELECT source.id FROM ledger JOIN source"
			       " ON source.number = ledger.source"
			       " WHERE ledger.book = ?1 AND uuid NOT NULL ORDER BY 1",

	[STATEMENT_BOOK_OF] = "SELECT ledger.book FROM ledger JOIN source"
			      " ON source.number = ledger.source"
			      " WHERE uuid = ?1 AND source.id = ?2 AND ledger.book NOT NULL"
			      " ORDER BY attached_at DESC LIMIT 1",
	[STATEMENT_BOOK_RENAME] = "UPDATE ledger SET book = ?2 WHERE book = ?1 AND (id = ?3"
				  " OR source = (SELECT number FROM source WHERE source.id = ?3))",

	[STATEMENT_JOURNAL_ADD] = "INSERT INTO journal (ledger, since, until, offset, records,"
				  " " COUNTS ", boot)"
				  " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
	[STATEMENT_JOURNAL_LIST] =
		"SELECT journal.number, ledger.number, ledger.source, ledger.kind, journal.since,"
		" until, offset, records, rx_packets, rx_bytes, tx_packets, tx_bytes, boot"
		" FROM journal JOIN ledger ON ledger.number = journal.ledger"
		" WHERE ?1 = 0 OR journal.ledger = ?1 ORDER BY journal.ledger, journal.number",
	[STATEMENT_JOURNAL_STATE] = "SELECT since, until, records, boot FROM journal",
	[STATEMENT_JOURNAL_DELETE] = "DELETE FROM journal WHERE number = ?1",
	[STATEMENT_RECORDS_ADD] = "INSERT INTO records VALUES (?1, ?2)",
	[STATEMENT_RECORDS_LIST] =
		"SELECT part FROM records WHERE number BETWEEN ?1 AND ?2 ORDER BY number",
	[STATEMENT_RECORDS_DELETE] = "DELETE FROM records WHERE number BETWEEN ?1 AND ?2",

	[STATEMENT_TOTAL_ADD] =
		"INSERT INTO total (ledger, first, last, flags, " COUNTS ", key)"
		" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT DO UPDATE SET"
		" first = min(first, excluded.first), last = max(last, excluded.last),"
		" flags = flags | excluded.flags, " ADD_COUNTS,
	[STATEMENT_TOTAL_UPDATE] =
		"UPDATE total SET first = min(first, ?2), last = max(last, ?3), flags = flags | ?4,"
		" rx_packets = rx_packets + ?5, rx_bytes = rx_bytes + ?6,"
		" tx_packets = tx_packets + ?7, tx_bytes = tx_bytes + ?8"
		" WHERE ledger = ?1 AND key = ?9",
	[STATEMENT_TOTAL_LIST] = "SELECT first, last, flags, " COUNTS ", key FROM total"
				 " WHERE ledger = ?1 ORDER BY key",
	[STATEMENT_TOTAL_COUNT] = "SELECT count(*) FROM total WHERE ledger = ?1 AND key != x''",
	[STATEMENT_TOTAL_DELETE] = "DELETE FROM total WHERE ledger = ?1",

	[STATEMENT_BIN_ADD] = "INSERT INTO bin (level, start, source, " COUNTS ", key)"
			      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"
			      " ON CONFLICT DO UPDATE SET " ADD_COUNTS,
	[STATEMENT_BIN_ROLL] = "INSERT INTO bin (level, start, source, key, " COUNTS ")"
			       " SELECT ?1, ?2, source, key, " COUNTS
			       " FROM bin WHERE level = ?3 AND start >= ?4 AND start < ?5"
			       " ON CONFLICT DO UPDATE SET " ADD_COUNTS,
	[STATEMENT_BIN_NEXT] = "SELECT start FROM bin WHERE level = ?1 AND start >= ?2"
			       " ORDER BY start LIMIT 1",
	[STATEMENT_BIN_CROWDED] = "SELECT source, count(*) FROM bin WHERE level = ?1 AND start = ?2"
				  " AND key != x'' GROUP BY source HAVING count(*) > ?3",
	[STATEMENT_BIN_LEAST] = "SELECT rx_bytes + tx_bytes, key FROM bin WHERE level = ?1"
				" AND start = ?2 AND source = ?3 AND key != x''"
				" ORDER BY 1 DESC, key LIMIT 1 OFFSET ?4 - 1",
	[STATEMENT_BIN_SUM_BELOW] = "SELECT sum(rx_packets), sum(rx_bytes), sum(tx_packets),"
				    " sum(tx_bytes), count(*) FROM bin WHERE " BELOW,
	[STATEMENT_BIN_DELETE_BELOW] = "DELETE FROM bin WHERE " BELOW,
	[STATEMENT_BIN_DELETE] = "DELETE FROM bin WHERE level = ?1 AND start < ?2",
	[STATEMENT_BIN_LIST] = "SELECT start, bin.source, " COUNTS ", key FROM bin"
			       " WHERE level = ?1 AND start >= ?2 AND start < ?3"
			       " AND (?4 < 0 OR bin.source = ?4)",

	[STATEMENT_SERIES_ADD] =
		"INSERT INTO series (level, source, start, covered, " COUNTS ")"
		" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"
		" ON CONFLICT DO UPDATE SET covered = covered + excluded.covered, " ADD_COUNTS,
	[STATEMENT_SERIES_LIST] = "SELECT start, covered, " COUNTS " FROM series WHERE level = ?1"
				  " AND source = ?2 AND start >= ?3 AND start < ?4 ORDER BY start",
	[STATEMENT_SERIES_DELETE] =
		"DELETE FROM series WHERE level = ?1 AND source = ?2 AND start < ?3",
};
