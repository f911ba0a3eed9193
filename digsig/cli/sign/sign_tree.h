/* SPDX-License-Identifier: GPL-2.0-or-later */
/* digsig sign -r, and digsig sign --output-dir. */
#ifndef DIGSIG_CLI_SIGN_TREE_H
#define DIGSIG_CLI_SIGN_TREE_H

#include "../../file/sign.h"
#include "../tree/tree_option.h"

struct sign_tree_options {
	struct sign_options sign;
	bool is_forced; /* sign also what is signed already, or tampered with */
	bool compares_time; /* another signing time is another signature */
	const char *output_folder; /* NULL: in place */
	struct tree_options tree;
};

/* Signs what is below the roots. Complains itself; returns an exit code. */
int sign_trees(const struct sign_tree_options *options, char **roots, int count);

/*
 * Opens, and if need be makes, the output folder, having checked that no file named by its path, or
 * with whole_trees none below the paths, could be taken for its own output. Returns the folder, or
 * -1, having complained, with an exit code in *code.
 */
int open_output_folder(
	const char *folder, char **paths, int count, bool whole_trees, int *code);

#endif
