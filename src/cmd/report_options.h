/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The command line of report. */
#ifndef NETACCT_REPORT_OPTIONS_H
#define NETACCT_REPORT_OPTIONS_H

#include "report.h"

/* As options_parse(); what does not go together is a usage error too. */
int report_options_parse(int argc, char **argv, struct report_options *options,
			 enum sheet_format *ret_format);

#endif
