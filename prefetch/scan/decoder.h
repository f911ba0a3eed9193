/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Zydis, for the instructions that are no PREFETCH. */
#ifndef PREFETCH_SCAN_DECODER_H
#define PREFETCH_SCAN_DECODER_H

#include <Zydis/Zydis.h>

/* For code of PREFETCH_16, PREFETCH_32 or PREFETCH_64. */
void decoder_init(ZydisDecoder *decoder, unsigned int mode);

#endif
