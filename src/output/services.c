// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <netacct/cleanup.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "services.h"

#define SERVICES_MAX UINT16_MAX

struct service {
	uint16_t next; /* 1 + number of the next one of the same port */
	uint8_t protocol;
	char name[SERVICE_NAME_MAX + 1];
};

struct services {
	struct service *service; /* owned */
	size_t count, capacity;
	uint16_t first[65536]; /* 1 + number of the first service of a port, 0: none */
};

static uint8_t transport(const char *name)
{
	static const struct {
		const char *name;
		uint8_t protocol;
	} names[] = {{"tcp", IPPROTO_TCP},
		     {"udp", IPPROTO_UDP},
		     {"sctp", IPPROTO_SCTP},
		     {"dccp", IPPROTO_DCCP}};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		if (!strcmp(name, names[i].name))
			return names[i].protocol;
	}
	return 0;
}

/* Names are printed as they are: no byte of them may need an escape in any format. */
static bool is_plain(const char *name)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.+/*";
	size_t length = strspn(name, plain);

	return length && length <= SERVICE_NAME_MAX && !name[length];
}

static int add(struct services *services, const char *name, uint16_t port, uint8_t protocol)
{
	size_t capacity = services->capacity ? services->capacity * 2 : 512;
	struct service *service;

	if (services->count == SERVICES_MAX || services_find(services, protocol, port))
		return 0;
	if (services->count == services->capacity) {
		service = realloc(services->service, capacity * sizeof(*service));
		if (!service)
			return -ENOMEM;
		services->service = service;
		services->capacity = capacity;
	}
	service = &services->service[services->count++];
	service->next = services->first[port];
	service->protocol = protocol;
	memcpy(service->name, name, strlen(name) + 1);
	services->first[port] = (uint16_t)services->count;
	return 0;
}

static int add_line(struct services *services, char *line)
{
	char *rest = NULL, *name, *number, *end;
	unsigned long port;
	uint8_t protocol;

	line[strcspn(line, "#\n")] = '\0';
	name = strtok_r(line, " \t\r", &rest);
	number = strtok_r(NULL, " \t\r", &rest);
	if (!name || !number || *number < '0' || *number > '9')
		return 0;
	port = strtoul(number, &end, 10);
	protocol = *end == '/' ? transport(end + 1) : 0;
	if (!protocol || !port || port > UINT16_MAX || !is_plain(name))
		return 0;
	return add(services, name, (uint16_t)port, protocol);
}

int services_load(const char *path, struct services **ret)
{
	_cleanup_fclose_ FILE *file = fopen(path, "re");
	_cleanup_free_ char *line = NULL;
	struct services *services;
	size_t size = 0;
	int err = 0;

	if (!file)
		return -errno;
	services = calloc(1, sizeof(*services));
	if (!services)
		return -ENOMEM;
	while (!err && getline(&line, &size, file) > 0)
		err = add_line(services, line);
	if (err)
		services_free(services);
	else
		*ret = services;
	return err;
}

void services_free(struct services *services)
{
	if (!services)
		return;
	free(services->service);
	free(services);
}

const char *services_find(const struct services *services, uint8_t protocol, uint16_t port)
{
	size_t i = services ? services->first[port] : 0;

	while (i && services->service[i - 1].protocol != protocol)
		i = services->service[i - 1].next;
	return i ? services->service[i - 1].name : NULL;
}
