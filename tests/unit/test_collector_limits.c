// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <time.h>

#include "../../src/collector/limits.h"
#include "sample.h"

#define NOW INT64_C(1795343400) /* 2026-11-22T10:30:00Z, a Sunday */
#define HOUR INT64_C(3600)
#define DAY (24 * HOUR)
#define ETH0 7 /* numbers in the history */
#define ETH1 3

/* A history in memory: what limits ask of one is its sources and its rows. */
struct kept {
	int64_t time;
	uint32_t source;
	struct flow_record record;
	bool other;
};
struct history {
	struct kept rows[64];
	size_t count;
	int error;
};

int history_sources(struct history *history, struct history_source **ret, size_t *ret_count,
		    struct history_error *why)
{
	(void)why;
	if (history->error)
		return history->error;
	*ret = calloc(2, sizeof(**ret));
	(*ret)[0] = (struct history_source){.number = ETH0, .id = strdup("host--eth0")};
	(*ret)[1] = (struct history_source){.number = ETH1, .id = strdup("host--eth1")};
	*ret_count = 2;
	return 0;
}

void history_sources_free(struct history_source *sources, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free(sources[i].id);
	free(sources);
}

int history_rows(struct history *history, int64_t since, int64_t until, enum history_level coarsest,
		 uint32_t source, history_row_function function, void *context,
		 struct history_error *why)
{
	(void)coarsest;
	(void)why;
	for (size_t i = 0; i < history->count; i++) {
		const struct kept *kept = &history->rows[i];
		struct history_row row = {.source = kept->source,
					  .key = kept->other ? NULL : &kept->record.key,
					  .kind = NA_KEY_HOST_PAIR,
					  .rx = kept->record.rx,
					  .tx = kept->record.tx};

		if (kept->time >= since && kept->time < until &&
		    (source == UINT32_MAX || source == kept->source))
			function(context, &row);
	}
	return history->error;
}

static struct flow_record flow(const char *local, uint64_t rx, uint64_t tx)
{
	const char *remote = strchr(local, ':') ? "2001:db8::99" : "192.0.2.1";

	return sample_record(sample_key(local, remote, 6, 0, 0), rx, tx);
}

static void keep(struct history *history, int64_t time, uint32_t source, struct flow_record record)
{
	history->rows[history->count++] = (struct kept){time, source, record, false};
}

static struct config_limit limit(const char *name, enum config_period period, uint64_t bytes)
{
	return (struct config_limit){.name = (char *)name,
				     .period = period,
				     .direction = CONFIG_BOTH,
				     .bytes = bytes,
				     .percent = {80, 90, 100},
				     .percents = 3};
}

static void evaluate(struct config_limit *limits, size_t count, struct history *history,
		     int64_t now, struct limit_state *ret)
{
	struct config config = {.limits = limits, .limit_count = count, .reset_day = 15};
	struct history_error why = {""};

	assert_int_equal(limits_evaluate(&config, history, now, ret, &why), 0);
}

static int setup(void **state)
{
	(void)state;
	setenv("TZ", "UTC0", 1);
	tzset();
	return 0;
}

static void periods(void **state)
{
	struct config_limit limits[] = {limit("day", CONFIG_DAY, 1000),
					limit("month", CONFIG_MONTH, 1000),
					limit("billing", CONFIG_BILLING, 1000)};
	struct history history = {};
	struct limit_state states[3];

	(void)state;
	keep(&history, NOW - HOUR, ETH0, flow("10.0.0.1", 1, 2));
	keep(&history, NOW - 3 * DAY, ETH0, flow("10.0.0.1", 10, 20));
	keep(&history, NOW - 10 * DAY, ETH0, flow("10.0.0.1", 100, 200));
	keep(&history, NOW - 30 * DAY, ETH0, flow("10.0.0.1", 1000, 2000));
	evaluate(limits, 3, &history, NOW, states);
	assert_int_equal(states[0].bytes, 3);
	assert_int_equal(states[1].bytes, 333);
	assert_int_equal(states[2].bytes, 33);
	assert_int_equal(states[0].start, NOW - NOW % DAY);
	assert_int_equal(states[0].end, NOW - NOW % DAY + DAY);
	assert_int_equal(states[2].end - states[2].start, 30 * DAY);
	assert_int_equal(states[0].reached, 0);
}

static void sources_hosts_and_directions(void **state)
{
	struct config_limit limits[9];
	struct history history = {};
	struct limit_state states[9];

	(void)state;
	for (size_t i = 0; i < 9; i++)
		limits[i] = limit("x", CONFIG_DAY, 100);
	limits[1].source = (char *)"host--eth0";
	limits[2].source = (char *)"host--*";
	limits[3].direction = CONFIG_IN;
	limits[4].direction = CONFIG_OUT;
	limits[5].host = (char *)"10.0.0.1";
	limits[6].host = (char *)"10.0.0.0/23";
	limits[7].host = (char *)"2001:db8::/33";
	limits[8].source = (char *)"blue--*";
	keep(&history, NOW, ETH0, flow("10.0.0.1", 1, 2));
	keep(&history, NOW, ETH1, flow("10.0.1.1", 4, 8));
	keep(&history, NOW, ETH1, flow("2001:db8:7fff::1", 16, 32));
	keep(&history, NOW, ETH1, flow("2001:db8:8000::1", 64, 128));
	keep(&history, NOW, ETH1, flow("10.0.2.1", 256, 512));
	history.rows[4].other = true; /* of hosts that are not known any more */
	evaluate(limits, 9, &history, NOW, states);
	assert_int_equal(states[0].bytes, 1023);
	assert_int_equal(states[1].bytes, 3);
	assert_int_equal(states[2].bytes, 1023);
	assert_int_equal(states[3].bytes, 341);
	assert_int_equal(states[4].bytes, 682);
	assert_int_equal(states[5].bytes, 3);
	assert_int_equal(states[6].bytes, 15);
	assert_int_equal(states[7].bytes, 48);
	assert_int_equal(states[8].bytes, 0);
}

static void percentages(void **state)
{
	const struct {
		uint64_t bytes;
		uint32_t reached;
	} cases[] = {{799, 0},	{800, 80},   {899, 80},	 {900, 90},
		     {999, 90}, {1000, 100}, {5000, 100}};
	struct config_limit limits = limit("x", CONFIG_DAY, 1000);
	struct limit_state result;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct history history = {};

		keep(&history, NOW, ETH0, flow("10.0.0.1", cases[i].bytes, 0));
		evaluate(&limits, 1, &history, NOW, &result);
		assert_int_equal(result.reached, cases[i].reached);
	}
	/* where bytes times a hundred do not fit in 64 bits */
	struct history history = {};

	limits.bytes = UINT64_C(1) << 62;
	keep(&history, NOW, ETH0, flow("10.0.0.1", (UINT64_C(1) << 62) - 1, 0));
	evaluate(&limits, 1, &history, NOW, &result);
	assert_int_equal(result.reached, 90);
}

struct crossings {
	uint32_t percent[16];
	uint64_t bytes[16];
	size_t count;
};

static void note(void *context, const struct limit_state *state)
{
	struct crossings *crossings = context;

	crossings->percent[crossings->count] = state->reached;
	crossings->bytes[crossings->count++] = state->bytes;
}

/* A drain as the collector has it: it is in the history by now. */
static int drain(struct limits *limits, struct history *history, int64_t now, uint64_t bytes,
		 struct crossings *crossings)
{
	struct flow_record record = flow("10.0.0.1", bytes, 0);
	struct reading reading = sample_reading(NA_KEY_HOST_PAIR, &record, 1);
	struct history_error why = {""};
	int error;

	keep(history, now, ETH0, record);
	*crossings = (struct crossings){};
	error = limits_add(limits, &reading, 1, now, note, crossings, &why);
	reading_clear(&reading);
	return error;
}

static struct limits *open_limits(const struct config *config, struct history *history, int64_t now)
{
	struct history_error why = {""};
	struct limits *limits = NULL;

	assert_int_equal(limits_open(config, history, now, &limits, &why), 0);
	return limits;
}

static void crossed_once(void **state)
{
	struct config_limit limits = limit("x", CONFIG_DAY, 1000);
	struct config config = {.limits = &limits, .limit_count = 1, .reset_day = 1};
	struct history history = {};
	struct crossings crossings;
	struct limits *open;

	(void)state;
	open = open_limits(&config, &history, NOW);
	drain(open, &history, NOW, 799, &crossings);
	assert_int_equal(crossings.count, 0);
	drain(open, &history, NOW + 5, 1, &crossings);
	assert_int_equal(crossings.count, 1);
	assert_int_equal(crossings.percent[0], 80);
	assert_int_equal(crossings.bytes[0], 800);
	drain(open, &history, NOW + 10, 50, &crossings);
	assert_int_equal(crossings.count, 0);
	limits_close(open);
	/* after a restart what was said is not said again */
	open = open_limits(&config, &history, NOW + 15);
	drain(open, &history, NOW + 15, 10, &crossings);
	assert_int_equal(crossings.count, 0);
	drain(open, &history, NOW + 20, 400, &crossings);
	assert_int_equal(crossings.count, 2);
	assert_int_equal(crossings.percent[0], 90);
	assert_int_equal(crossings.percent[1], 100);
	/* the next day begins anew, and with what it has already */
	drain(open, &history, NOW + DAY, 850, &crossings);
	assert_int_equal(crossings.count, 1);
	assert_int_equal(crossings.bytes[0], 850);
	/* the clock is set back: that day has had its lines */
	drain(open, &history, NOW + 60, 5, &crossings);
	assert_int_equal(crossings.count, 0);
	limits_close(open);
}

/* A history that cannot be read when a period begins is asked again, and nothing is lost. */
static void a_history_in_trouble(void **state)
{
	struct config_limit limits = limit("x", CONFIG_DAY, 1000);
	struct config config = {.limits = &limits, .limit_count = 1, .reset_day = 1};
	struct history history = {};
	struct crossings crossings;
	struct limits *open = open_limits(&config, &history, NOW);

	(void)state;
	history.error = -EBUSY;
	assert_int_equal(drain(open, &history, NOW, 500, &crossings), 0);
	assert_int_equal(drain(open, &history, NOW + DAY, 500, &crossings), -EBUSY);
	assert_int_equal(crossings.count, 0);
	history.error = 0;
	assert_int_equal(drain(open, &history, NOW + DAY + 5, 350, &crossings), 0);
	assert_int_equal(crossings.count, 1);
	assert_int_equal(crossings.bytes[0], 850);
	limits_close(open);
}

static void other_sources_do_not_count(void **state)
{
	struct config_limit limits = limit("x", CONFIG_DAY, 1000);
	struct config config = {.limits = &limits, .limit_count = 1, .reset_day = 1};
	struct history history = {};
	struct crossings crossings;
	struct limits *open;

	(void)state;
	limits.source = (char *)"host--eth1";
	open = open_limits(&config, &history, NOW);
	drain(open, &history, NOW, 5000, &crossings);
	assert_int_equal(crossings.count, 0);
	limits_close(open);
}

static void a_bad_host(void **state)
{
	struct config_limit limits = limit("uplink", CONFIG_DAY, 1000);
	struct config config = {.limits = &limits, .limit_count = 1, .reset_day = 1};
	struct history_error why = {""};
	struct history history = {};
	struct limit_state result;

	(void)state;
	limits.host = (char *)"10.0.0.1/8";
	assert_int_equal(limits_evaluate(&config, &history, NOW, &result, &why), -EINVAL);
	assert_non_null(strstr(why.text, "uplink"));
	assert_non_null(strstr(why.text, "10.0.0.0/8"));
}

static void sentences(void **state)
{
	struct config_limit monthly = limit("month", CONFIG_MONTH, UINT64_C(100000000000));
	struct limit_state result = {.limit = &monthly,
				     .start = 1793491200,
				     .end = 1796083200,
				     .bytes = UINT64_C(83123456789),
				     .reached = 80};
	char text[256];

	(void)state;
	limit_sentence(&result, text);
	assert_string_equal(text, "month: 80 % of 100 GB are used (83.1 GB), until 2026-12-01");
	result.reached = 0;
	result.bytes = 999;
	limit_sentence(&result, text);
	assert_string_equal(text, "month: 0 % of 100 GB are used (999 B), until 2026-12-01");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(periods),
		cmocka_unit_test(sources_hosts_and_directions),
		cmocka_unit_test(percentages),
		cmocka_unit_test(crossed_once),
		cmocka_unit_test(a_history_in_trouble),
		cmocka_unit_test(other_sources_do_not_count),
		cmocka_unit_test(a_bad_host),
		cmocka_unit_test(sentences),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
