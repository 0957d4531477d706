/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A survey written out, for people and for programs, and the words that both use. */
#ifndef NETACCT_SURVEY_OUTPUT_H
#define NETACCT_SURVEY_OUTPUT_H

#include "../output/buffer.h"
#include "survey.h"

/* A row an interface and below it who is there. Errors stay in the buffer; -ENOMEM. */
int survey_table(struct buffer *out, const struct survey *survey);

/* One document, schema netacct-list/1. Errors stay in the buffer. */
void survey_json(struct buffer *out, const struct survey *survey, bool pretty);

const char *survey_xdp_mode(const struct survey_interface *interface);
const char *survey_meter_state(enum survey_meter_state state);
const char *survey_sight(enum survey_sight sight);
const char *survey_side(enum filter_side side);

#define SURVEY_ADDRESS 56

/* "10.0.0.1/24" */
void survey_address(const struct address *address, char text[static SURVEY_ADDRESS]);

#define SURVEY_HARDWARE 96

/* "02:00:00:00:00:01", "" for a device without an address. */
void survey_hardware(const struct link *link, char text[static SURVEY_HARDWARE]);

#endif
