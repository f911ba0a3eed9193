/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The strings of a page, each once. Number 0 is "". */
#ifndef KEVENTS_REPORT_STRINGS_H
#define KEVENTS_REPORT_STRINGS_H

#include "model.h"

/* 0 or -ENOMEM. strings_free is to be called after either. */
int strings_init(struct report_model *model);
/* 0 or -ENOMEM. */
int string_number(struct report_model *model, const char *text, uint32_t *number);
void strings_free(struct report_model *model);

#endif
