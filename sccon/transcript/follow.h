/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Waits until something is written into a folder. */
#ifndef SCCON_TRANSCRIPT_FOLLOW_H
#define SCCON_TRANSCRIPT_FOLLOW_H

/*
 * A descriptor that becomes readable when a file in the folder, a descriptor, is written to, renamed or made; or a negative
 * errno: then one has to look from time to time, as one has to on a network's file system in any case.
 */
int follow_open(int folder);

/* Forgets what was told so far. */
void follow_drain(int descriptor);

#endif
