// SPDX-License-Identifier: GPL-2.0-or-later
#include <netacct/cleanup.h>

#include "summary.h"

int summary_addresses_init(struct summary_addresses *addresses, enum na_key_kind kind, size_t room)
{
	struct summary_addresses new = {0};
	int err = 0;

	if (key_kind_covers(kind, NA_KEY_HOST))
		err = address_set_new(&new.locals, room, offsetof(struct flow_record, key.local));
	if (!err && key_kind_covers(kind, NA_KEY_REMOTE))
		err = address_set_new(&new.remotes, room, offsetof(struct flow_record, key.remote));
	if (err)
		summary_addresses_clear(&new);
	else
		*addresses = new;
	return err;
}

void summary_addresses_clear(struct summary_addresses *addresses)
{
	address_set_free(addresses->locals);
	address_set_free(addresses->remotes);
	*addresses = (struct summary_addresses){0};
}

static void add_record(struct summary *summary, const struct flow_record *record)
{
	struct protocol_total *total;

	na_count_add(&summary->rx, record->rx);
	na_count_add(&summary->tx, record->tx);
	if (record_is_other(record))
		return;
	total = &summary->protocol[record->key.what & NA_WHAT_PROTOCOL];
	total->count++;
	na_count_add(&total->rx, record->rx);
	na_count_add(&total->tx, record->tx);
}

int summary_add(struct summary *summary, const struct summary_addresses *addresses,
		const struct flow_record *records, size_t count)
{
	size_t i;
	int err = 0;

	summary->records += count;
	for (i = 0; i < count; i++)
		add_record(summary, &records[i]);
	if (addresses->locals)
		err = address_set_add(addresses->locals, records, count, &summary->locals);
	if (!err && addresses->remotes)
		err = address_set_add(addresses->remotes, records, count, &summary->remotes);
	return err;
}

void summary_merge(struct summary *summary, const struct summary *other)
{
	size_t i;

	summary->records += other->records;
	summary->locals += other->locals;
	summary->remotes += other->remotes;
	na_count_add(&summary->rx, other->rx);
	na_count_add(&summary->tx, other->tx);
	for (i = 0; i < ARRAY_SIZE(summary->protocol); i++) {
		summary->protocol[i].count += other->protocol[i].count;
		na_count_add(&summary->protocol[i].rx, other->protocol[i].rx);
		na_count_add(&summary->protocol[i].tx, other->protocol[i].tx);
	}
}

int records_summarise(const struct flow_record *records, size_t count, enum na_key_kind kind,
		      struct summary *ret)
{
	_cleanup_summary_addresses_ struct summary_addresses addresses = {0};
	struct summary summary = {0};
	int err = summary_addresses_init(&addresses, kind, count);

	if (!err)
		err = summary_add(&summary, &addresses, records, count);
	if (!err)
		*ret = summary;
	return err;
}
