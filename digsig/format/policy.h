/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What may run: modes, scopes, what becomes of writable code, and what is revoked. The configuration, the
 * lists of revocations and the engine's maps have these numbers and structures, so none of them changes
 * its meaning or its layout.
 */
#ifndef DIGSIG_FORMAT_POLICY_H
#define DIGSIG_FORMAT_POLICY_H

#include "block.h"
#include "verdict.h"

enum digsig_mode {
	DIGSIG_MODE_MONITOR = 1, /* everything runs; what is not ok is logged */
	DIGSIG_MODE_PERMISSIVE = 2, /* unsigned code runs and is logged; a bad signature is denied */
	DIGSIG_MODE_ENFORCING = 3, /* only what is ok runs */
};

/* Whether a file of that verdict, an enum digsig_verdict, is denied in a mode. 1 or 0. */
static inline int digsig_mode_denies(__u32 mode, __u32 verdict)
{
	if (verdict == DIGSIG_VERDICT_OK || mode == DIGSIG_MODE_MONITOR)
		return 0;
	/* Permissive denies only where a signature or a revocation speaks against the file. */
	if (mode == DIGSIG_MODE_PERMISSIVE)
		return verdict != DIGSIG_VERDICT_UNSIGNED && verdict != DIGSIG_VERDICT_UNSTABLE &&
			verdict != DIGSIG_VERDICT_FAULT;
	return 1;
}

/* What is judged at all: settings.scopes. */
enum digsig_scope {
	DIGSIG_SCOPE_EXEC = 1 << 0, /* programs and interpreters */
	DIGSIG_SCOPE_MMAP = 1 << 1, /* loaders and libraries */
	DIGSIG_SCOPE_MPROTECT = 1 << 2, /* mapped files that are made executable */
	DIGSIG_SCOPE_SCRIPTS = 1 << 3, /* files that begin with #!, and AT_EXECVE_CHECK */
	DIGSIG_SCOPE_MODULES = 1 << 4,
	DIGSIG_SCOPE_FIRMWARE = 1 << 5,
	DIGSIG_SCOPE_KEXEC = 1 << 6,
};

#define DIGSIG_SCOPES_ALL 0x7fu
/* Firmware is code for devices: to be switched on once what is in /lib/firmware is trusted. */
#define DIGSIG_SCOPES_DEFAULT (DIGSIG_SCOPES_ALL & ~(__u32)DIGSIG_SCOPE_FIRMWARE)

/* Hashing a larger file would keep a processor busy for longer than anybody would wait. */
#define DIGSIG_MAX_FILE_SIZE_DEFAULT (4ULL << 30)

/* What becomes of memory that is executable, and is or was writable. */
enum digsig_wx {
	DIGSIG_WX_ALLOW = 0,
	DIGSIG_WX_AUDIT = 1, /* logged, once a program */
	DIGSIG_WX_DENY = 2, /* in mode enforcing, unless the program is signed with DIGSIG_FLAG_WX */
};

/* What a revocation is about. */
enum digsig_revocation_kind {
	DIGSIG_REVOKE_DIGEST = 1, /* a file, by its whole-file SHA-256 */
	DIGSIG_REVOKE_KEY = 2, /* whatever the key signed: the certificate's subject key identifier */
	DIGSIG_REVOKE_BELOW = 3, /* an identity's files of an epoch below a number */
};

/* What is revoked; the key of the engine's map "revoked". */
struct digsig_revoked {
	__u32 kind; /* enum digsig_revocation_kind */
	__u8 subject[64]; /* digest, key id or identity, padded with zeros */
};

struct digsig_revocation {
	__u64 epoch; /* of BELOW; else 0 */
	struct digsig_revoked what;
	__u32 reserved;
};

#define DIGSIG_REVOKED_MAX 8192

#endif
