/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "files_read.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <json-c/json_tokener.h>
#include <netacct/cleanup.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "../history/calendar.h"
#include "../meter/json_strict.h"
#include "../output/names.h"

#define DEPTH_MAX 32
#define PROTOCOL_UNKNOWN 255 /* IANA: reserved; what the first tool had no name for */

static int read_all(int fd, char *text, size_t size)
{
	size_t used = 0;
	ssize_t got;

	while (used < size) {
		got = read(fd, text + used, size - used);
		if (got < 0)
			return -errno;
		if (!got)
			return -EINVAL;
		used += (size_t)got;
	}
	return 0;
}

int file_document(const char *path, struct json_object **ret)
{
	_cleanup_close_ int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	_cleanup_json_ struct json_object *document = NULL;
	_cleanup_free_ char *text = NULL;
	struct json_problem problem;
	struct stat status;
	int error;

	if (fd < 0 || fstat(fd, &status))
		return -errno;
	if (!S_ISREG(status.st_mode) || status.st_size > FILES_READ_MAX)
		return -EINVAL;
	text = malloc((size_t)status.st_size + 1);
	if (!text)
		return -ENOMEM;
	error = read_all(fd, text, (size_t)status.st_size);
	if (!error)
		error = json_parse_strict(text, (size_t)status.st_size, DEPTH_MAX, &document,
					  &problem);
	if (error)
		return error;
	if (!json_object_is_type(document, json_type_object))
		return -EINVAL;
	*ret = TAKE_PTR(document);
	return 0;
}

/* NULL where it is not there or of another type. */
static struct json_object *member(struct json_object *object, const char *name, enum json_type type)
{
	struct json_object *value = NULL;

	if (!object || !json_object_object_get_ex(object, name, &value) ||
	    !json_object_is_type(value, type))
		return NULL;
	return value;
}

static const char *text_of(struct json_object *object, const char *name)
{
	struct json_object *value = member(object, name, json_type_string);

	return value ? json_object_get_string(value) : NULL;
}

/* Counters may be strings (--string-counters); what is absent is 0. */
static uint64_t number_of(struct json_object *object, const char *name)
{
	struct json_object *value = NULL;

	if (!object || !json_object_object_get_ex(object, name, &value))
		return 0;
	if (json_object_is_type(value, json_type_string))
		return strtoull(json_object_get_string(value), NULL, 10);
	return json_object_is_type(value, json_type_int) ? json_object_get_uint64(value) : 0;
}

static int64_t time_of(struct json_object *object, const char *name)
{
	const char *text = text_of(object, name), *fraction;
	char plain[40];
	size_t digits;
	int64_t ret;

	if (!text || strlen(text) >= sizeof(plain))
		return 0;
	strcpy(plain, text);
	fraction = strchr(text, '.');
	if (fraction) {
		digits = strspn(fraction + 1, "0123456789") + 1;
		strcpy(plain + (fraction - text), fraction + digits);
	}
	return calendar_parse(plain, time(NULL), 1, &ret) ? 0 : ret;
}

static void counts_of(struct json_object *object, struct na_count counts[NA_DIRECTIONS])
{
	counts[NA_RX] =
		(struct na_count){number_of(object, "rx_packets"), number_of(object, "rx_bytes")};
	counts[NA_TX] =
		(struct na_count){number_of(object, "tx_packets"), number_of(object, "tx_bytes")};
}

static void buckets_of(struct json_object *object, struct na_count to[NA_BUCKETS][NA_DIRECTIONS])
{
	int bucket;

	for (bucket = 0; bucket < NA_BUCKETS; bucket++)
		counts_of(member(object, bucket_name((enum na_bucket)bucket), json_type_object),
			  to[bucket]);
}

size_t file_sources(struct json_object *document)
{
	struct json_object *sources = member(document, "sources", json_type_array);

	if (sources)
		return json_object_array_length(sources);
	return member(document, "traffic_data", json_type_array) != NULL;
}

int file_source(struct json_object *document, size_t number, struct file_source *ret)
{
	struct json_object *sources = member(document, "sources", json_type_array);
	struct json_object *object =
		sources ? json_object_array_get_idx(sources, number) : document;
	struct json_object *metadata = member(object, "metadata", json_type_object), *summary;

	if (!json_object_is_type(object, json_type_object) ||
	    !member(object, "traffic_data", json_type_array))
		return -EINVAL;
	summary = member(object, "summary", json_type_object);
	*ret = (struct file_source){
		.object = object,
		.id = text_of(object, "id"),
		.interface = text_of(metadata, "interface"),
		.namespace = text_of(metadata, "namespace"),
		.meter = text_of(metadata, "meter"),
		.tag = text_of(metadata, "tag"),
		.since = time_of(metadata, "since"),
		.attached_at = time_of(metadata, "attached_at"),
		.timestamp = time_of(metadata, "timestamp"),
		.rx_tx = {{number_of(summary, "total_rx_packets"),
			   number_of(summary, "total_rx_bytes")},
			  {number_of(summary, "total_tx_packets"),
			   number_of(summary, "total_tx_bytes")}},
	};
	buckets_of(member(object, "balance", json_type_object), ret->balance);
	buckets_of(member(object, "earlier", json_type_object), ret->earlier);
	return 0;
}

/* 0: of neither family. */
static int parse_address(const char *text, uint32_t address[4])
{
	struct in_addr four;

	memset(address, 0, 16);
	if (inet_pton(AF_INET6, text, address) == 1)
		return 6;
	if (inet_pton(AF_INET, text, &four) != 1)
		return 0;
	address[2] = htonl(0xffff);
	address[3] = four.s_addr;
	return 4;
}

static uint32_t parse_protocol(const char *text)
{
	char name[PROTOCOL_WRITE_MAX + 1];
	unsigned int protocol;
	const char *digits;

	for (protocol = 0; protocol < 256; protocol++) {
		*protocol_write(name, (uint8_t)protocol) = '\0';
		if (!strcmp(name, text))
			return protocol;
	}
	digits = strpbrk(text, "0123456789");
	return digits ? (uint32_t)strtoul(digits, NULL, 10) & NA_WHAT_PROTOCOL : PROTOCOL_UNKNOWN;
}

static int parse_key(struct json_object *object, struct na_key *key)
{
	const char *local = text_of(object, "source_ip"), *remote;
	const char *protocol = text_of(object, "protocol");
	int local_family = 0, remote_family = 0;
	struct json_object *fragment;

	remote = text_of(object, "destination_ip");
	if ((local && !strcmp(local, "other")) || (remote && !strcmp(remote, "other")))
		return 0; /* it has no key */
	if (local && !(local_family = parse_address(local, key->local)))
		return -EINVAL;
	if (remote && !(remote_family = parse_address(remote, key->remote)))
		return -EINVAL;
	key->what = NA_WHAT_SET;
	if (local_family == 4 || remote_family == 4)
		key->what |= NA_WHAT_IPV4;
	if (protocol)
		key->what |= parse_protocol(protocol);
	fragment = member(object, "fragment", json_type_boolean);
	if (fragment && json_object_get_boolean(fragment))
		key->what |= NA_WHAT_FRAGMENT;
	key->local_port = (uint16_t)number_of(object, "source_port");
	key->remote_port = (uint16_t)number_of(object, "destination_port");
	return 0;
}

int file_records(const struct file_source *source, struct history_total **ret, size_t *ret_count)
{
	struct json_object *array = member(source->object, "traffic_data", json_type_array);
	size_t count = json_object_array_length(array), i;
	_cleanup_free_ struct history_total *totals = calloc(count + 1, sizeof(*totals));
	int error;

	if (!totals)
		return -ENOMEM;
	for (i = 0; i < count; i++) {
		struct json_object *object = json_object_array_get_idx(array, i);
		struct flow_record *record = &totals[i].record;
		struct na_count counts[NA_DIRECTIONS];

		if (!json_object_is_type(object, json_type_object))
			return -EINVAL;
		error = parse_key(object, &record->key);
		if (error)
			return error;
		counts_of(object, counts);
		record->rx = counts[NA_RX];
		record->tx = counts[NA_TX];
		record->first_seen = (uint32_t)time_of(object, "first_seen");
		record->last_seen = (uint32_t)time_of(object, "last_updated");
	}
	*ret = TAKE_PTR(totals);
	*ret_count = count;
	return 0;
}
