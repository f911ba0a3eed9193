// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The time of libprefetch's decoder and of Zydis' for the same bytes: random ones, and the code of a file at each
 * place. A line: what, nanoseconds of ours, of Zydis' and of Zydis' in its mode of least work.
 *
 *   prefetch-decode FILE
 */
#include <Zydis/Zydis.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "prefetch/decode.h"

enum { SIZE = 4 << 20 };

static unsigned long sum;

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
	return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static double ours(const uint8_t *bytes)
{
	struct prefetch prefetch;
	double begun = now();

	for (size_t i = 0; i < SIZE; i++)
		sum += (unsigned long)prefetch_decode(bytes + i, 15, PREFETCH_64, &prefetch);
	return (now() - begun) / SIZE;
}

static double theirs(const uint8_t *bytes, ZyanBool is_minimal)
{
	ZydisDecodedInstruction instruction;
	ZydisDecoder decoder;
	double begun;

	ZydisDecoderInit(&decoder, ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64);
	ZydisDecoderEnableMode(&decoder, ZYDIS_DECODER_MODE_MINIMAL, is_minimal);
	begun = now();
	for (size_t i = 0; i < SIZE; i++)
		sum += ZYAN_SUCCESS(ZydisDecoderDecodeInstruction(&decoder, NULL, bytes + i, 15, &instruction));
	return (now() - begun) / SIZE;
}

static void compare(const char *what, const uint8_t *bytes)
{
	double mine = ours(bytes), whole = theirs(bytes, ZYAN_FALSE), least = theirs(bytes, ZYAN_TRUE);

	printf("%s: %.2f ns, Zydis %.1f ns (%.0f times), Zydis in its mode of least work %.1f ns (%.0f times)\n", what,
		mine, whole, whole / mine, least, least / mine);
}

int main(int argc, char **argv)
{
	uint8_t *bytes = malloc(SIZE + 15);
	FILE *file = argc > 1 ? fopen(argv[1], "re") : NULL;

	if (!bytes || !file)
		return 1;
	srandom(1);
	for (size_t i = 0; i < SIZE + 15; i++)
		bytes[i] = (uint8_t)random();
	compare("random bytes", bytes);
	for (size_t i = 0; i + 4 < SIZE; i += 4)
		memcpy(bytes + i, "\x0f\x18\x08\x90", 4);
	compare("a prefetch, at every fourth place", bytes);
	if (fread(bytes, 1, SIZE + 15, file) < 1 << 20)
		return 1;
	compare("the file's first bytes", bytes);
	return sum == 0;
}
