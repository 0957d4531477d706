/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Somebody else's programs on our interfaces: they count packets and return a verdict. */
#ifndef NETNS_FOREIGN_H
#define NETNS_FOREIGN_H

#include <stdbool.h>
#include <stdint.h>

enum foreign_kind { FOREIGN_TC, FOREIGN_XDP };

struct foreign {
	int program, counter; /* descriptors */
	int link; /* of tcx, -1: none */
};

void foreign_load(struct foreign *foreign, enum foreign_kind kind, int verdict);
void foreign_close(struct foreign *foreign);
#define _cleanup_foreign_ __attribute__((cleanup(foreign_close)))

/* Packets that it has seen. */
uint64_t foreign_count(const struct foreign *foreign);

/* These go through include/netacct/netlink.h, inside `ns`. */
void foreign_clsact(const char *ns, const char *name);
void foreign_filter(const struct foreign *foreign, const char *ns, const char *name, bool egress,
		    uint16_t priority);
/* Its filter of that priority is still there. */
bool foreign_filter_there(const char *ns, const char *name, bool egress, uint16_t priority);
void foreign_filter_delete(const char *ns, const char *name, bool egress, uint16_t priority);
/* Deletes the clsact with all that is on it, as a careless neighbour would. */
void clsact_take(const char *ns, const char *name);
bool clsact_there(const char *ns, const char *name);
/* All filters of both sides. */
unsigned int filters_there(const char *ns, const char *name);
void foreign_xdp(const struct foreign *foreign, const char *ns, const char *name, bool generic);
/* The id of the program at XDP, 0: none. */
uint32_t xdp_there(const char *ns, const char *name);
uint32_t foreign_id(const struct foreign *foreign);

/* A negative errno where the kernel has no tcx. */
int foreign_tcx_try(struct foreign *foreign, const char *ns, const char *name, bool egress);
/* The same, before all that are there; the above stands behind them. */
int foreign_tcx_first(struct foreign *foreign, const char *ns, const char *name, bool egress);

/* The qdisc that holds the ingress side without an egress side. */
void ingress_qdisc(const char *ns, const char *name);

#endif
