/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * SHA-256's compression function (FIPS 180-4, section 6.2.2), for resuming a hash from a chaining
 * value: in the kernel program, which has no other, and in the commands for the few blocks of a
 * signature. Whole files are hashed by OpenSSL.
 */
#ifndef DIGSIG_FORMAT_SHA256_H
#define DIGSIG_FORMAT_SHA256_H

#include "check.h"

static const __u32 digsig_sha256_round_constant[64] = {
	0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
	0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
	0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
	0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
	0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
	0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
	0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
	0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

#define DIGSIG_ROTATE_RIGHT(x, n) ((x) >> (n) | (x) << (32 - (n)))

/*
 * state: eight words, host order, replaced. message: 64 bytes. schedule: room to work in, which
 * the caller lends because a kernel program's stack is too small for it.
 */
DIGSIG_INLINE void digsig_sha256_compress(
	__u32 state[8], const __u8 message[64], __u32 schedule[64])
{
	__u32 a = state[0], b = state[1], c = state[2], d = state[3];
	__u32 e = state[4], f = state[5], g = state[6], h = state[7];

	for (int i = 0; i < 16; i++)
		schedule[i] = (__u32)message[4 * i] << 24 | (__u32)message[4 * i + 1] << 16 |
			(__u32)message[4 * i + 2] << 8 | message[4 * i + 3];
	for (int i = 16; i < 64; i++) {
		__u32 x = schedule[i - 15], y = schedule[i - 2];

		schedule[i] = schedule[i - 16] + schedule[i - 7] +
			(DIGSIG_ROTATE_RIGHT(x, 7) ^ DIGSIG_ROTATE_RIGHT(x, 18) ^ x >> 3) +
			(DIGSIG_ROTATE_RIGHT(y, 17) ^ DIGSIG_ROTATE_RIGHT(y, 19) ^ y >> 10);
	}
	for (int i = 0; i < 64; i++) {
		__u32 t1 = h + ((e & f) ^ (~e & g)) + digsig_sha256_round_constant[i] + schedule[i] +
			(DIGSIG_ROTATE_RIGHT(e, 6) ^ DIGSIG_ROTATE_RIGHT(e, 11) ^
				DIGSIG_ROTATE_RIGHT(e, 25));
		__u32 t2 = ((a & b) ^ (a & c) ^ (b & c)) +
			(DIGSIG_ROTATE_RIGHT(a, 2) ^ DIGSIG_ROTATE_RIGHT(a, 13) ^
				DIGSIG_ROTATE_RIGHT(a, 22));

		h = g;
		g = f;
		f = e;
		e = d + t1;
		d = c;
		c = b;
		b = a;
		a = t1 + t2;
	}
	state[0] += a;
	state[1] += b;
	state[2] += c;
	state[3] += d;
	state[4] += e;
	state[5] += f;
	state[6] += g;
	state[7] += h;
}

/*
 * The last message block of a hash whose data ends at a multiple of 64 bytes, as every signed
 * file does: 0x80, zeros, and the length in bits, big endian.
 */
DIGSIG_INLINE void digsig_sha256_final_message(__u8 message[64], __u64 total_bytes)
{
	__u64 bits = total_bytes << 3;

	message[0] = 0x80;
	for (int i = 1; i < 56; i++)
		message[i] = 0;
	for (int i = 0; i < 8; i++)
		message[56 + i] = (__u8)(bits >> (56 - 8 * i));
}

DIGSIG_INLINE void digsig_sha256_digest(const __u32 state[8], __u8 digest[DIGSIG_DIGEST_SIZE])
{
	for (int i = 0; i < 8; i++) {
		digest[4 * i] = (__u8)(state[i] >> 24);
		digest[4 * i + 1] = (__u8)(state[i] >> 16);
		digest[4 * i + 2] = (__u8)(state[i] >> 8);
		digest[4 * i + 3] = (__u8)state[i];
	}
}

#endif
