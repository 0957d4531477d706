// SPDX-License-Identifier: GPL-2.0-or-later
/* The kernel's verdict and words, from messages made by hand. */
#include "test_netlink_message.h"

#define WORDS "Exclusivity flag on, cannot modify"

/* An NLMSG_ERROR; request: how many bytes of it are repeated behind its header. */
static struct nlmsghdr *verdict(int error, uint16_t flags, size_t request, const char *words)
{
	struct nlmsgerr body = {.error = error};
	struct nl_msg *message;

	body.msg.nlmsg_len = (uint32_t)(NLMSG_HDRLEN + (flags & NLM_F_CAPPED ? 36 : request));
	message = message_new(NLMSG_ERROR, &body, sizeof(body));
	if (request)
		memset(nlmsg_reserve(message, request, NLMSG_ALIGNTO), 0xee, request);
	nla_put_u32(message, NLMSGERR_ATTR_OFFS, 20);
	if (words)
		nla_put(message, NLMSGERR_ATTR_MSG, (int)strlen(words), words);
	nlmsg_hdr(message)->nlmsg_flags = flags;
	return message_seal(message);
}

static void expect(struct nlmsghdr *message, int error, const char *words)
{
	struct nl_error err;

	memset(&err, 'x', sizeof(err));
	assert_int_equal(extack_parse(message, &err), error);
	assert_string_equal(err.text, words);
	free(message);
}

static void test_capped(void **state)
{
	(void)state;
	expect(verdict(-EEXIST, NLM_F_CAPPED | NLM_F_ACK_TLVS, 0, WORDS), -EEXIST, WORDS);
}

static void test_whole_request_before_the_words(void **state)
{
	(void)state;
	expect(verdict(-EEXIST, NLM_F_ACK_TLVS, 36, WORDS), -EEXIST, WORDS);
	/* A request that does not end on 4 bytes is padded. */
	expect(verdict(-EEXIST, NLM_F_ACK_TLVS, 33, WORDS), -EEXIST, WORDS);
}

static void test_warning_with_success(void **state)
{
	(void)state;
	expect(verdict(0, NLM_F_CAPPED | NLM_F_ACK_TLVS, 0, "careful"), 0, "careful");
}

static void test_no_words(void **state)
{
	(void)state;
	expect(verdict(-EPERM, NLM_F_CAPPED, 0, WORDS), -EPERM, ""); /* not announced */
	expect(verdict(-EPERM, NLM_F_CAPPED | NLM_F_ACK_TLVS, 0, NULL), -EPERM, "");
}

static void test_words_longer_than_room(void **state)
{
	struct nl_error err;
	char words[1000];
	struct nlmsghdr *message;

	(void)state;
	memset(words, 'w', sizeof(words));
	words[sizeof(words) - 1] = '\0';
	message = verdict(-EIO, NLM_F_CAPPED | NLM_F_ACK_TLVS, 0, words);
	assert_int_equal(extack_parse(message, &err), -EIO);
	assert_int_equal(strlen(err.text), sizeof(err.text) - 1);
	free(message);
}

static void test_lying_lengths(void **state)
{
	static const uint32_t lengths[] = {0, 1, 15, 17, 200, 0x7fffffff, 0xfffffff0, 0xffffffff};
	struct nl_error err;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(lengths); i++) {
		struct nlmsghdr *message = verdict(-EINVAL, NLM_F_ACK_TLVS, 36, WORDS);

		((struct nlmsgerr *)nlmsg_data(message))->msg.nlmsg_len = lengths[i];
		assert_int_equal(extack_parse(message, &err), -EINVAL);
		assert_string_not_equal(err.text, WORDS);
		free(message);
	}
}

static void test_impossible_verdicts(void **state)
{
	(void)state;
	expect(verdict(5, NLM_F_CAPPED, 0, NULL), -EBADMSG, "");
	expect(verdict(-4096, NLM_F_CAPPED, 0, NULL), -EBADMSG, "");
	expect(verdict(INT32_MIN, NLM_F_CAPPED, 0, NULL), -EBADMSG, "");
}

static void test_cut_verdict(void **state)
{
	struct nlmsghdr *whole = verdict(-EEXIST, NLM_F_CAPPED | NLM_F_ACK_TLVS, 0, WORDS);
	struct nl_error err;
	size_t length;

	(void)state;
	/* The last two bytes are padding. */
	for (length = NLMSG_HDRLEN; length + 2 < whole->nlmsg_len; length++) {
		struct nlmsghdr *cut = message_cut(whole, length);

		assert_int_equal(extack_parse(cut, &err),
				 length < NLMSG_HDRLEN + sizeof(int) ? -EBADMSG : -EEXIST);
		assert_string_not_equal(err.text, WORDS);
		free(cut);
	}
	free(whole);
}

static struct nlmsghdr *done(int error, const char *words)
{
	struct nl_msg *message = message_new(NLMSG_DONE, &error, sizeof(error));

	if (words)
		nla_put_string(message, NLMSGERR_ATTR_MSG, words);
	nlmsg_hdr(message)->nlmsg_flags = NLM_F_MULTI | (words ? NLM_F_ACK_TLVS : 0);
	return message_seal(message);
}

static void test_end_of_dump(void **state)
{
	struct nlmsghdr *whole = done(0, NULL);
	struct nlmsghdr *bare = message_cut(whole, NLMSG_HDRLEN);

	(void)state;
	free(whole);
	expect(bare, 0, "");
	expect(done(0, NULL), 0, "");
	expect(done(-EINVAL, "Invalid header"), -EINVAL, "Invalid header");
	expect(done(36, NULL), 0, ""); /* some kernels leave the length dumped last */
}

static int parse_verdict(const struct nlmsghdr *message, void *item, const void *context)
{
	(void)context;
	return extack_parse(message, item);
}

static void test_spoilt(void **state)
{
	struct nlmsghdr *message;

	(void)state;
	message = verdict(-EEXIST, NLM_F_ACK_TLVS, 36, WORDS);
	message_spoil(message, parse_verdict, NULL, sizeof(struct nl_error));
	free(message);
	message = verdict(-EEXIST, NLM_F_CAPPED | NLM_F_ACK_TLVS, 0, WORDS);
	message_spoil(message, parse_verdict, NULL, sizeof(struct nl_error));
	free(message);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_capped),
		cmocka_unit_test(test_whole_request_before_the_words),
		cmocka_unit_test(test_warning_with_success),
		cmocka_unit_test(test_no_words),
		cmocka_unit_test(test_words_longer_than_room),
		cmocka_unit_test(test_lying_lengths),
		cmocka_unit_test(test_impossible_verdicts),
		cmocka_unit_test(test_cut_verdict),
		cmocka_unit_test(test_end_of_dump),
		cmocka_unit_test(test_spoilt),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
