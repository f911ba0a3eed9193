/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The settings that there are: for each its name, its field, its form. What reads them and what prints them go by
 * this table.
 */
#ifndef RAMSWAP_CONFIG_KEYS_H
#define RAMSWAP_CONFIG_KEYS_H

#include "../ramswap.h"

enum { CONFIG_VALUE_MAX = RAMSWAP_PATH_MAX }; /* of a value as text */

struct config_word {
	const char *name; /* NULL: the end */
	int value;
};

struct config_key;

/* A form of values. */
struct config_form {
	/* 0 and *field; or -EINVAL, and what would be right. */
	int (*take)(const struct config_key *key, void *field, const char *value, struct ramswap_problem *problem);
	/* Such that take gives the same; text has room for CONFIG_VALUE_MAX + 1. */
	void (*print)(const struct config_key *key, const void *field, char *text);
};

struct config_key {
	const char *section, *name;
	const struct config_form *form;
	size_t offset, size; /* of the field in struct ramswap_settings; of [source NAME]: in struct ramswap_source */
	const struct config_word *words; /* that may stand for a value; NULL: none */
	int least, most; /* of a number */
};

extern const struct config_form config_choice; /* enum ramswap_use */
extern const struct config_form config_flag; /* bool: yes, no */
extern const struct config_form config_number; /* int; words: what stands for -1 */
extern const struct config_form config_expression; /* text */
extern const struct config_form config_algorithm; /* text: NAME, or NAME(PARAMETER=VALUE,...); words: besides */
extern const struct config_form config_path; /* text: absolute */
extern const struct config_form config_duration; /* double: seconds; 0: none */
extern const struct config_form config_size; /* __u64: bytes; 0: none */

/* Ends with a section that is NULL. */
extern const struct config_key config_keys[];

/*
 * Takes one setting. section: "zram", "source pmem0". An empty value is the default. 0; or -EINVAL and what is wrong.
 */
int config_take(struct ramswap_settings *settings, const char *section, const char *name, const char *value,
	struct ramswap_problem *problem);

/* Whether there is such a section: 0; or -EINVAL and which there are. */
int config_check_section(const char *section, struct ramswap_problem *problem);

#endif
