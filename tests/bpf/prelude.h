/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A tc program that makes of a test run's packet what a test run refuses to
 * begin with, and goes on into the program in an array of one.
 */
#ifndef TESTS_BPF_PRELUDE_H
#define TESTS_BPF_PRELUDE_H

/*
 * Asked for in the context: `mark`, where it is not 0, is the length that the
 * packet is cut to (14 or more), `priority` is not 0 where it gets a VLAN tag
 * in its metadata. Both descriptors are the caller's; -errno, nothing open then.
 */
int prelude_open(int *ret_program, int *ret_array);

#endif
