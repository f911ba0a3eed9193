// SPDX-License-Identifier: GPL-2.0-or-later
/* The input is what the firmware answers, and when something is to be sent: see tests/sccon/stream_model.h. */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include "tests/sccon/stream_model.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct stream_model model;

	model_begin(&model);
	for (size_t i = 0; i + 2 < size; i += 3) {
		if (data[i] & 0x80)
			model_put(&model, data[i + 1] | (data[i + 2] & 1U) << 8);
		else
			model_call(&model, data[i + 1], data[i], data[i + 2]);
	}
	model_end(&model);
	return 0;
}
