// SPDX-License-Identifier: GPL-2.0-or-later
/* Countries and autonomous systems from a database in the MaxMind DB format, version 2. */
#ifdef HAVE_LIBMAXMINDDB
#include <errno.h>
#include <maxminddb.h>
#include <netacct/cleanup.h>
#include <netinet/in.h>
#include <string.h>

#include "../source/sentence.h"
#include "report_names.h"

static void copy_text(MMDB_entry_s *entry, const char *const *path, char *ret, size_t size)
{
	MMDB_entry_data_s data;
	size_t length;

	if (MMDB_aget_value(entry, &data, path) != MMDB_SUCCESS || !data.has_data ||
	    data.type != MMDB_DATA_TYPE_UTF8_STRING)
		return;
	length = data.data_size < size ? data.data_size : size - 1;
	memcpy(ret, data.utf8_string, length);
	ret[length] = '\0';
}

static void copy_number(MMDB_entry_s *entry, const char *const *path, uint32_t *ret)
{
	MMDB_entry_data_s data;

	if (MMDB_aget_value(entry, &data, path) != MMDB_SUCCESS || !data.has_data)
		return;
	if (data.type == MMDB_DATA_TYPE_UINT32)
		*ret = data.uint32;
	else if (data.type == MMDB_DATA_TYPE_UINT16)
		*ret = data.uint16;
}

/* As the databases of countries and of systems call them. */
static void look_up(MMDB_s *database, struct report_name *name)
{
	static const char *const country[] = {"country", "iso_code", NULL};
	static const char *const number[] = {"autonomous_system_number", NULL};
	static const char *const organization[] = {"autonomous_system_organization", NULL};
	struct sockaddr_in6 address = {.sin6_family = AF_INET6};
	struct sockaddr_in address4 = {.sin_family = AF_INET};
	MMDB_lookup_result_s found;
	int error = MMDB_SUCCESS;

	memcpy(&address.sin6_addr, name->key.local, sizeof(address.sin6_addr));
	memcpy(&address4.sin_addr, &name->key.local[3], sizeof(address4.sin_addr));
	found = MMDB_lookup_sockaddr(database,
				     name->key.what & NA_WHAT_IPV4
					     ? (const struct sockaddr *)&address4
					     : (const struct sockaddr *)&address,
				     &error);
	if (error != MMDB_SUCCESS || !found.found_entry)
		return;
	copy_text(&found.entry, country, name->country, sizeof(name->country));
	copy_text(&found.entry, organization, name->organization, sizeof(name->organization));
	copy_number(&found.entry, number, &name->number);
}

int report_geoip(const char *path, struct report_name *names, size_t count,
		 struct history_error *why)
{
	MMDB_s database;
	int error = MMDB_open(path, MMDB_MODE_MMAP, &database);

	if (error != MMDB_SUCCESS)
		return sentence(why->text, sizeof(why->text), -EIO, "--geoip %s: %s",
				quote(path).text, MMDB_strerror(error));
	for (size_t i = 0; i < count; i++)
		look_up(&database, &names[i]);
	MMDB_close(&database);
	return 0;
}
#endif
