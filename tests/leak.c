// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Loses memory, like a command with a leak: after it has given every
 * capability away. LeakSanitizer must see it (self.a_leak_is_reported).
 */
#include <stdlib.h>

#include "../src/cmd/privilege.h"

static void *volatile block;

int main(void)
{
	if (privilege_keep(PRIVILEGE_NONE))
		return 2;
	for (int i = 0; i < 100; i++)
		block = malloc(100);
	block = NULL;
	return 0;
}
