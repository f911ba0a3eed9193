/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Why a file cannot carry a signature block. */
#ifndef DIGSIG_ELF_REFUSAL_H
#define DIGSIG_ELF_REFUSAL_H

enum elf_refusal {
	ELF_REFUSAL_NONE,
	ELF_REFUSAL_NOT_ELF,
	ELF_REFUSAL_IDENT, /* class, byte order or version unknown */
	ELF_REFUSAL_HEADER, /* the header's sizes contradict themselves */
	ELF_REFUSAL_SECTIONS_OUTSIDE, /* the section header table passes the file's end */
	ELF_REFUSAL_SECTION_OUTSIDE, /* a section passes the file's end */
	ELF_REFUSAL_SEGMENTS_OUTSIDE, /* the program header table passes the file's end */
	ELF_REFUSAL_SEGMENT_OUTSIDE, /* a segment passes the file's end */
	ELF_REFUSAL_NAMES_INDEX, /* e_shstrndx names no string table */
	ELF_REFUSAL_NAMES_LOADED, /* the name table is part of the running program */
	ELF_REFUSAL_NAMES_COMPRESSED,
	ELF_REFUSAL_EMPTY, /* neither sections nor segments */
	ELF_REFUSAL_TRAILING_DATA,
	ELF_REFUSAL_APPIMAGE,
	ELF_REFUSAL_SQUASHFS, /* trailing data of a known kind, as the following: see payload.h */
	ELF_REFUSAL_ZIP,
	ELF_REFUSAL_ARCHIVE,
	ELF_REFUSAL_PYINSTALLER,
	ELF_REFUSAL_BUNDLE,
	ELF_REFUSAL_MODULE_SIGNATURE,
	ELF_REFUSAL_TOO_LARGE, /* for the 32-bit offsets of its class */
	ELF_REFUSAL_HAS_SECTION, /* a .digsig section, and no sound block */
	ELF_REFUSAL_COUNT,
};

/* What is wrong and what to do, to stand behind "FILE: ". A static string. */
const char *elf_refusal_meaning(enum elf_refusal refusal);

#endif
