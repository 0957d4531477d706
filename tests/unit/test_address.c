// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <netacct/cleanup.h>
#include <unistd.h>

#include "../../src/output/address.h"
#include "../../src/output/names.h"
#include "../../src/output/services.h"
#include "sample.h"

static void check6(const uint8_t address[16])
{
	char text[ADDRESS_WRITE_MAX + 1], expected[INET6_ADDRSTRLEN];

	*address6_write(text, address) = '\0';
	assert_non_null(inet_ntop(AF_INET6, address, expected, sizeof(expected)));
	assert_string_equal(text, expected);
}

/* Every pattern of zero groups, with groups of one to four digits. */
static void ipv6_as_inet_ntop(void **state)
{
	static const uint16_t groups[] = {0x1, 0xab, 0xffff, 0x102, 0xabc, 0x2001, 0x10, 0xf00d};
	uint8_t address[16];
	unsigned int pattern, shift, i;
	uint16_t group;

	(void)state;
	for (pattern = 0; pattern < 256; pattern++) {
		for (shift = 0; shift < 8; shift++) {
			for (i = 0; i < 8; i++) {
				group = pattern >> i & 1 ? groups[(i + shift) % 8] : 0;
				address[2 * i] = (uint8_t)(group >> 8);
				address[2 * i + 1] = (uint8_t)group;
			}
			check6(address);
		}
	}
}

static void ipv6_by_chance(void **state)
{
	uint8_t address[16];
	unsigned int i, j;

	(void)state;
	srandom(1);
	for (i = 0; i < 100000; i++) {
		for (j = 0; j < 16; j++)
			address[j] = random() % 3 ? 0 : (uint8_t)random();
		check6(address);
	}
}

static void ipv4_as_inet_ntop(void **state)
{
	char text[ADDRESS_WRITE_MAX + 1], expected[INET_ADDRSTRLEN];
	uint8_t address[4];
	unsigned int i;

	(void)state;
	for (i = 0; i < 256; i++) {
		address[0] = (uint8_t)i;
		address[1] = (uint8_t)(255 - i);
		address[2] = (uint8_t)(i / 3);
		address[3] = (uint8_t)(i * 7);
		*address4_write(text, address) = '\0';
		assert_string_equal(text, inet_ntop(AF_INET, address, expected, sizeof(expected)));
	}
}

static void names_of_protocols(void **state)
{
	static const struct {
		uint8_t number;
		const char *name;
	} cases[] = {
		{0, "HOPOPT"},	  {1, "ICMP"},	       {2, "IGMP"},	{4, "IPv4"},
		{6, "TCP"},	  {17, "UDP"},	       {33, "DCCP"},	{41, "IPv6"},
		{47, "GRE"},	  {50, "ESP"},	       {51, "AH"},	{58, "IPv6-ICMP"},
		{61, "61"},	  {88, "EIGRP"},       {89, "OSPFIGP"}, {103, "PIM"},
		{112, "VRRP"},	  {115, "L2TP"},       {132, "SCTP"},	{134, "RSVP-E2E-IGNORE"},
		{136, "UDPLite"}, {137, "MPLS-in-IP"}, {139, "HIP"},	{143, "Ethernet"},
		{145, "NSH"},	  {253, "253"},	       {255, "255"},
	};
	char text[PROTOCOL_WRITE_MAX + 1];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		*protocol_write(text, cases[i].number) = '\0';
		assert_string_equal(text, cases[i].name);
	}
}

static void names_of_flags(void **state)
{
	char text[TCP_FLAGS_WRITE_MAX + 1];

	(void)state;
	*tcp_flags_write(text, 0) = '\0';
	assert_string_equal(text, "");
	*tcp_flags_write(text, 0x12) = '\0';
	assert_string_equal(text, "SYN|ACK");
	*tcp_flags_write(text, 0xff) = '\0';
	assert_string_equal(text, "SYN|ACK|FIN|RST|PSH|URG|ECE|CWR");
}

static void names_of_services(void **state)
{
	struct services *services = NULL;
	char path[] = "/tmp/netacct-services-XXXXXX";
	int fd = mkstemp(path);
	FILE *file = fdopen(fd, "w");

	(void)state;
	fputs("# ports\n\nhttps\t443/tcp alias # secure\ndomain 53/tcp\ndomain 53/udp\n"
	      "second 53/udp\nbad\"name 7/tcp\nnone\nzero 0/tcp\nbig 70000/tcp\nx 9/ddp\n"
	      "a-name-that-is-longer-than-any-that-iana-gives 10/tcp\nlast 65535/sctp",
	      file);
	fclose(file);
	assert_int_equal(services_load(path, &services), 0);
	unlink(path);
	assert_string_equal(services_find(services, 6, 443), "https");
	assert_null(services_find(services, 17, 443));
	assert_string_equal(services_find(services, 6, 53), "domain");
	assert_string_equal(services_find(services, 17, 53), "domain");
	assert_string_equal(services_find(services, 132, 65535), "last");
	assert_null(services_find(services, 6, 7));
	assert_null(services_find(services, 6, 10));
	assert_null(services_find(services, 6, 9));
	assert_null(services_find(services, 6, 70000 - 65536));
	assert_null(services_find(services, 6, 0));
	assert_null(services_find(NULL, 6, 443));
	services_free(services);
	services = NULL;
	assert_int_equal(services_load(path, &services), -ENOENT);
	assert_null(services);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ipv4_as_inet_ntop), cmocka_unit_test(ipv6_as_inet_ntop),
		cmocka_unit_test(ipv6_by_chance),    cmocka_unit_test(names_of_protocols),
		cmocka_unit_test(names_of_flags),    cmocka_unit_test(names_of_services),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
