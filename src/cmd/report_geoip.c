// SPDX-License-Identifier: GPL-2.0-or-later
/* Countries and autonomous systems from a database in the MaxMind DB format, version 2. */
#ifdef HAVE_LIBMAXMINDDB
#include <errno.h>
#include <maxminddb.h>
#include <netacct/cleanup.h>
#include <netinet/in.h>
#include <string.h>

#include "../history/library.h"
#include "../source/sentence.h"
#include "report_names.h"

#define GEOIP_FUNCTIONS(DO) \
	DO(aget_value)      \
	DO(close)           \
	DO(lookup_sockaddr) \
	DO(open)            \
	DO(strerror)

struct functions {
#define GEOIP_MEMBER(name) __typeof__ (&MMDB_##name)(name);
	GEOIP_FUNCTIONS(GEOIP_MEMBER)
#undef GEOIP_MEMBER
};

#define GEOIP_NAME(name) "MMDB_" #name,
static const char *const names_of_functions[] = {GEOIP_FUNCTIONS(GEOIP_NAME)};
#undef GEOIP_NAME

static const struct library maxminddb = {.soname = "libmaxminddb.so.0",
					 .package = "libmaxminddb0 (libmaxminddb)",
					 .functions = names_of_functions,
					 .count = ARRAY_SIZE(names_of_functions)};

struct geoip {
	struct functions mmdb;
	MMDB_s database;
};

static void copy_text(const struct geoip *geoip, MMDB_entry_s *entry, const char *const *path,
		      char *ret, size_t size)
{
	MMDB_entry_data_s data;
	size_t length;

	if (geoip->mmdb.aget_value(entry, &data, path) != MMDB_SUCCESS || !data.has_data ||
	    data.type != MMDB_DATA_TYPE_UTF8_STRING)
		return;
	length = data.data_size < size ? data.data_size : size - 1;
	memcpy(ret, data.utf8_string, length);
	ret[length] = '\0';
}

static void copy_number(const struct geoip *geoip, MMDB_entry_s *entry, const char *const *path,
			uint32_t *ret)
{
	MMDB_entry_data_s data;

	if (geoip->mmdb.aget_value(entry, &data, path) != MMDB_SUCCESS || !data.has_data)
		return;
	if (data.type == MMDB_DATA_TYPE_UINT32)
		*ret = data.uint32;
	else if (data.type == MMDB_DATA_TYPE_UINT16)
		*ret = data.uint16;
}

/* As the databases of countries and of systems call them. */
static void look_up(const struct geoip *geoip, struct report_name *name)
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
	found = geoip->mmdb.lookup_sockaddr(&geoip->database,
					    name->key.what & NA_WHAT_IPV4
						    ? (const struct sockaddr *)&address4
						    : (const struct sockaddr *)&address,
					    &error);
	if (error != MMDB_SUCCESS || !found.found_entry)
		return;
	copy_text(geoip, &found.entry, country, name->country, sizeof(name->country));
	copy_text(geoip, &found.entry, organization, name->organization,
		  sizeof(name->organization));
	copy_number(geoip, &found.entry, number, &name->number);
}

int report_geoip(const char *path, struct report_name *names, size_t count,
		 struct history_error *why)
{
	struct geoip geoip;
	int error = library_load(&maxminddb, &geoip.mmdb, why);

	if (error)
		return error;
	error = geoip.mmdb.open(path, MMDB_MODE_MMAP, &geoip.database);
	if (error != MMDB_SUCCESS)
		return sentence(why->text, sizeof(why->text), -EIO, "--geoip %s: %s",
				quote(path).text, geoip.mmdb.strerror(error));
	for (size_t i = 0; i < count; i++)
		look_up(&geoip, &names[i]);
	geoip.mmdb.close(&geoip.database);
	return 0;
}
#endif
