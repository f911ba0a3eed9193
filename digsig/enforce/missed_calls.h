/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Calls that the kernel did not pass on to the engine. A kernel keeps a BPF program from being
 * entered again while it runs on the same processor, and counts what it kept away; before 6.2 an LSM
 * program that sleeps could keep another task's call away. Such a call is not judged, so any count but
 * zero is a fault.
 *
 * The engine's tracing programs are not counted. A preemptible kernel skips them now and then. They only
 * end what an LSM program began: the file of a mapping whose end was skipped stays protected until its
 * task maps code again or ends.
 */
#ifndef DIGSIG_ENFORCE_MISSED_CALLS_H
#define DIGSIG_ENFORCE_MISSED_CALLS_H

#include <linux/types.h>

/* The sum over all LSM programs, since the start. -EPERM: a locked engine lets nobody look. */
int missed_calls_read(__u64 *count);

#endif
