/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Flow records as JSON objects. */
#ifndef NETACCT_JSON_FORM_H
#define NETACCT_JSON_FORM_H

#include "json_writer.h"
#include "record_form.h"

/* Elements of the array that is open in `json`, a comma before each. */
void json_form_elements(struct record_form *form, const struct json *json, enum na_key_kind kind);

/*
 * Lines: `head` is an object that is open, with a member, and the record's go
 * behind that. The head must stay where it is.
 */
void json_form_lines(struct record_form *form, const struct json *json, enum na_key_kind kind,
		     const struct buffer *head);

#endif
