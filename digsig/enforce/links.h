/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The links that hold the engine's programs on their hooks: those pinned in DIGSIG_PIN_DIRECTORY. */
#ifndef DIGSIG_ENFORCE_LINKS_H
#define DIGSIG_ENFORCE_LINKS_H

#include <linux/bpf.h>

/* Called with what the kernel says of a link. 0, or a negative errno, which ends the walk. */
typedef int link_visitor(const struct bpf_link_info *link, void *context);

/*
 * Visits each of them, in no order. 0; what the visitor returned; or a negative errno: the directory
 * cannot be read, or not a link, but the others were visited.
 */
int links_visit(link_visitor *visit, void *context);

#endif
