// SPDX-License-Identifier: GPL-2.0-or-later
#include "config_units.h"

#include <errno.h>
#include <netacct/cleanup.h>
#include <stdbool.h>
#include <string.h>

#define DAY 86400

/* What a number was, before its unit: in thousandths behind the point. */
struct amount {
	uint64_t whole;
	unsigned int thousandths;
};

static bool is_digit(char character)
{
	return character >= '0' && character <= '9';
}

/* Returns where the unit begins; NULL: no number, or one that does not fit. */
static const char *parse_amount(const char *text, struct amount *ret)
{
	unsigned int weight = 100;

	*ret = (struct amount){0};
	if (!is_digit(*text))
		return NULL;
	for (; is_digit(*text); text++)
		if (__builtin_mul_overflow(ret->whole, 10, &ret->whole) ||
		    __builtin_add_overflow(ret->whole, (uint64_t)(*text - '0'), &ret->whole))
			return NULL;
	if (*text == '.') {
		if (!is_digit(*++text))
			return NULL;
		for (; is_digit(*text); text++, weight /= 10) {
			if (!weight)
				return NULL;
			ret->thousandths += (unsigned int)(*text - '0') * weight;
		}
	}
	return *text == ' ' && text[1] ? text + 1 : text;
}

/* factor: at most 2^50, so that the decimals fit. */
static int multiply(const struct amount *amount, uint64_t factor, uint64_t *ret)
{
	uint64_t value, decimals = amount->thousandths * factor / 1000;

	if (__builtin_mul_overflow(amount->whole, factor, &value) ||
	    __builtin_add_overflow(value, decimals, &value))
		return -ERANGE;
	*ret = value;
	return 0;
}

/* 0: no unit of sizes. */
static uint64_t size_factor(const char *unit)
{
	static const char prefixes[] = "kMGTP";
	char prefix = *unit == 'K' ? 'k' : *unit;
	const char *found = prefix ? strchr(prefixes, prefix) : NULL;
	uint64_t base = 1000, factor = 1;

	if (found) {
		unit++;
		if (*unit == 'i') {
			base = 1024;
			unit++;
		}
		for (; found >= prefixes; found--)
			factor *= base;
	}
	if (*unit == 'B')
		unit++;
	return *unit ? 0 : factor;
}

static uint64_t duration_factor(const char *unit)
{
	static const struct {
		const char *name;
		uint64_t seconds;
	} units[] = {
		{"", 1},    {"s", 1},	    {"min", 60},	 {"h", 3600},
		{"d", DAY}, {"w", 7 * DAY}, {"month", 31 * DAY}, {"y", 366 * DAY},
	};

	for (size_t i = 0; i < ARRAY_SIZE(units); i++)
		if (!strcmp(unit, units[i].name))
			return units[i].seconds;
	return 0;
}

static int parse(const char *text, uint64_t (*factor_of)(const char *unit), uint64_t *ret)
{
	struct amount amount;
	const char *unit = parse_amount(text, &amount);
	uint64_t factor = unit ? factor_of(unit) : 0;

	return factor ? multiply(&amount, factor, ret) : -EINVAL;
}

int config_parse_size(const char *text, uint64_t *ret)
{
	return parse(text, size_factor, ret);
}

int config_parse_duration(const char *text, uint64_t *ret)
{
	return parse(text, duration_factor, ret);
}
