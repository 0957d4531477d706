/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The formats behind output_readings(); for output.c alone. */
#ifndef NETACCT_RENDER_H
#define NETACCT_RENDER_H

#include "buffer.h"
#include "output.h"
#include "services.h"

struct rendering {
	struct buffer *buffer;
	const struct output_options *options; /* with a hostname */
	const struct services *services;
};

/* 0 or -ENOMEM; what the file says is found out by buffer_flush(). */
int render_json(const struct rendering *rendering, const struct reading *readings, size_t count);
int render_ndjson(const struct rendering *rendering, const struct reading *readings, size_t count);
int render_csv(const struct rendering *rendering, const struct reading *readings, size_t count);
int render_table(const struct rendering *rendering, const struct reading *readings, size_t count);

#endif
