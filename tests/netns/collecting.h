/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A collector of the test's: started until it says READY, ended by a signal, and its books. */
#ifndef NETNS_COLLECTING_H
#define NETNS_COLLECTING_H

#include "ledger.h"
#include "pair.h"
#include "tool.h"

#define COLLECTING_HISTORY "/run/history/history.db"
#define COLLECTING_OUTPUT "/run/out.json"
#define COLLECTING_CONFIG "/run/netacct.json"
#define COLLECTING_WHITELIST "/run/whitelist.json"

struct collecting {
	struct tool tool;
	int notify; /* the socket that it says READY to */
};

/*
 * Writes COLLECTING_CONFIG: an interval of 0.2 s, the history and one instance, right/v1 with
 * --key flow into COLLECTING_OUTPUT, `more` (", \"key\": …" or "") added to it.
 */
void collecting_configure(const char *more);
/* Writes a file whole: a new one takes its place. */
void collecting_write(const char *path, const char *text);
void collecting_start(struct collecting *collecting, const char *const *argv);
/* `collect -c COLLECTING_CONFIG --debug` */
void collecting_begin(struct collecting *collecting);
/* Until it says READY again, after SIGHUP. */
void collecting_ready(struct collecting *collecting);
/* Until what it says on the service manager's socket has `part` in it. */
void collecting_await(struct collecting *collecting, const char *part);
/* Sends the signal and waits for its end, which must have exit status 0 if it is not SIGKILL. */
void collecting_end(struct collecting *collecting, int signal, struct run *ret);
void collecting_stop(struct collecting *collecting); /* by SIGTERM */

/* So many flows of packet_datagram, received and sent by the pair's source. */
void collecting_traffic(struct pair *pair, unsigned int in, unsigned int out);

/* The flows in the output file, of the pair's source. */
void collecting_file(struct ledger *ret);
/* All that the history holds, in packets and bytes. */
struct ledger_count collecting_history(const char *path);
/* Meters that are pinned. */
unsigned int collecting_meters(void);
/* History and file are what was sent, and no meter is left. */
void collecting_expect(const struct ledger *sent);

#endif
