/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A listing of what was denied, or would be: the columns of digsig fleet denied and impact. */
#ifndef DIGSIG_CLI_FLEET_DENIED_TABLE_H
#define DIGSIG_CLI_FLEET_DENIED_TABLE_H

#include "../../../lib/table/table.h"
#include "../../fleet/denials.h"

extern const struct option_word denied_columns[];

#define DENIED_USUAL "HOSTS,DENIED,WOULD-DENY,VERDICT,LAST,PACKAGE,PATH"

/* Which of the list are shown. */
typedef bool denied_choice(const struct fleet_denial *denial, const void *closure);

/* Prints those that are chosen. An exit code. */
int denied_print_table(const struct table_settings *settings, struct fleet_denial *const *list, size_t count,
	denied_choice *is_chosen, const void *closure);

#endif
