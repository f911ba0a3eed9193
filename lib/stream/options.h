/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The options of a command that publishes into a stream. */
#ifndef KERNKIT_STREAM_OPTIONS_H
#define KERNKIT_STREAM_OPTIONS_H

#include "../command/options.h"
#include "stream.h"

/* For a struct stream_settings, with OPTION_GROUP. A command says which subject is usual: subject_prefix is set before. */
extern const struct command_option stream_options[];

/*
 * 0, also if no --stream was given; EXIT_USAGE, having complained: an option without one that it needs, or not
 * valid.
 */
int stream_settings_check(const struct stream_settings *settings);

#endif
