/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The log of a console: its streams into the records of record.h, into the file of log_file.h. */
#ifndef SCCON_TRANSCRIPT_TRANSCRIPT_H
#define SCCON_TRANSCRIPT_TRANSCRIPT_H

#include "lines.h"
#include "log_file.h"

/* A line without an end, such as a prompt, is in the file after so many milliseconds. */
enum { TRANSCRIPT_PART_AFTER = 200 };

struct transcript {
	struct lines lines;
	struct log_file file;
};

/*
 * transcript is all zero but for file.tell and file.context, stays where it is, and is large: not for the stack. Errors
 * are those of log_file_open. All times are milliseconds since 1970.
 */
int transcript_open(struct transcript *transcript, const struct log_file_settings *settings, __u64 now);

/* Bytes of the console, bytes sent to it, and something that happened, in words. */
void transcript_output(struct transcript *transcript, __u64 now, const char *bytes, size_t size);
void transcript_input(struct transcript *transcript, __u64 now, const char *bytes, size_t size);
void transcript_note(struct transcript *transcript, __u64 now, const char *text);

/*
 * Does what is due: lines without an end, what the disk did not take. Returns in how many milliseconds to call it again
 * at the latest; -1: not before something is put, as poll(2) has it.
 */
int transcript_tick(struct transcript *transcript, __u64 now);

/* On SIGHUP. Errors are those of log_file_reopen. */
int transcript_reopen(struct transcript *transcript, __u64 now);

/* Returns how many records could not be written, and no note says so. */
__u64 transcript_close(struct transcript *transcript, __u64 now);

#endif
