/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the kernel program and user space say to each other: the contents of the engine's maps.
 * Pinned below DIGSIG_PIN_DIRECTORY, one file a map and a link.
 */
#ifndef DIGSIG_KERNEL_ENGINE_H
#define DIGSIG_KERNEL_ENGINE_H

#include "../format/block.h"
#include "../format/catalog.h"
#include "../format/policy.h"
#include "../format/verdict.h"

#define DIGSIG_PIN_DIRECTORY "/sys/fs/bpf/digsig"
#define DIGSIG_KEYRING_NAME "digsig"

enum digsig_hook {
	DIGSIG_HOOK_EXEC = 1, /* execve(2), for the program and each interpreter of a script */
	DIGSIG_HOOK_MMAP = 2, /* mmap(2) with PROT_EXEC: loaders, libraries */
	DIGSIG_HOOK_WRITE = 3, /* open(2) for writing of a file that is mapped as code */
	DIGSIG_HOOK_MPROTECT = 4, /* mprotect(2) of a mapped file to executable */
	DIGSIG_HOOK_WX = 5, /* memory executable that is or was writable; path: the program's */
	DIGSIG_HOOK_CHECK = 6, /* execveat(2) with AT_EXECVE_CHECK */
	DIGSIG_HOOK_MODULE = 7, /* the kernel reads a module; without a path: from memory */
	DIGSIG_HOOK_FIRMWARE = 8, /* as MODULE */
	DIGSIG_HOOK_KEXEC = 9, /* as MODULE: another kernel, or its initramfs */
	DIGSIG_HOOK_LOCK = 10, /* something that the lock refused; the event's path says what */
};

/* Map "settings", one entry: written before the map is frozen, then only by the kernel program. */
struct digsig_settings {
	__u32 mode; /* enum digsig_mode */
	__s32 keyring_serial; /* the trusted certificates */
	__u64 keyring_address; /* of that very keyring: a serial number could be used again */
	__u32 generation; /* a cached verdict of another generation is void */
	__u32 refusal_generation; /* the same for a verdict that is not ok */
	__u32 scopes; /* enum digsig_scope */
	__u32 wx; /* enum digsig_wx */
	__u32 is_locked; /* until the machine restarts: see lock.bpf.h */
	__u32 revoked_count; /* entries put into "revoked", and epochs raised there */
	__u64 events_lost; /* since the start: the ring buffer was full */
	__u64 trusted_count; /* entries put into "trusted" */
	__u64 start_time; /* seconds since 1970 */
	__u64 max_file_size; /* bytes; a larger file is not hashed, and counts as unsigned */
	__u32 ran_files; /* mapped as code when the engine started, each counted once */
	__u32 ran_not_ok; /* of them: not found ok; they go on running */
	__u64 bpffs_mount; /* kernel address of the mount that keeps the pins alive; 0: not known */
};

/* Map "counters", one entry per CPU: totals since the start. */
struct digsig_counters {
	__u64 judged; /* decisions */
	__u64 cached; /* of them answered from the inode's cached verdict */
	__u64 hashed; /* files hashed */
	__u64 unhashed; /* files that IMA did not give a SHA-256 of */
	__u64 signature_checks; /* CMS signatures checked */
	__u64 denied;
};

/*
 * Map "inode_verdict": an inode's verdict, in one word; the key is a descriptor of the file. It counts
 * as long as the generation in which it was given lasts: settings.generation if it is OK, else
 * settings.refusal_generation. Other bits are the program's own: see verdict_cache.bpf.h.
 */
#define DIGSIG_WORD_VERDICT_MASK 0xfU
#define DIGSIG_WORD_GENERATION_SHIFT 8
#define DIGSIG_GENERATION_MASK 0xffffffU
/* Generations end here: under this one and later ones no cached verdict counts. */
#define DIGSIG_GENERATION_LAST DIGSIG_GENERATION_MASK

static __inline__ __attribute__((always_inline, unused)) __u32 digsig_verdict_of_word(
	__u64 word, __u32 generation, __u32 refusal_generation)
{
	__u32 verdict = word & DIGSIG_WORD_VERDICT_MASK;
	__u32 lasting = verdict == DIGSIG_VERDICT_OK ? generation : refusal_generation;

	return lasting < DIGSIG_GENERATION_LAST &&
			(__u32)word >> DIGSIG_WORD_GENERATION_SHIFT == lasting ?
		verdict :
		(__u32)DIGSIG_VERDICT_NONE;
}

/* What STATUS answers: everything of one moment. Kernel addresses are left out. */
struct digsig_status {
	struct digsig_settings settings;
	struct digsig_counters counters; /* the sum over all CPUs */
	__u64 trusted_capacity; /* how many entries "trusted" has room for */
};

/*
 * Map "trusted": whole-file SHA-256 to what the signed manifest says of the file, or the header of
 * the catalog that names it. There may be a quarter of a million of them, so no byte is idle.
 */
struct digsig_trusted {
	__u32 flags; /* the manifest's, host order; of a catalog: DIGSIG_TRUSTED_BY_CATALOG */
	__u8 key_id[DIGSIG_KEY_ID_SIZE];
	__u64 epoch;
	__u64 catalog; /* the part of a catalog that was loaded last of those with the digest: the end
			  of its CMS; 0: a block vouches for it */
	__u8 identity[DIGSIG_IDENTITY_SIZE];
};

#define DIGSIG_TRUSTED_BY_CATALOG 0x80000000u

/*
 * Maps "request", "request_block" and "reply", one entry each. User space writes the block, then
 * the request; the next bpf(2) call of anyone carries it out before it does its own work, so that a
 * look-up in "reply" finds the answer. The kernel program takes its own copy of the block first:
 * what is written meanwhile changes nothing.
 */
enum digsig_command {
	DIGSIG_COMMAND_NONE = 0,
	DIGSIG_COMMAND_BIND = 1, /* remember which keyring the settings mean; once, at the start */
	DIGSIG_COMMAND_ADMIT = 2, /* trust the file that the block belongs to */
	DIGSIG_COMMAND_MODE = 3, /* argument: enum digsig_mode; once locked, only a stricter one */
	DIGSIG_COMMAND_STATUS = 4, /* see struct digsig_status */
	DIGSIG_COMMAND_LOCK = 5, /* from now on until the machine restarts */
	DIGSIG_COMMAND_CATALOG = 6, /* trust all digests of a part of a catalog */
	DIGSIG_COMMAND_POLICY = 7, /* argument: DIGSIG_POLICY(scopes, wx); once locked, only stricter */
	DIGSIG_COMMAND_KNOWN = 8, /* is the digest that request_block begins with trusted? */
	DIGSIG_COMMAND_REVOKE = 9, /* request_block begins with struct digsig_revocation */
	DIGSIG_COMMAND_UNLOAD = 10, /* trust no longer what that part of a catalog brought; locked, too */
	DIGSIG_COMMAND_RAN = 11, /* block_size: settings.ran_files; argument: settings.ran_not_ok */
};

/* The argument of POLICY: bits 15..0 are the scopes, bits 31..16 enum digsig_wx. */
#define DIGSIG_POLICY(scopes, wx) ((__u32)(wx) << 16 | (scopes))
#define DIGSIG_POLICY_SCOPES(policy) ((policy) & 0xffffu)
#define DIGSIG_POLICY_WX(policy) ((policy) >> 16)

struct digsig_request {
	__u64 file_size; /* of ADMIT */
	/* Of ADMIT: bytes of request_block used; of CATALOG, UNLOAD: the same up to DIGSIG_BLOCK_MAX,
	 * more than that are in request_catalog. Of RAN: a number of files. */
	__u32 block_size;
	__u32 argument; /* of MODE, POLICY and RAN */
	__u32 id; /* repeated in the reply */
	__u32 command; /* enum digsig_command; the kernel program sets it to NONE when it takes it */
};

struct digsig_request_block {
	__u8 bytes[DIGSIG_BLOCK_MAX];
};

/* Map "request_catalog", one entry: as request_block. */
struct digsig_request_catalog {
	__u8 bytes[DIGSIG_CATALOG_PART_MAX];
};

struct digsig_reply {
	__u32 id;
	__s32 error; /* 0 or a negative errno; of CATALOG -E2BIG: no room for all of the digests */
	__u32 verdict; /* of ADMIT, CATALOG, UNLOAD, KNOWN */
	__u32 defect; /* why MALFORMED; of ADMIT enum digsig_defect, of CATALOG digsig_catalog_defect */
	__u8 digest[DIGSIG_DIGEST_SIZE]; /* of ADMIT: the file's */
	__u32 changed; /* of CATALOG: digests not trusted before; of UNLOAD: not trusted any more; of
			  REVOKE: 0 if it was known */
	__u32 reserved;
	struct digsig_status status; /* of STATUS */
};

/*
 * umount2(2) flags that the kernel always answers with EINVAL, after it has asked the security
 * modules. "digsig lock" thereby shows the engine the mount that its pins are in, and learns from
 * EALREADY that the engine has noted it: it is the BPF file system's, in the first mount namespace.
 */
#define DIGSIG_MOUNT_KNOCK (2 /* MNT_DETACH */ | 4 /* MNT_EXPIRE */)

/* Ring buffer "events". */
#define DIGSIG_PATH_SIZE 1024
#define DIGSIG_COMM_SIZE 16

#define DIGSIG_EVENT_DENIED 1u
#define DIGSIG_EVENT_CACHED 2u
#define DIGSIG_EVENT_PATH_CUT 4u /* path holds the end of it only, or the file's name */
#define DIGSIG_EVENT_DIGEST 8u /* digest is filled in */
#define DIGSIG_EVENT_CATALOG 64u /* ok because a catalog names it */

struct digsig_event {
	__u64 lost; /* how many events were lost before this one, since the start */
	__u64 time; /* nanoseconds, CLOCK_BOOTTIME */
	__u32 hook; /* enum digsig_hook */
	__u32 verdict; /* enum digsig_verdict */
	__u32 flags;
	__s32 error; /* what the kernel answered, behind FAULT and BADSIG; 0 or negative errno */
	__u32 defect; /* enum digsig_defect, behind MALFORMED */
	__u32 mode;
	__u32 pid, ppid; /* thread group ids, in the initial namespace */
	__u32 uid;
	__u32 reserved;
	__u64 epoch;
	__u64 inode;
	__u32 device; /* as in the kernel: major << 20 | minor */
	__u8 comm[DIGSIG_COMM_SIZE];
	__u8 digest[DIGSIG_DIGEST_SIZE];
	__u8 identity[DIGSIG_IDENTITY_SIZE];
	__u8 key_id[DIGSIG_KEY_ID_SIZE];
	__u8 path[DIGSIG_PATH_SIZE];
};

#endif
