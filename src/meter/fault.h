/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What went wrong, in words, for a command to print: functions of this
 * folder return a negative errno and leave the sentence here. Initialise
 * with {}; the log is owned.
 */
#ifndef NETACCT_FAULT_H
#define NETACCT_FAULT_H

#include <netacct/netlink.h>
#include <stdarg.h>

struct fault {
	char text[640];
	int error; /* the errno it came with, negative; 0: none */
	char *log; /* the verifier's, NULL: none */
};

void fault_clear(struct fault *fault);
#define _cleanup_fault_ __attribute__((cleanup(fault_clear)))

/* Both return `error`, so that a caller can return what they return. */

/* "what: the words of error" */
int fault_errno(struct fault *fault, int error, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* the sentence alone */
int fault_set(struct fault *fault, int error, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* "what: the words of error (the kernel's own words)" */
int fault_netlink(struct fault *fault, int error, const struct nl_error *kernel, const char *format,
		  ...) __attribute__((format(printf, 4, 5)));

#endif
