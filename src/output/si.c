// SPDX-License-Identifier: GPL-2.0-or-later
#include "si.h"

#include <stdio.h>

void si_format(uint64_t value, const char *unit, char text[static SI_TEXT])
{
	static const char prefixes[] = "kMGTPE";
	uint64_t scale = 1000, tenths;
	unsigned int i = 0;

	if (value < scale) {
		snprintf(text, SI_TEXT, "%u %.8s", (unsigned int)value, unit);
		return;
	}
	for (;; i++, scale *= 1000) {
		/* In two parts: ten times the value may not fit. */
		tenths = value / scale * 10 + (value % scale + scale / 20) / (scale / 10);
		if (tenths < 10000 || !prefixes[i + 1])
			break;
	}
	if (tenths % 10)
		snprintf(text, SI_TEXT, "%u.%u %c%.8s", (unsigned int)(tenths / 10),
			 (unsigned int)(tenths % 10), prefixes[i], unit);
	else
		snprintf(text, SI_TEXT, "%u %c%.8s", (unsigned int)(tenths / 10), prefixes[i],
			 unit);
}
