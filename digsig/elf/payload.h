/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What stands behind an ELF file's own parts, of the kinds that programs look for at their own end. */
#ifndef DIGSIG_ELF_PAYLOAD_H
#define DIGSIG_ELF_PAYLOAD_H

#include "image.h"
#include "refusal.h"

/*
 * Looks at the first and the last bytes of what lies from end, at most 64 KiB each. *refusal becomes
 * the payload's, or ELF_REFUSAL_TRAILING_DATA for one of no known kind. 0, or what the source returned.
 */
int elf_payload_find(const struct elf_source *source, __u64 end, enum elf_refusal *refusal);

#endif
