/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The settings that there are, one by one. */
#ifndef DIGSIG_CONFIG_SETTINGS_H
#define DIGSIG_CONFIG_SETTINGS_H

#include "config.h"

#define CONFIG_SETTINGS_MAX 32

/* Whether a section of that name may stand in the file. */
bool config_section_exists(const char *section);

/*
 * Takes one line. *seen has a bit for each setting that was given before. 0, -ENOMEM, or -EINVAL
 * and what is wrong with it in words, without file and line.
 */
int config_take(struct digsig_config *config, __u32 *seen, const char *section, const char *name,
	const char *value, struct config_problem *problem);

/* What holds before the first line; and after the last one, where a list got none. */
void config_set_defaults(struct digsig_config *config);
/* 0 or -ENOMEM; the configuration stays the caller's to free. */
int config_complete(struct digsig_config *config);

#endif
