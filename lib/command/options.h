/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A table of options: what each is called, what it takes, where that goes, and what it is for. */
#ifndef KERNKIT_COMMAND_OPTIONS_H
#define KERNKIT_COMMAND_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <linux/types.h>

enum option_kind {
	OPTION_END, /* of the table: { 0 } */
	OPTION_FLAG, /* bool: it becomes true */
	OPTION_UNSET, /* bool: it becomes false */
	OPTION_VALUE, /* const char *: the value that was given last, which stays in argv */
	OPTION_LIST, /* struct option_list: every value, in their order */
	OPTION_NUMBER, /* unsigned int or __u64: from least to most */
	OPTION_DURATION, /* double: seconds, as lib/text/duration.h has them */
	OPTION_SIZE, /* __u64: bytes, as lib/text/size.h has them */
	OPTION_WORD, /* unsigned int: what the word stands for */
	OPTION_CALL, /* of any type: take(field, value) does it */
	OPTION_GROUP, /* a structure: the options of group are about its fields */
	OPTION_HELP, OPTION_VERSION, /* every command has them; not for tables */
};

struct option_word {
	const char *name; /* NULL ends the list */
	unsigned int value; /* for OPTION_WORD */
};

/* No word stands for it: a default by which a command knows that the option was not given. */
#define OPTION_NOT_GIVEN (~0U)

struct option_list {
	char **values; /* in argv */
	size_t count;
};

struct command_option {
	enum option_kind kind;
	char letter; /* 0: none */
	const char *name; /* without the dashes */
	const char *argument; /* what its value is called in the help; NULL: it takes none */
	/* In one line, without a full stop. Of a group: the lines above its options; NULL: it continues. */
	const char *help;
	size_t offset, size; /* of the field: OPTION_FIELD */

	bool is_optional; /* the value may be missing: take gets NULL */
	/* With is_optional: whether the next word is the value, though there is no "="; NULL: never. */
	bool (*is_value)(const char *word);
	__u64 least, most; /* of OPTION_NUMBER */
	const struct option_word *words; /* of OPTION_WORD; of others: what completion offers */
	bool has_commas; /* several words, with commas between them, for completion */
	const char *offer; /* what else completion offers; NULL: nothing */
	/* value may be changed. Returns an exit code, having complained if it is not 0. */
	int (*take)(void *field, char *value);
	const struct command_option *group;
};

/* Where the value goes. */
#define OPTION_FIELD(structure, field)                                                             \
	.offset = offsetof(structure, field), .size = sizeof(((structure *)NULL)->field)

/* What completion offers. "*.key": files with such names, and folders. */
#define OFFER_FILES "*"
#define OFFER_FOLDERS "*/"
#define OFFER_USERS "@users"
#define OFFER_PROCESSES "@processes"

/* A row of a table, and where the structure of its field begins in the settings. */
struct option_row {
	const struct command_option *option;
	size_t base;
};

enum { OPTIONS_MAX = 64 };

/* A table without groups: their options are in their place. --help and --version are at the end. */
struct option_rows {
	struct option_row rows[OPTIONS_MAX];
	size_t count;
};

/* The rows point into the table. At most OPTIONS_MAX options, the two at the end included. */
void options_flatten(const struct command_option *table, struct option_rows *rows);

/* The list for --help: each line begins with indent spaces. */
void options_print(FILE *out, const struct command_option *table, int indent);

/* The word's value: true; or false, having complained; what: what the value was given to, "--mode". */
bool option_word_take(
	const struct option_word *words, const char *what, const char *word, unsigned int *value);

/* Frees the array; its values are in argv. */
void option_list_free(struct option_list *list);

#endif
