/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The commands: one function a file, options in, calls, words out. argv[0]
 * is the command's name. The return value is the exit status; a command that
 * returns STATUS_FAILED or STATUS_USAGE has said why.
 */
#ifndef NETACCT_CMD_H
#define NETACCT_CMD_H

enum status {
	STATUS_DONE = 0,
	STATUS_FAILED = 1,
	STATUS_USAGE = 2,
	STATUS_FOUND = 3, /* a check found something */
};

int cmd_attach(int argc, char **argv);
int cmd_detach(int argc, char **argv);
int cmd_list_all(int argc, char **argv);
int cmd_dump(int argc, char **argv);
int cmd_drain(int argc, char **argv);
int cmd_cleanup(int argc, char **argv);
int cmd_collect(int argc, char **argv);
int cmd_report(int argc, char **argv);
int cmd_verify(int argc, char **argv);
int cmd_doctor(int argc, char **argv);
int cmd_whitelist(int argc, char **argv);

#endif
