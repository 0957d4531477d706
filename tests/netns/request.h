/* SPDX-License-Identifier: GPL-2.0-or-later */
/* netlink requests of the tests' own, so that they do not trust what they test. */
#ifndef NETNS_REQUEST_H
#define NETNS_REQUEST_H

#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <stddef.h>
#include <stdint.h>

struct request {
	union {
		struct nlmsghdr header;
		unsigned char bytes[4096];
	};
};

/* `fixed`: what follows the header (ifinfomsg …). NLM_F_REQUEST and NLM_F_ACK are added. */
void request_start(struct request *request, uint16_t type, uint16_t flags, const void *fixed,
		   size_t size);
void request_put(struct request *request, uint16_t type, const void *data, size_t size);
void request_number(struct request *request, uint16_t type, uint32_t value);
void request_text(struct request *request, uint16_t type, const char *text);
/* Everything between is inside the attribute. */
size_t request_nest(struct request *request, uint16_t type);
void request_end(struct request *request, size_t nest);

/*
 * Sends it in the network namespace `ns` (NULL: the test's own) and returns
 * what the kernel answers: 0 or a negative errno.
 */
int request_send(const char *ns, struct request *request);

/* The same for one object; `answer` gets the message that comes before the acknowledgement. */
int request_ask(const char *ns, struct request *request, struct request *answer);

/* The same of another protocol than NETLINK_ROUTE; `answer` may be NULL. */
int request_ask_of(int protocol, const char *ns, struct request *request, struct request *answer);

/* An attribute of an answer, behind `fixed` bytes; NULL: not there. */
const struct rtattr *answer_find(const struct request *answer, size_t fixed, uint16_t type);

#endif
