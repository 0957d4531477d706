/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BENCH_USER_H
#define BENCH_USER_H

#include <stddef.h>

#include "report.h"

/*
 * dump and drain as whole processes, on real meters in namespaces of their
 * own, in turn with bpftool on a hash map of as many entries where there is a
 * bpftool, and with the floor: to read the table once, and to write as many
 * bytes as the JSON has.
 */
void user_run(const struct settings *settings, struct report *report);

/* What `netacct dump -j` writes; owned. */
char *user_document(const char *netacct, size_t *ret_length);

/* Ends the process where a strict parser does not find in it what fill_meter() put there. */
void user_check(const char *document, size_t length, uint32_t flows);

#endif
