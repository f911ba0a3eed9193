/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KERNKIT_COMMAND_COLOUR_H
#define KERNKIT_COMMAND_COLOUR_H

#include <stdbool.h>

/*
 * Whether stdout may have colour: a terminal, NO_COLOR unset or empty, TERM not "dumb", and no
 * --no-color, which every command that colours takes.
 */
bool colour_wanted(bool no_color_option);

#endif
