/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How digsig check says what it found. */
#ifndef DIGSIG_CLI_CHECK_PRINT_H
#define DIGSIG_CLI_CHECK_PRINT_H

#include "../../survey/critical.h"
#include "../../survey/survey.h"

struct check_style {
	bool colour, verbose;
};

/* Prints text to stdout. It names the critical files that would be denied, not the others. */
void check_print(const struct survey_result *result, const struct critical_files *critical,
	const struct check_style *style);
/* Prints one line to stdout. A denied critical file's entry has its role, another's null. */
void check_print_json(const struct survey_result *result, const struct critical_files *critical);

/* The exit code that stands for all entries. */
int check_exit_code(const struct survey_result *result);

#endif
