/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a console sent, for people. */
#ifndef SCCON_CLI_LOG_PRINT_H
#define SCCON_CLI_LOG_PRINT_H

#include <stdio.h>
#include "../transcript/record.h"

enum log_form { LOG_LINES, LOG_PLAIN, LOG_RAW, LOG_JSON };

/* On stdout. record->text may be changed. */
void log_print(enum log_form form, struct record *record);

/* Bytes of a console, behind which a 0 stands, as lines that are safe for a terminal; the last one has an end, too. */
void console_print_safely(FILE *out, const char *bytes, size_t size);

#endif
