/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * `dump` and `report` without root: the running collector answers them over
 * its socket.
 */
#ifndef NETACCT_COLLECT_REMOTE_H
#define NETACCT_COLLECT_REMOTE_H

#include <stdbool.h>

/* The pins are there, or may be, and this process may not look at them. */
bool collect_remote_wanted(void);

/*
 * Asks the collector: argv[0] is the command's name, "dump" or "report". What
 * it prints goes to stdout and stderr as if it ran here; returns its exit
 * status. Where nobody answers, one line says that root or a running
 * collector is needed, and the return is STATUS_FAILED. -v is answered too.
 */
int collect_remote(int argc, char **argv);

#endif
