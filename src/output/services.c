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

enum transport { OTHER, TCP, UDP, SCTP, DCCP, TRANSPORTS };

static const uint8_t transports[256] = {
	[IPPROTO_TCP] = TCP, [IPPROTO_UDP] = UDP, [IPPROTO_SCTP] = SCTP, [IPPROTO_DCCP] = DCCP};

struct service {
	uint8_t length; /* of the name */
	char name[SERVICE_NAME_MAX + 1];
};

struct services {
	struct service *service; /* owned; number 0 has no name */
	size_t count, capacity;
	/* Number of a port's service: without a branch, for neither port nor protocol is foreseen.
	 */
	uint16_t number[TRANSPORTS][65536];
};

static enum transport transport_parse(const char *name)
{
	static const char *const names[TRANSPORTS] = {"", "tcp", "udp", "sctp", "dccp"};
	int i;

	for (i = OTHER + 1; i < TRANSPORTS; i++) {
		if (!strcmp(name, names[i]))
			return (enum transport)i;
	}
	return OTHER;
}

/* Names are printed as they are: no byte of them may need an escape in any format. */
static bool is_plain(const char *name)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.+/*";
	size_t length = strspn(name, plain);

	return length && length <= SERVICE_NAME_MAX && !name[length];
}

static int make_room(struct services *services)
{
	size_t capacity = services->capacity ? services->capacity * 2 : 512;
	struct service *service;

	if (services->count < services->capacity)
		return 0;
	service = realloc(services->service, capacity * sizeof(*service));
	if (!service)
		return -ENOMEM;
	services->service = service;
	services->capacity = capacity;
	return 0;
}

/* The first one of a port stays. */
static int add(struct services *services, const char *name, uint16_t port, enum transport transport)
{
	struct service *service;
	int err;

	if (services->count == SERVICES_MAX || services->number[transport][port])
		return 0;
	err = make_room(services);
	if (err)
		return err;
	service = &services->service[services->count];
	*service = (struct service){.length = (uint8_t)strlen(name)};
	memcpy(service->name, name, service->length);
	services->number[transport][port] = (uint16_t)services->count++;
	return 0;
}

static int add_line(struct services *services, char *line)
{
	char *rest = NULL, *name, *number, *end;
	unsigned long port;
	enum transport transport;

	line[strcspn(line, "#\n")] = '\0';
	name = strtok_r(line, " \t\r", &rest);
	number = strtok_r(NULL, " \t\r", &rest);
	if (!name || !number || *number < '0' || *number > '9')
		return 0;
	port = strtoul(number, &end, 10);
	transport = *end == '/' ? transport_parse(end + 1) : OTHER;
	if (transport == OTHER || !port || port > UINT16_MAX || !is_plain(name))
		return 0;
	return add(services, name, (uint16_t)port, transport);
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
	err = make_room(services);
	if (!err)
		services->service[services->count++] = (struct service){0};
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

static const struct service *find(const struct services *services, uint8_t protocol, uint16_t port)
{
	return &services->service[services->number[transports[protocol]][port]];
}

char *services_write(const struct services *services, uint8_t protocol, uint16_t port, char *out)
{
	const struct service *service;

	if (!services)
		return out;
	service = find(services, protocol, port);
	/* A copy of constant size is a few instructions. */
	memcpy(out, service->name, sizeof(service->name));
	return out + service->length;
}

const char *services_find(const struct services *services, uint8_t protocol, uint16_t port)
{
	const struct service *service = services ? find(services, protocol, port) : NULL;

	return service && service->length ? service->name : NULL;
}
