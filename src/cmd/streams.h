/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The three standard streams: always open, and a write to stdout that failed
 * is never passed over in silence.
 */
#ifndef NETACCT_STREAMS_H
#define NETACCT_STREAMS_H

/*
 * A stream that the caller closed is put on /dev/null, for the wrong
 * direction: no file that is opened later lands on its number, and using it
 * is an error. SIGPIPE is ignored, so that EPIPE is an error and not a kill.
 * -errno.
 */
int streams_open(void);

/*
 * Flushes stdout. Where that or an earlier write failed, says so on stderr,
 * once, and forgets it. `error` is what the last write returned (0 or
 * -errno), where the caller knows it. Returns 0 or a negative errno: then
 * the output did not arrive and the command has failed.
 */
int streams_flush(int error);

#endif
