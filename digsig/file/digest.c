// SPDX-License-Identifier: GPL-2.0-or-later
#include "digest.h"

void digest_init(struct digest *digest)
{
	SHA256_Init(&digest->context);
}

void digest_update(struct digest *digest, const void *bytes, size_t size)
{
	SHA256_Update(&digest->context, bytes, size);
}

void digest_final(struct digest *digest, __u8 out[DIGSIG_DIGEST_SIZE])
{
	SHA256_Final(out, &digest->context);
}

void digest_chaining_value(const struct digest *digest, __u32 out[8])
{
	for (int i = 0; i < 8; i++)
		out[i] = digsig_le32(digest->context.h[i]);
}
