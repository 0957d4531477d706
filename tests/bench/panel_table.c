// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <string.h>

#include "panel.h"
#include "report.h"

static void print_head(const struct panel *panel)
{
	uint32_t column;

	printf("%-18s", "flows");
	for (column = 0; column < panel->columns; column++)
		printf("%25u", panel->flows[column]);
	putchar('\n');
}

static const struct quartiles *find(char (*names)[SUBJECT_NAME], uint32_t rows, const char *name,
				    const struct quartiles *cells)
{
	uint32_t i;

	for (i = 0; i < rows; i++)
		if (!strcmp(names[i], name))
			return &cells[i];
	return NULL;
}

/* All but EMPTY are compared with netacct, and that with what is nearest to it. */
static const struct quartiles *base_of(char (*names)[SUBJECT_NAME], uint32_t rows, uint32_t row,
				       const struct quartiles *cells)
{
	if (!row)
		return NULL;
	return find(names, rows,
		    strcmp(names[row], SUBJECT_NETACCT) ? SUBJECT_NETACCT : SUBJECT_HASH, cells);
}

static void show(struct report *report, const struct panel *panel, uint32_t column,
		 const char *name, const struct quartiles *cell, const struct quartiles *base)
{
	char text[64], scene[32];

	report_format(text, sizeof(text), cell, base);
	printf("%25s", text);
	snprintf(scene, sizeof(scene), "%u flows", panel->flows[column]);
	report_store(report, scene, name, cell, "ns", base);
}

void panel_print(struct report *report, const struct panel *panel, const char *title,
		 char (*names)[SUBJECT_NAME], uint32_t rows, const struct quartiles *cells)
{
	uint32_t row, column;

	report_table(report, "packets", title);
	print_head(panel);
	for (row = 0; row < rows; row++) {
		printf("%-18.18s", row ? names[row] : "EMPTY itself");
		for (column = 0; column < panel->columns; column++) {
			const struct quartiles *those = &cells[column * SUBJECTS_MAX];

			show(report, panel, column, names[row], &those[row],
			     base_of(names, rows, row, those));
		}
		putchar('\n');
	}
	fflush(stdout);
}
