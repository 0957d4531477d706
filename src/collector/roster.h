/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The roster: which meters count for which instance of the configuration,
 * kept up while interfaces and namespaces come and go. A literal interface
 * has a meter of its own, and is awaited where it is not there yet; a pattern has a group
 * that all its matches share. A meter that is there already (attached by hand, or
 * left by a collector with `persist`) is taken over, and stays when the collector ends.
 */
#ifndef NETACCT_ROSTER_H
#define NETACCT_ROSTER_H

#include <stdint.h>

#include "../meter/meter.h"
#include "config.h"
#include "voice.h"

/* Of no instance any more: it is drained into the history once more, and then goes. */
#define ROSTER_NO_INSTANCE SIZE_MAX

struct roster_entry {
	struct meter meter;
	int hold; /* of hold_take() */
	size_t instance; /* number in the configuration, or ROSTER_NO_INSTANCE */
	bool made; /* by a collector: it goes when the collector ends, unless `persist` */
	bool ours; /* made for this instance, by this collector or one before: new sources join */
	bool leaving; /* its instance counts otherwise by now: nothing is attached to it any more */
};

struct roster {
	const struct config *config;
	const struct voice *voice;
	struct roster_entry *entries;
	size_t count;
	struct roster_state *state; /* what it remembers of instances, and what it hears; owned */
};

/* Opens it without a meter; the watches begin here, so that nothing is missed between this and the
 * first roster_update(). */
int roster_open(struct roster *roster, const struct config *config, const struct voice *voice);
/* Releases everything and detaches nothing. */
void roster_close(struct roster *roster);

/*
 * Finds what each instance means now: attaches what is new, detaches (so that its last counts wait,
 * departed, for the next drain) what has gone, makes and opens meters. What fails is said once and
 * tried again, at each call or after a while. Takes pin_lock() for the time it changes something;
 * what takes long is left for another call, of which roster_descriptors() then tell. To be called
 * from the namespace the collector was started in, and after each round of drains too: what is
 * new may wait for the place or the id of a departed source. Entries may move, come and
 * go. -errno only where nothing can go on (no memory, bpffs gone).
 */
int roster_update(struct roster *roster);

/*
 * Another configuration (SIGHUP): instances that are the same go on, under their new numbers. The
 * meters of the others are let go where they stay; where they are to be detached their sources
 * depart, and roster_update() removes them when a drain has taken their last counts: until then
 * they are `leaving`, and of ROSTER_NO_INSTANCE where no instance has that name. What is new is
 * attached by roster_update(). The old configuration may be cleared afterwards.
 */
int roster_configure(struct roster *roster, const struct config *config);

/* Detaches the sources of meters that were made here and are not `persist`: they are departed then.
 */
int roster_detach(struct roster *roster);
/* After the last drain: removes the meters that have no source left, lets go of the others. */
int roster_end(struct roster *roster);

/* Descriptors to poll for POLLIN besides; the array is the roster's, until its next change. */
const int *roster_descriptors(const struct roster *roster, size_t *ret_count);
/* Something was readable: reads it away. True: roster_update() is due. */
bool roster_event(struct roster *roster);
/* There are places that tell nothing (namespaces without a name, a default route), or something
 * waits for a drain: roster_update() is due each second. */
bool roster_scans(const struct roster *roster);

#endif
