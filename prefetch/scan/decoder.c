// SPDX-License-Identifier: GPL-2.0-or-later
#include "decoder.h"
#include "../decode.h"

void decoder_init(ZydisDecoder *decoder, unsigned int mode)
{
	static const ZydisMachineMode modes[] = {
		[PREFETCH_16] = ZYDIS_MACHINE_MODE_LEGACY_16,
		[PREFETCH_32] = ZYDIS_MACHINE_MODE_LEGACY_32,
		[PREFETCH_64] = ZYDIS_MACHINE_MODE_LONG_64,
	};
	static const ZydisStackWidth widths[] = {
		[PREFETCH_16] = ZYDIS_STACK_WIDTH_16,
		[PREFETCH_32] = ZYDIS_STACK_WIDTH_32,
		[PREFETCH_64] = ZYDIS_STACK_WIDTH_64,
	};

	ZydisDecoderInit(decoder, modes[mode], widths[mode]);
}
