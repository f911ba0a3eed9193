// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Two stages: every 0F 18 and 0F 0D in the code is a candidate, of which the fewest files have any; and a
 * candidate is a prefetch if decoding from a place where an instruction certainly begins comes upon it.
 */
#include "scan.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "decoder.h"
#include "image.h"
#include "mapping.h"
#include "rules.h"

/* Where the next opcode of a prefetch with an operand in memory is, from on; size: nowhere. */
static size_t next_candidate(const __u8 *bytes, size_t size, size_t from)
{
	while (from + 2 < size) {
		const __u8 *at = memchr(bytes + from, 0x0f, size - 2 - from);

		if (!at)
			break;
		if ((at[1] == 0x18 || at[1] == 0x0d) && at[2] < 0xc0)
			return (size_t)(at - bytes);
		from = (size_t)(at - bytes) + 1;
	}
	return size;
}

/* Code that is being decoded. */
struct pass {
	const struct image *image;
	const struct image_code *code;
	ZydisDecoder decoder;
	size_t at; /* an instruction begins here */
	size_t function_at; /* where decoding began */
};

/*
 * Decodes up to the instruction that has the candidate's opcode in it. 0: it is this prefetch; otherwise
 * another instruction.
 */
static int decode_up_to(struct pass *pass, size_t candidate, struct prefetch *prefetch)
{
	const struct image_code *code = pass->code;
	size_t boundary = (size_t)(image_boundary_before(pass->image, code, code->address + candidate) - code->address);

	if (boundary > pass->function_at)
		pass->function_at = boundary;
	if (boundary > pass->at)
		pass->at = boundary;
	while (pass->at <= candidate) {
		ZydisDecodedInstruction instruction;
		size_t begin = pass->at;

		if (ZYAN_FAILED(ZydisDecoderDecodeInstruction(
			    &pass->decoder, NULL, code->bytes + begin, code->size - begin, &instruction))) {
			pass->at++;
			continue;
		}
		pass->at += instruction.length;
		if (pass->at > candidate)
			return prefetch_decode(code->bytes + begin, instruction.length, pass->image->mode, prefetch) ||
			       instruction.length != prefetch->length;
	}
	return 1;
}

static int add_finding(struct scan_result *result, size_t *room, const struct pass *pass,
	const struct prefetch *prefetch)
{
	const struct image_code *code = pass->code;
	__u64 address = code->address + pass->at - prefetch->length;
	struct scan_finding *finding;

	if (result->count == *room) {
		size_t more = *room ? 2 * *room : 32;
		struct scan_finding *findings = reallocarray(result->findings, more, sizeof(*findings));

		if (!findings)
			return -ENOMEM;
		result->findings = findings;
		*room = more;
	}
	finding = &result->findings[result->count++];
	*finding = (struct scan_finding){ .address = address,
		.prefetch = *prefetch,
		.function = code->address + pass->function_at,
		.name = image_function_name(pass->image, code, address) };
	return 0;
}

/* The rules for those of one function, from first on. It begins at function_at, and was decoded up to end. */
static void judge(struct scan_result *result, const struct pass *pass, size_t first, size_t function_at, size_t end)
{
	const struct image_code *code = pass->code;
	/* A loop may go on behind the last one. */
	size_t count = result->count - first, rest = code->size - end;

	if (count)
		rules_apply(pass->image, code->bytes + function_at, end - function_at + (rest < 4096 ? rest : 4096),
			code->address + function_at, result->findings + first, count);
}

static int scan_code(struct scan_result *result, size_t *room, struct pass *pass)
{
	const struct image_code *code = pass->code;
	size_t first = result->count, function_at = 0;
	int err = 0;

	for (size_t candidate = next_candidate(code->bytes, code->size, 0); candidate < code->size && !err;
		candidate = next_candidate(code->bytes, code->size, candidate + 1)) {
		struct prefetch prefetch;
		size_t before = pass->at;
		bool is_one;

		/* Within the last instruction, or within a table. */
		if (candidate < pass->at || image_is_data(pass->image, code, code->address + candidate))
			continue;
		is_one = !decode_up_to(pass, candidate, &prefetch);
		if (pass->function_at != function_at) {
			judge(result, pass, first, function_at, before);
			first = result->count;
			function_at = pass->function_at;
		}
		if (is_one)
			err = add_finding(result, room, pass, &prefetch);
	}
	judge(result, pass, first, function_at, pass->at);
	return err;
}

static bool has_candidates(const struct image *image)
{
	for (size_t i = 0; i < image->code_count; i++)
		if (next_candidate(image->codes[i].bytes, image->codes[i].size, 0) < image->codes[i].size)
			return true;
	return false;
}

static int scan_image(struct scan_result *result, struct image *image)
{
	size_t room = 0;
	int err = 0;

	if (!has_candidates(image))
		return 0;
	err = image_read_symbols(image);
	for (size_t i = 0; i < image->code_count && !err; i++) {
		struct pass pass = { .image = image, .code = &image->codes[i] };

		decoder_init(&pass.decoder, image->mode);
		ZydisDecoderEnableMode(&pass.decoder, ZYDIS_DECODER_MODE_MINIMAL, ZYAN_TRUE);
		err = scan_code(result, &room, &pass);
	}
	return err;
}

/* The names stay when the file goes. Those of neighbours are mostly the same. */
static int keep_names(struct scan_result *result)
{
	const char *last = NULL, *kept = NULL;
	size_t size = 1;
	char *at;

	for (size_t i = 0; i < result->count; i++)
		if (result->findings[i].name)
			size += strlen(result->findings[i].name) + 1;
	at = result->names = malloc(size);
	if (!at)
		return -ENOMEM;
	for (size_t i = 0; i < result->count; i++) {
		const char *name = result->findings[i].name;

		if (name && name != last) {
			kept = at;
			at = stpcpy(at, name) + 1;
		}
		if (name)
			result->findings[i].name = kept;
		last = name;
	}
	return 0;
}

static int scan_bytes(struct scan_result *result, const __u8 *bytes, size_t size)
{
	struct image image;
	int err = image_open(&image, bytes, size);

	if (err)
		return err;
	result->mode = image.mode;
	err = scan_image(result, &image);
	if (!err)
		err = keep_names(result);
	image_close(&image);
	return err;
}

int scan_file(struct scan_result *result, int fd, char message[SCAN_MESSAGE_MAX])
{
	struct mapping mapping;
	int err = mapping_open(&mapping, fd);

	*result = (struct scan_result){ 0 };
	if (!err) {
		err = scan_bytes(result, mapping.bytes, mapping.size);
		if (mapping_close(&mapping) && !err)
			err = -ESTALE;
	}
	if (err < 0)
		snprintf(message, SCAN_MESSAGE_MAX, "%s",
			err == -ESTALE   ? "it became shorter while it was read" :
			err == -EINVAL ? "its sections of code are larger than the file" :
					 strerror(-err));
	if (err)
		scan_free(result);
	return err;
}

void scan_free(struct scan_result *result)
{
	free(result->findings);
	free(result->names);
	*result = (struct scan_result){ 0 };
}
