/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <bpf/bpf.h>
#include <errno.h>
#include <netacct/cleanup.h>
#include <string.h>
#include <sys/mman.h>

#include "barrier.h"
#include "drain.h"
#include "scan.h"
#include "taken.h"

int drain_transition(struct meter *meter, struct na_control *control, struct fault *fault)
{
	struct na_control next = *control;
	uint32_t zero = 0;

	next.sequence++;
	if (bpf_map_update_elem(meter->maps[MAP_CONTROL], &zero, &next, BPF_ANY))
		return fault_errno(fault, negative_errno(), "pin control");
	*control = next;
	return 0;
}

int drain_recover(struct meter *meter, struct na_control *control, struct fault *fault)
{
	uint32_t number;
	int error;

	if (control->flags & NA_CTL_TAKEN) {
		error = scan_zero(meter, !control->active, fault);
		if (error)
			return error;
		control->flags &= ~NA_CTL_TAKEN;
		error = drain_transition(meter, control, fault);
		if (error)
			return error;
	}
	for (number = 0; number < 2; number++) {
		char name[16];

		scan_carry_name(number, name);
		if (control->carry != number + 1)
			pin_remove(meter->directory, name);
	}
	return 0;
}

int drain_flip(struct meter *meter, struct na_control *control, uint32_t flags, struct fault *fault)
{
	int error;

	control->active = !control->active;
	control->flags = flags;
	error = drain_transition(meter, control, fault);
	if (!error && (error = barrier_wait()))
		fault_errno(fault, error, "cannot wait for RCU");
	return error;
}

/* A list of records that is to become a carry map. */
struct carry {
	struct na_carried *records; /* owned */
	size_t count, room;
};

static int carry_add(void *context, const struct scanned *record)
{
	struct carry *carry = context;

	if (carry->count == carry->room) {
		size_t room = carry->room ? carry->room * 2 : 1024;
		struct na_carried *grown =
			reallocarray(carry->records, room, sizeof(*carry->records));

		if (!grown)
			return -ENOMEM;
		carry->records = grown;
		carry->room = room;
	}
	carry->records[carry->count++] = (struct na_carried){
		.key = *record->key,
		.packets = record->count.packets,
		.bytes = record->count.bytes,
		.last_seen = record->last_seen,
		.first_seen = record->first_seen,
		.half = record->half,
		.tcp_flags = record->tcp_flags,
	};
	return 0;
}

static int create_carry(const struct carry *carry)
{
	LIBBPF_OPTS(bpf_map_create_opts, options, .map_flags = BPF_F_MMAPABLE);
	size_t length = carry->count * sizeof(*carry->records);
	_cleanup_close_ int fd =
		bpf_map_create(BPF_MAP_TYPE_ARRAY, "netacct_carry", 4, sizeof(*carry->records),
			       (uint32_t)carry->count, &options);
	void *memory;

	if (fd < 0)
		return -errno;
	memory = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (memory == MAP_FAILED)
		return -errno;
	memcpy(memory, carry->records, length);
	munmap(memory, length);
	return TAKE_FD(fd);
}

/* Pins the list under the number that is not in use, and names it in `control`. */
static int put_carry(const struct meter *meter, const struct carry *carry,
		     struct na_control *control, struct fault *fault)
{
	uint32_t number = control->carry == 1;
	_cleanup_close_ int fd = -1;
	char name[16];
	int error;

	if (!carry->count) {
		control->carry = control->carry_records = 0;
		return 0;
	}
	fd = create_carry(carry);
	scan_carry_name(number, name);
	error = fd < 0 ? fd : pin_put(meter->directory, name, fd);
	if (error)
		return fault_errno(fault, error, "cannot pin %zu records as %s", carry->count,
				   name);
	control->carry = number + 1;
	control->carry_records = (uint32_t)carry->count;
	return 0;
}

int drain_absorb(struct meter *meter, struct na_control *control, struct fault *fault)
{
	_cleanup_free_ struct outgoing *outgoing = NULL;
	_cleanup_free_ struct na_taken *taken = NULL;
	struct na_control next = *control;
	struct carry carry = {};
	uint32_t idle = !control->active;
	int error = barrier_wait();

	if (error)
		return fault_errno(fault, error, "cannot wait for RCU");
	error = taken_load(meter, control, &taken, fault);
	if (!error)
		error = outgoing_half(meter, control, &outgoing, fault);
	if (!error)
		taken_add(meter, control, outgoing, TAKE_HALF, taken);
	if (!error)
		error = scan_carry(meter, control, carry_add, &carry, fault);
	if (!error)
		error = scan_half(meter, idle, carry_add, &carry, fault);
	if (!error)
		error = put_carry(meter, &carry, &next, fault);
	free(carry.records);
	if (!error)
		error = taken_store(meter, &next, taken, fault);
	if (error)
		return error;
	next.flags &= ~(NA_CTL_LEFTOVER | NA_CTL_FROZEN);
	next.flags |= NA_CTL_TAKEN;
	error = drain_transition(meter, &next, fault);
	if (error)
		return error;
	*control = next;
	return drain_recover(meter, control, fault);
}
