/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The whole face of netlink/: what netacct asks of rtnetlink, without a
 * netlink type. Every function returns 0 or a negative errno; where the
 * kernel added words of its own (extack) they are in err->text, else it is
 * "". Out-parameters are untouched on failure. Nothing here prints;
 * rtnl_set_trace() names who does. Every one
 * may also return -ETIMEDOUT (the kernel is silent: whether a change was made
 * is not known), and those that list -EAGAIN (the list changed at every try).
 *
 * A struct rtnl belongs to the network namespace that the calling thread was
 * in at rtnl_open(), and stays there. It is not to be shared by threads.
 */
#ifndef NETACCT_NETLINK_H
#define NETACCT_NETLINK_H

#include <netacct/abi.h>
#include <net/if.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct nl_error {
	char text[256];
};

struct rtnl;

int rtnl_open(struct rtnl **ret, struct nl_error *err);
void rtnl_close(struct rtnl *nl);
static inline void cleanup_rtnl(struct rtnl **nl)
{
	rtnl_close(*nl); /* NULL is fine */
}
#define _cleanup_rtnl_ __attribute__((cleanup(cleanup_rtnl)))

/* From now on of the namespace that the calling thread is in; on failure as it was. */
int rtnl_reopen(struct rtnl *nl);
/* SO_NETNS_COOKIE of its namespace; 0: the kernel has none. */
int rtnl_netns_cookie(const struct rtnl *nl, uint64_t *ret);

/*
 * Who wants to see every message that is sent or received, a line each and
 * without a newline: direction, type, flags, sequence, length and, where it
 * has one, the error. NULL: nobody, as at start. This, the log
 * level of the messages and the functions of SQLite are the only state that is
 * the process's; set it before any thread is started.
 */
typedef void (*rtnl_trace_function)(const char *line);
void rtnl_set_trace(rtnl_trace_function function);

/* An interface as RTM_GETLINK tells it. Strings may hold any byte but NUL. */
struct link {
	uint32_t ifindex;
	uint32_t lower; /* IFLA_LINK: the device underneath or the peer, 0: none */
	int32_t lower_netnsid; /* IFLA_LINK_NETNSID, -1: the same namespace */
	uint32_t master; /* bridge, bond …, 0: none */
	char name[IFNAMSIZ];
	char kind[32]; /* IFLA_INFO_KIND, "" for physical devices */
	char alias[257];
	uint16_t arphrd;
	uint32_t flags; /* IFF_* */
	uint8_t operstate; /* IF_OPER_* of RFC 2863 */
	uint32_t mtu;
	uint8_t address[32];
	uint8_t address_len;
	struct na_link_counters counters; /* IFLA_STATS64 */
	uint64_t tx_dropped; /* the same */
	struct {
		uint32_t native, generic, offload; /* program ids, 0: none */
	} xdp;
};

/* -ENODEV where there is none. */
int link_by_name(struct rtnl *nl, const char *name, struct link *ret, struct nl_error *err);
int link_by_index(struct rtnl *nl, uint32_t ifindex, struct link *ret, struct nl_error *err);
/* All links by ifindex; free() the array. Without `counters` the kernel may leave them out. */
int link_list(struct rtnl *nl, bool counters, struct link **ret, size_t *ret_count,
	      struct nl_error *err);
/* RFC 2863 word of an operstate: "up", "down", "unknown" … */
const char *link_operstate(uint8_t operstate);

struct address {
	uint32_t ifindex;
	uint8_t family; /* AF_INET or AF_INET6 */
	uint8_t prefixlen;
	uint8_t bytes[16]; /* network byte order; the local address (IFA_LOCAL) */
};

/* All addresses, in the kernel's order; free() the array. */
int address_list(struct rtnl *nl, struct address **ret, size_t *ret_count, struct nl_error *err);

/* The device of the default route with the lowest metric, IPv4 before IPv6; -ENOENT: none. */
int route_default(struct rtnl *nl, uint32_t *ret_ifindex, struct nl_error *err);

/* Which qdisc holds an interface's ingress side (handle ffff:). */
enum ingress_qdisc { QDISC_NONE, QDISC_CLSACT, QDISC_INGRESS };

struct qdisc {
	uint32_t ifindex;
	enum ingress_qdisc kind;
};

int qdisc_query(struct rtnl *nl, uint32_t ifindex, enum ingress_qdisc *ret, struct nl_error *err);
/* Those of all interfaces that have one; free() the array. */
int qdisc_list(struct rtnl *nl, struct qdisc **ret, size_t *ret_count, struct nl_error *err);
/* -EEXIST where an ingress or clsact qdisc is there already. */
int clsact_add(struct rtnl *nl, uint32_t ifindex, struct nl_error *err);
int clsact_delete(struct rtnl *nl, uint32_t ifindex, struct nl_error *err);

enum filter_side { FILTER_INGRESS, FILTER_EGRESS };

struct filter {
	enum filter_side side;
	uint32_t chain;
	uint16_t priority;
	uint16_t protocol; /* ETH_P_*, host byte order */
	uint32_t handle;
	char kind[16]; /* bpf, u32, flower … */
	char name[64]; /* TCA_BPF_NAME, else "" */
	uint32_t prog_id; /* TCA_BPF_ID, 0: classic BPF or another kind */
	uint8_t tag[8]; /* TCA_BPF_TAG */
	bool direct_action;
};

/* The filters of one side in the order the kernel runs them; free() the array. */
int filter_list(struct rtnl *nl, uint32_t ifindex, enum filter_side side, struct filter **ret,
		size_t *ret_count, struct nl_error *err);
/*
 * A direct-action cls_bpf filter for ETH_P_ALL in chain 0. With replace false
 * it must be new (-EEXIST), with true it must be there (-ENOENT). Priority
 * and handle are not 0 (-EINVAL), the name fits struct filter (-ENAMETOOLONG).
 * On an ingress qdisc the kernel takes an egress filter and runs it on
 * ingress: ask qdisc_query() before.
 */
int filter_set(struct rtnl *nl, uint32_t ifindex, enum filter_side side, uint16_t priority,
	       uint32_t handle, int prog_fd, const char *name, bool replace, struct nl_error *err);
/* Exactly that one: by priority, handle, kind bpf and ETH_P_ALL. -ENOENT: not there. */
int filter_delete(struct rtnl *nl, uint32_t ifindex, enum filter_side side, uint16_t priority,
		  uint32_t handle, struct nl_error *err);

enum xdp_mode { XDP_MODE_NATIVE, XDP_MODE_GENERIC };

/* -EBUSY or -EEXIST where a program is there already, -EBADF where prog_fd is none. */
int xdp_attach(struct rtnl *nl, uint32_t ifindex, int prog_fd, enum xdp_mode mode,
	       struct nl_error *err);
/*
 * Puts prog_fd (-1: nothing) where the program of expected_fd is, else fails
 * (IFLA_XDP_EXPECTED_FD); the mode must be the one it was attached in.
 * expected_fd must be a program's (-EBADF).
 */
int xdp_replace(struct rtnl *nl, uint32_t ifindex, int prog_fd, int expected_fd, enum xdp_mode mode,
		struct nl_error *err);

/*
 * A socket that hears of links made, changed and deleted (RTNLGRP_LINK) in
 * the network namespace that the calling thread is in at open, and stays
 * there. It only says that something happened; ask link_list() what.
 */
struct rtnl_watch;
int rtnl_watch_open(struct rtnl_watch **ret, struct nl_error *err);
void rtnl_watch_close(struct rtnl_watch *watch);
int rtnl_watch_fd(const struct rtnl_watch *watch);
/* Reads all that waits; true where something happened (also where messages were lost: ENOBUFS). */
bool rtnl_watch_happened(struct rtnl_watch *watch);

#endif
