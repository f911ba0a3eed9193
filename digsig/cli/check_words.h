/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How digsig check says what it found. */
#ifndef DIGSIG_CLI_CHECK_WORDS_H
#define DIGSIG_CLI_CHECK_WORDS_H

#include "../survey/critical.h"
#include "../survey/survey.h"

struct check_style {
	bool colour, verbose;
};

void check_print(const struct survey_result *result, const struct critical_files *critical,
	const struct check_style *style);
void check_print_json(const struct survey_result *result, const struct critical_files *critical);

/* The exit code that stands for all entries. */
int check_exit_code(const struct survey_result *result);

#endif
