/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The model as one HTML page that needs nothing else. */
#ifndef KEVENTS_REPORT_PAGE_H
#define KEVENTS_REPORT_PAGE_H

#include <stdio.h>
#include "model.h"

/*
 * omitted: as model_choose says. Whatever names are in the model, none becomes markup or script:
 * they stand in a block of JSON without <, and the script puts them into text nodes and canvases
 * only. 0 or a negative errno: no random bytes; errors of writing are out's.
 */
int page_print(const struct report_model *model, uint32_t omitted, FILE *out);

#endif
