/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The section that Debian's bsign 0.4.5 put into ELF files: read, and never believed. It is
 * one of type 0x80736967 and 512 bytes:
 *
 *   "#1; bsign v" VERSION "\n" || SHA-1 (20) || size (2, big endian) || OpenPGP signature || zeros
 *
 * The SHA-1 is that of the file with the section's 512 bytes zero. The signature is a detached one,
 * over the line and the SHA-1; its size is 0 if bsign only hashed.
 */
#ifndef DIGSIG_ELF_BSIGN_H
#define DIGSIG_ELF_BSIGN_H

#include "image.h"

#define BSIGN_SECTION_TYPE 0x80736967U
#define BSIGN_SECTION_SIZE 512
#define BSIGN_HASH_SIZE 20
#define BSIGN_VERSION_MAX 31

struct bsign_section {
	__u64 offset; /* in the file */
	char version[BSIGN_VERSION_MAX + 1]; /* as in "0.4.5": letters, digits, dots and the like */
	__u8 bytes[BSIGN_SECTION_SIZE];
	size_t statement_size; /* the line and the hash, which are signed, from the section's begin */
	const __u8 *hash, *signature; /* within bytes */
	size_t signature_size; /* 0: none */
};

/* 1: there is one; 0: none, or not such a one; or what the source returned. */
int bsign_section_find(const struct elf_source *source, struct bsign_section *section);

#endif
