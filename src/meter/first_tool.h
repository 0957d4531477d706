/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the first, Python, accounting tool leaves in the kernel, told by the
 * names it gave: programs and filters network_accounting…, and maps t_m_a_r_TAG
 * and the like. The kernel cuts the names of programs and maps at 15 bytes.
 */
#ifndef NETACCT_FIRST_TOOL_H
#define NETACCT_FIRST_TOOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum first_tool_kind { FIRST_TOOL_PROGRAM, FIRST_TOOL_MAP };

struct first_tool_object {
	enum first_tool_kind kind;
	uint32_t id;
	char name[16];
};

bool first_tool_program_name(const char *name);
bool first_tool_filter_name(const char *name); /* TCA_BPF_NAME: OBJECT:[SECTION] */
bool first_tool_map_name(const char *name);

/*
 * The programs of its names or that use a map of its names, and these maps;
 * `unused_maps`: also those that no program uses, for which every map of the
 * system is looked at. free() the array. -EPERM without CAP_SYS_ADMIN, -ENOMEM.
 */
int first_tool_find(bool unused_maps, struct first_tool_object **ret, size_t *ret_count);

/* Is that program among the objects? */
bool first_tool_has(const struct first_tool_object *objects, size_t count, uint32_t program);

#endif
