/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Modules of the kernel, loaded as the system does it: with modprobe(8). */
#ifndef KERNKIT_SYSTEM_MODPROBE_H
#define KERNKIT_SYSTEM_MODPROBE_H

/*
 * Loads the module and those that it needs; one that is loaded or built in is no error. 0; -ENOENT: there is no
 * modprobe; -ENODEV: it failed, and what it said is left out; another negative errno: it could not be started.
 */
int modprobe(const char *module);

/*
 * The same with parameters, words with a space between them: "rd_nr=1 rd_size=65536". A module that is loaded keeps its
 * own. -E2BIG: there are more than eight.
 */
int modprobe_with(const char *module, const char *parameters);

#endif
