// SPDX-License-Identifier: GPL-2.0-or-later
#include "instruction.h"
#include <Zydis/Zydis.h>
#include "../decode.h"

void print_instruction(char *text, size_t size, const __u8 *bytes, size_t count, unsigned int mode, __u64 address)
{
	static const ZydisMachineMode modes[] = { ZYDIS_MACHINE_MODE_LEGACY_16, ZYDIS_MACHINE_MODE_LEGACY_32,
		ZYDIS_MACHINE_MODE_LONG_64 };
	static const ZydisStackWidth widths[] = { ZYDIS_STACK_WIDTH_16, ZYDIS_STACK_WIDTH_32, ZYDIS_STACK_WIDTH_64 };
	ZydisDecodedOperand operands[ZYDIS_MAX_OPERAND_COUNT];
	ZydisDecodedInstruction instruction;
	ZydisFormatter formatter;
	ZydisDecoder decoder;

	*text = '\0';
	ZydisDecoderInit(&decoder, modes[mode], widths[mode]);
	if (ZYAN_FAILED(ZydisDecoderDecodeFull(&decoder, bytes, count, &instruction, operands)))
		return;
	ZydisFormatterInit(&formatter, ZYDIS_FORMATTER_STYLE_ATT);
	if (ZYAN_FAILED(ZydisFormatterFormatInstruction(&formatter, &instruction, operands,
		    instruction.operand_count_visible, text, size, address, NULL)))
		*text = '\0';
}
