/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "frame.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <netacct/cleanup.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "builder.h"

long word_value(const char *word, const char *name, long otherwise)
{
	const char *at = strchr(word, ':');
	size_t length = strlen(name);

	while (at) {
		at++;
		if (!length && isdigit((unsigned char)*at))
			return strtol(at, NULL, 0);
		if (length && !strncmp(at, name, length) && !isalnum((unsigned char)at[length]))
			return at[length] == '=' ? strtol(at + length + 1, NULL, 0) : 1;
		at = strchr(at, ',');
	}
	return otherwise;
}

void put(struct builder *builder, const void *bytes, size_t size)
{
	struct frame *frame = builder->frame;

	if (frame->size + size > sizeof(frame->bytes))
		abort();
	if (bytes)
		memcpy(frame->bytes + frame->size, bytes, size);
	frame->size += size;
}

void put8(struct builder *builder, unsigned long value)
{
	unsigned char byte = (unsigned char)value;

	put(builder, &byte, 1);
}

void put16(struct builder *builder, unsigned long value)
{
	put8(builder, value >> 8);
	put8(builder, value);
}

void put32(struct builder *builder, unsigned long value)
{
	put16(builder, value >> 16);
	put16(builder, value);
}

static void set16(struct frame *frame, size_t at, size_t value)
{
	frame->bytes[at] = (unsigned char)(value >> 8);
	frame->bytes[at + 1] = (unsigned char)value;
}

void put_next(struct builder *builder, size_t size)
{
	builder->next = builder->frame->size;
	builder->next_size = size;
	put(builder, NULL, size);
}

void put_length(struct builder *builder, size_t start, long given)
{
	struct length *length = &builder->length[builder->lengths++];

	if (builder->lengths > LENGTHS_MAX)
		abort();
	*length = (struct length){builder->frame->size, start, given};
	put(builder, NULL, 2);
}

/* Says in the header before what follows: nothing where it cannot be said there. */
static void name_next(struct builder *builder, long type, long protocol)
{
	if (builder->next_size == 2 && type >= 0)
		set16(builder->frame, builder->next, (size_t)type);
	if (builder->next_size == 1 && protocol >= 0)
		builder->frame->bytes[builder->next] = (unsigned char)protocol;
}

static void put_fill(struct builder *builder, const char *word)
{
	size_t size = (size_t)word_value(word, "", 0), i;

	for (i = 0; i < size; i++)
		put8(builder, (unsigned long)word_value(word, "fill", 0xe7));
}

static void set_lengths(struct builder *builder)
{
	struct frame *frame = builder->frame;
	size_t i;

	frame->end = frame->size;
	for (i = 0; i < builder->lengths; i++) {
		const struct length *length = &builder->length[i];
		size_t value =
			length->given >= 0 ? (size_t)length->given : frame->size - length->start;

		set16(frame, length->at, value);
		if (!i)
			frame->ip_end = length->start + value;
	}
	builder->lengths = 0;
}

static int word_is(const char *word, const char *name)
{
	size_t length = strlen(name);

	return !strncmp(word, name, length) && (!word[length] || word[length] == ':');
}

static void put_word(struct builder *builder, const char *word)
{
	const struct header *header;

	if (word_is(word, "type") || word_is(word, "proto")) {
		name_next(builder, word_value(word, "", 0), word_value(word, "", 0));
		builder->next_size = 0;
	} else if (word_is(word, "data")) {
		builder->frame->payload = builder->frame->size;
		put_fill(builder, word);
	} else if (word_is(word, "pad")) {
		set_lengths(builder);
		put_fill(builder, word);
		builder->padded = 1;
	} else {
		for (header = headers; header->name && !word_is(word, header->name); header++)
			;
		if (!header->name) {
			fprintf(stderr, "no such header: %s\n", word);
			abort();
		}
		name_next(builder, header->type, header->protocol);
		builder->next_size = 0;
		if (!header->link && !builder->network_seen) {
			builder->frame->network = builder->frame->size;
			builder->network_seen = 1;
		}
		header->write(builder, word);
	}
}

void frame_build(const char *recipe, struct frame *ret)
{
	struct builder builder = {.frame = ret};
	_cleanup_free_ char *text = strdup(recipe);
	char *save, *word;

	memset(ret, 0, sizeof(*ret));
	for (word = strtok_r(text, " ", &save); word; word = strtok_r(NULL, " ", &save)) {
		if (word_is(word, "data") && !builder.network_seen) {
			ret->network = ret->size;
			builder.network_seen = 1;
		}
		put_word(&builder, word);
	}
	if (!builder.network_seen)
		ret->network = ret->size;
	if (!builder.padded)
		set_lengths(&builder);
	if (!ret->payload)
		ret->payload = ret->end;
}
