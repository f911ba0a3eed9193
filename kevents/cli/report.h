/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KEVENTS_CLI_REPORT_H
#define KEVENTS_CLI_REPORT_H

/* kevents report. Returns an exit code. */
int cmd_report(int argc, char **argv, const char *name);

#endif
