/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The whitelist: what is read from a good one, and the sentence about every bad one. */
#include "whitelist_text.h"

#include <arpa/inet.h>

#include "../../src/meter/prefix.h"

static void assert_prefix(const struct na_prefix *prefix, uint32_t family, unsigned int length,
			  const char *address)
{
	uint8_t bytes[16] = {0};

	assert_int_equal(inet_pton(family == 4 ? AF_INET : AF_INET6, address, bytes), 1);
	assert_int_equal(ntohl(prefix->family), family);
	assert_int_equal(prefix->prefixlen, 32 + length);
	assert_memory_equal(prefix->address, bytes, 16);
}

static void reads_the_example(void **state)
{
	_cleanup_whitelist_ struct whitelist whitelist = {0};

	(void)state;
	take(example, &whitelist);
	assert_int_equal(whitelist.count, 4);
	assert_int_equal(whitelist.listed, 4);
	assert_true(whitelist.auto_reload);
	assert_prefix(&whitelist.prefixes[0], 4, 32, "127.0.0.1");
	assert_prefix(&whitelist.prefixes[1], 4, 16, "192.168.0.0");
	assert_prefix(&whitelist.prefixes[2], 6, 128, "::1");
	assert_prefix(&whitelist.prefixes[3], 6, 8, "fd00::");
	assert_string_equal(whitelist.sample[0], "127.0.0.1");
	assert_string_equal(whitelist.sample[1], "::1");
	assert_string_equal(whitelist.sample[2], "192.168.0.0/16");
	assert_string_equal(whitelist.sample[3], "fd00::/8");
	assert_string_equal(whitelist.sample[4], "");
}

static void counts_what_is_enabled(void **state)
{
	static const struct {
		const char *text;
		size_t count, listed;
		bool auto_reload;
	} rows[] = {
		{"{\"whitelist\":{}}", 0, 0, true},
		{" {\"whitelist\" : {}} \r\n\t", 0, 0, true},
		{"{\"metadata\":{},\"whitelist\":{}}", 0, 0, true},
		{"{\"metadata\":{\"auto_reload\":false,\"version\":2.5e-05,\"description\":[null],"
		 "\"created\":{\"x\":-1}},\"whitelist\":{}}",
		 0, 0, false},
		{"{\"whitelist\":{\"a\":{}}}", 0, 0, true},
		/* enabled where it does not say */
		{"{\"whitelist\":{\"a\":{\"ips\":[\"1.2.3.4\"]}}}", 1, 1, true},
		{"{\"whitelist\":{\"a\":{\"enabled\":false,\"ips\":[\"1.2.3.4\"]}}}", 0, 0, true},
		/* what is ignored may be anything */
		{"{\"whitelist\":{\"a\":{\"enabled\":false,\"ips\":[\"later\",1]}}}", 0, 0, true},
		{"{\"whitelist\":{\"a\":{\"ips\":[\"1.2.3.4\",\"::ffff:1.2.3.4\"]},"
		 "\"b\":{\"cidrs\":[\"1.2.3.4/32\",\"::ffff:1.2.3.4/128\"]}}}",
		 1, 4, true},
		{"{\"whitelist\":{\"a\":{\"ips\":[\"2001:DB8::1\",\"2001:db8:0:0::1\"]}}}", 1, 2,
		 true},
		{"{\"whitelist\":{\"a\":{\"cidrs\":[\"10.0.0.0/8\",\"10.0.0.0/9\"]}}}", 2, 2, true},
		{"{\"whitelist\":{\"\":{\"ips\":[\"\\u0031.2.3.4\"]}}}", 1, 1, true},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		_cleanup_whitelist_ struct whitelist whitelist = {0};

		take(rows[i].text, &whitelist);
		assert_int_equal(whitelist.count, rows[i].count);
		assert_int_equal(whitelist.listed, rows[i].listed);
		assert_int_equal(whitelist.auto_reload, rows[i].auto_reload);
	}
}

static void samples_the_first_five(void **state)
{
	_cleanup_whitelist_ struct whitelist whitelist = {0};

	(void)state;
	take("{\"whitelist\":{\"a\":{\"ips\":[\"9.9.9.9\",\"9.9.9.9\",\"1.1.1.1\",\"::ffff:8.8.8."
	     "8\"]},\"b\":{\"cidrs\":[\"::/0\",\"0.0.0.0/0\",\"10.0.0.0/8\"]}}}",
	     &whitelist);
	assert_int_equal(whitelist.listed, 7);
	assert_string_equal(whitelist.sample[0], "9.9.9.9");
	assert_string_equal(whitelist.sample[1], "1.1.1.1");
	assert_string_equal(whitelist.sample[2], "8.8.8.8");
	assert_string_equal(whitelist.sample[3], "::/0");
	assert_string_equal(whitelist.sample[4], "0.0.0.0/0");
}

static void refuses_other_documents(void **state)
{
	static const struct {
		const char *text, *sentence;
	} rows[] = {
		{"", "line 1, column 1: the text ends too early"},
		{"null", "there must be an object, not null"},
		{"12", "there must be an object, not a number"},
		{"[]", "there must be an object, not a list"},
		{"{}", "the key \"whitelist\" is missing"},
		{"{\"whitelist\":[]}", "\"whitelist\" must be an object, not a list"},
		{"{\"whitelist\":{},\"metadata\":\"x\"}",
		 "\"metadata\" must be an object, not a string"},
		{"{\"Whitelist\":{}}",
		 "unknown key \"Whitelist\", the nearest known one is \"whitelist\""},
		{"{\"whitelist\":{},\"metadata\":{\"autoreload\":true}}",
		 "\"metadata\": unknown key \"autoreload\", the nearest known one is "
		 "\"auto_reload\""},
		{"{\"whitelist\":{},\"metadata\":{\"auto_reload\":\"yes\"}}",
		 "\"metadata\": \"auto_reload\" must be true or false, not a string"},
		{"{\"whitelist\":{\"a\":[]}}", "group \"a\": there must be an object, not a list"},
		{"{\"whitelist\":{\"a\":{\"enable\":true}}}",
		 "group \"a\": unknown key \"enable\", the nearest known one is \"enabled\""},
		{"{\"whitelist\":{\"a\":{\"enabled\":false,\"cidr\":[]}}}",
		 "group \"a\": unknown key \"cidr\", the nearest known one is \"cidrs\""},
		{"{\"whitelist\":{\"a\":{\"enabled\":1}}}",
		 "group \"a\": \"enabled\" must be true or false, not a number"},
		{"{\"whitelist\":{\"a\":{\"enabled\":null}}}",
		 "group \"a\": \"enabled\" must be true or false, not null"},
		{"{\"whitelist\":{\"a\":{\"ips\":\"1.2.3.4\"}}}",
		 "group \"a\": \"ips\" must be a list, not a string"},
		{"{\"whitelist\":{\"a\":{\"ips\":[1]}}}",
		 "group \"a\": \"ips\" holds a number where there must be a string"},
		{"{\"whitelist\":{\"a\\u001b\\\"\":{\"ips\":[\"x\\ny\"]}}}",
		 "group \"a\\x1b\\\"\": \"ips\": \"x\\x0ay\": not an IPv4 or IPv6 address"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		refuse(rows[i].text, strlen(rows[i].text), rows[i].sentence);
}

static const struct {
	const char *list, *text, *sentence;
} bad_entries[] = {
	{"ips", "", "empty"},
	{"ips", "10.1", "not an IPv4 or IPv6 address"},
	{"ips", "010.0.0.1", "not an IPv4 or IPv6 address"},
	{"ips", "10.0.0.256", "not an IPv4 or IPv6 address"},
	{"ips", "10.0.0.1.2", "not an IPv4 or IPv6 address"},
	{"ips", " 10.0.0.1", "not an IPv4 or IPv6 address"},
	{"ips", "10.0.0.1 ", "not an IPv4 or IPv6 address"},
	{"ips", "0x7f000001", "not an IPv4 or IPv6 address"},
	{"ips", "localhost", "not an IPv4 or IPv6 address"},
	{"ips", "1::2::3", "not an IPv4 or IPv6 address"},
	{"ips", "fe80::1%eth0", "not an IPv4 or IPv6 address"},
	{"ips", "[::1]", "not an IPv4 or IPv6 address"},
	{"ips", "::ffff:10.0.0.01", "not an IPv4 or IPv6 address"},
	{"ips", "10.0.0.0/8", "a network, not an address: it belongs in \"cidrs\""},
	{"cidrs", "", "empty"},
	{"cidrs", "10.0.0.1", "no prefix length: an address belongs in \"ips\""},
	{"cidrs", "/8", "not an IPv4 or IPv6 network"},
	{"cidrs", "10.1/16", "not an IPv4 or IPv6 network"},
	{"cidrs", "1.2.3.4/", "the prefix length must be a number from 0 to 32"},
	{"cidrs", "1.2.3.4/33", "the prefix length must be a number from 0 to 32"},
	{"cidrs", "1.2.3.4/032", "the prefix length must be a number from 0 to 32"},
	{"cidrs", "1.2.3.4/+32", "the prefix length must be a number from 0 to 32"},
	{"cidrs", "1.2.3.4/-1", "the prefix length must be a number from 0 to 32"},
	{"cidrs", "1.2.3.4/ 32", "the prefix length must be a number from 0 to 32"},
	{"cidrs", "1.2.3.4/32 ", "the prefix length must be a number from 0 to 32"},
	{"cidrs", "1.2.3.4/4294967328", "the prefix length must be a number from 0 to 32"},
	{"cidrs", "10.0.0.0/255.0.0.0", "the prefix length must be a number from 0 to 32"},
	{"cidrs", "10.0.0.0/8/8", "the prefix length must be a number from 0 to 32"},
	{"cidrs", "::/129", "the prefix length must be a number from 0 to 128"},
	{"cidrs", "10.0.0.1/8", "host bits are set: the network is 10.0.0.0/8"},
	{"cidrs", "10.0.0.128/24", "host bits are set: the network is 10.0.0.0/24"},
	{"cidrs", "1.2.3.4/0", "host bits are set: the network is 0.0.0.0/0"},
	{"cidrs", "2001:db8::1/127", "host bits are set: the network is 2001:db8::/127"},
	{"cidrs", "::ffff:10.0.0.1/104", "host bits are set: the network is 10.0.0.0/8"},
	{"cidrs", "::ffff:0:0/95", "host bits are set: the network is ::fffe:0:0/95"},
};

static void refuses_bad_entries(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad_entries); i++) {
		char text[256], sentence[256];

		snprintf(text, sizeof(text),
			 "{\"whitelist\":{\"good\":{\"ips\":[\"1.2.3.4\"]},"
			 "\"bad\":{\"%s\":[\"%s\"]}}}",
			 bad_entries[i].list, bad_entries[i].text);
		snprintf(sentence, sizeof(sentence), "group \"bad\": \"%s\": \"%s\": %s",
			 bad_entries[i].list, bad_entries[i].text, bad_entries[i].sentence);
		refuse(text, strlen(text), sentence);
	}
}

static void reads_every_prefix_length(void **state)
{
	struct prefix_error why;
	struct na_prefix prefix;
	char text[64];

	(void)state;
	for (unsigned int length = 0; length <= 128; length++) {
		snprintf(text, sizeof(text), "::/%u", length);
		assert_int_equal(prefix_parse_network(text, &prefix, &why), 0);
		assert_prefix(&prefix, 6, length, "::");
		/* the first host bit set is refused, the last network bit is kept */
		snprintf(text, sizeof(text), "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/%u", length);
		assert_int_equal(prefix_parse_network(text, &prefix, &why),
				 length == 128 ? 0 : -EINVAL);
		if (length > 32)
			continue;
		snprintf(text, sizeof(text), "0.0.0.0/%u", length);
		assert_int_equal(prefix_parse_network(text, &prefix, &why), 0);
		assert_prefix(&prefix, 4, length, "0.0.0.0");
		snprintf(text, sizeof(text), "::ffff:0.0.0.0/%u", 96 + length);
		assert_int_equal(prefix_parse_network(text, &prefix, &why), 0);
		assert_prefix(&prefix, 4, length, "0.0.0.0");
	}
}

static void reads_many(void **state)
{
	enum { MANY = 70000 };
	_cleanup_whitelist_ struct whitelist whitelist = {0};
	_cleanup_free_ char *text = malloc(MANY * 20 + 100);
	size_t used;

	(void)state;
	assert_non_null(text);
	used = (size_t)sprintf(text, "{\"whitelist\":{\"a\":{\"ips\":[\"10.0.0.0\"");
	for (int i = MANY - 1; i > 0; i--)
		used += (size_t)sprintf(text + used, ",\"10.%d.%d.%d\"", i >> 16, i >> 8 & 255,
					i & 255);
	strcpy(text + used, "]}}}");
	take(text, &whitelist);
	assert_int_equal(whitelist.count, MANY);
	for (uint32_t i = 0; i < MANY; i++)
		assert_int_equal(ntohl(whitelist.prefixes[i].address[0]), 10u << 24 | i);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_the_example),
		cmocka_unit_test(counts_what_is_enabled),
		cmocka_unit_test(samples_the_first_five),
		cmocka_unit_test(refuses_other_documents),
		cmocka_unit_test(refuses_bad_entries),
		cmocka_unit_test(reads_every_prefix_length),
		cmocka_unit_test(reads_many),
	};

	return cmocka_run_group_tests_name("whitelist", tests, NULL, NULL);
}
