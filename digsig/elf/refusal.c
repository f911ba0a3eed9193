// SPDX-License-Identifier: GPL-2.0-or-later
#include "refusal.h"

/* A block in it would move, or hide, what such a program looks for. */
#define INSTEAD ": sign it with --detached, or through a catalog (digsig catalog create)"

static const char *const meanings[ELF_REFUSAL_COUNT] = {
	[ELF_REFUSAL_NONE] = "nothing is wrong with it",
	[ELF_REFUSAL_NOT_ELF] = "not an ELF file: nothing else can carry a signature block",
	[ELF_REFUSAL_IDENT] = "an ELF file of an unknown class, byte order or version",
	[ELF_REFUSAL_HEADER] = "the ELF header contradicts itself: the file is damaged",
	[ELF_REFUSAL_SECTIONS_OUTSIDE] =
		"the section header table lies past the end of the file: the file is cut short",
	[ELF_REFUSAL_SECTION_OUTSIDE] =
		"a section lies past the end of the file: the file is cut short",
	[ELF_REFUSAL_SEGMENTS_OUTSIDE] =
		"the program header table lies past the end of the file: the file is cut short",
	[ELF_REFUSAL_SEGMENT_OUTSIDE] =
		"a segment lies past the end of the file: the file is cut short, or holds debug "
		"information only",
	[ELF_REFUSAL_NAMES_INDEX] =
		"the ELF header names a section name table that is not one: the file is damaged",
	[ELF_REFUSAL_NAMES_LOADED] =
		"the section name table is loaded with the program and cannot be extended: link "
		"it anew, or without section headers",
	[ELF_REFUSAL_NAMES_COMPRESSED] =
		"the section name table is compressed: uncompress it with objcopy",
	[ELF_REFUSAL_EMPTY] = "an ELF header with neither sections nor segments: nothing to sign",
	[ELF_REFUSAL_TRAILING_DATA] =
		"data follows the ELF file's own parts, as in a self-extractor that reads its own "
		"end: if it does not, use --allow-trailing-data",
	[ELF_REFUSAL_APPIMAGE] =
		"an AppImage, whose payload lies where its section header table ends" INSTEAD,
	[ELF_REFUSAL_SQUASHFS] =
		"a file system image follows the ELF file's own parts, which the program looks for "
		"there, as an AppImage does" INSTEAD,
	[ELF_REFUSAL_ZIP] = "a zip file follows the ELF file's own parts, whose directory is "
			    "looked for from the end" INSTEAD,
	[ELF_REFUSAL_ARCHIVE] =
		"an archive follows the ELF file's own parts, as in a self-extracting program" INSTEAD,
	[ELF_REFUSAL_PYINSTALLER] =
		"a program that PyInstaller bundled, which looks for its files from the end" INSTEAD,
	[ELF_REFUSAL_BUNDLE] =
		"a program with its script behind it, which it looks for from the end" INSTEAD,
	[ELF_REFUSAL_MODULE_SIGNATURE] =
		"a kernel module with an appended signature, which must stay last: the kernel "
		"checks that one itself",
	[ELF_REFUSAL_TOO_LARGE] = "too large for the 32-bit offsets of its ELF class: "
				  "strip its debug information",
	[ELF_REFUSAL_HAS_SECTION] =
		"it has a .digsig section but no sound signature block at its end, so another "
		"program changed it after signing: remove the section with objcopy -R .digsig",
};

const char *elf_refusal_meaning(enum elf_refusal refusal)
{
	return (unsigned int)refusal < ELF_REFUSAL_COUNT ? meanings[refusal] : "?";
}
