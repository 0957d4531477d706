/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a command may do, given away before it reads anything from outside:
 * arguments behind its name, files, the kernel's answers. By libcap where the
 * build has it; without, only no_new_privs is set, and --version says so.
 */
#ifndef NETACCT_PRIVILEGE_H
#define NETACCT_PRIVILEGE_H

#include <stdbool.h>
#include <stdint.h>

/* Sets of capabilities, a bit each; privilege.c says what asks for which. */
enum privilege {
	PRIVILEGE_NONE = 0,
	PRIVILEGE_MAPS = 1 << 0, /* make maps and read pins, before 5.8 too */
	PRIVILEGE_PROGRAMS = 1 << 1, /* load programs that read packets */
	PRIVILEGE_HOOKS = 1 << 2, /* attach them, and ask who is attached */
	PRIVILEGE_ENTER = 1 << 3, /* find and enter namespaces; objects by id; mount bpffs */
	PRIVILEGE_MEMORY = 1 << 4, /* raise RLIMIT_MEMLOCK, where maps are charged to it */
	PRIVILEGE_FILES = 1 << 5, /* read a file that only its owner may */
	PRIVILEGE_OWNER = 1 << 6, /* write files into folders of others; give them to a group */
};

/*
 * Keeps what `keep` asks for of that which the process has, in every set,
 * and lets no program that it may execute gain anything (no_new_privs).
 * Never gives more than was there. -errno: then nothing may be relied on.
 */
int privilege_keep(unsigned int keep);

/* Can capabilities be dropped by this build? */
bool privilege_can_drop(void);

#endif
