/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From a file of a log to the next one. */
#ifndef SCCON_TRANSCRIPT_READER_FILES_H
#define SCCON_TRANSCRIPT_READER_FILES_H

#include "reader.h"

enum reader_moved {
	READER_MOVED = 10, /* the descriptor is that of the next file, at its beginning */
	READER_MORE, /* the file has grown */
	READER_NEWEST, /* it is the last one */
};

/* To be called at the end of the file. A negative errno: a file could not be opened. */
int reader_files_next(struct reader *reader);

/* Opens the oldest file of the log. 0 or a negative errno. */
int reader_files_begin(struct reader *reader);

#endif
