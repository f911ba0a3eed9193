// SPDX-License-Identifier: GPL-2.0-or-later
#include "instruction.h"
#include "../scan/decoder.h"

void print_instruction(char *text, size_t size, const __u8 *bytes, size_t count, unsigned int mode, __u64 address)
{
	ZydisDecodedOperand operands[ZYDIS_MAX_OPERAND_COUNT];
	ZydisDecodedInstruction instruction;
	ZydisFormatter formatter;
	ZydisDecoder decoder;

	*text = '\0';
	decoder_init(&decoder, mode);
	if (ZYAN_FAILED(ZydisDecoderDecodeFull(&decoder, bytes, count, &instruction, operands)))
		return;
	ZydisFormatterInit(&formatter, ZYDIS_FORMATTER_STYLE_ATT);
	if (ZYAN_FAILED(ZydisFormatterFormatInstruction(&formatter, &instruction, operands,
		    instruction.operand_count_visible, text, size, address, NULL)))
		*text = '\0';
}
