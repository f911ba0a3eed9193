/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the kernel program and user space say to each other: the contents of the engine's maps.
 * Pinned below DIGSIG_PIN_DIRECTORY, one file a map and a link.
 */
#ifndef DIGSIG_KERNEL_ENGINE_H
#define DIGSIG_KERNEL_ENGINE_H

#include "../format/block.h"
#include "../format/verdict.h"

#define DIGSIG_PIN_DIRECTORY "/sys/fs/bpf/digsig"
#define DIGSIG_KEYRING_NAME "digsig"

enum digsig_mode {
	DIGSIG_MODE_MONITOR = 1, /* everything runs; what is not ok is logged */
	DIGSIG_MODE_PERMISSIVE = 2, /* unsigned code runs and is logged; a bad signature is denied */
	DIGSIG_MODE_ENFORCING = 3, /* only what is ok runs */
};

/* What is judged, one bit each. */
enum digsig_scope {
	DIGSIG_SCOPE_EXEC = 1 << 0, /* programs and interpreters */
	DIGSIG_SCOPE_MMAP = 1 << 1, /* files mapped as code */
	DIGSIG_SCOPE_MPROTECT = 1 << 2, /* file mappings made executable later */
	DIGSIG_SCOPE_SCRIPTS = 1 << 3, /* files that begin with #!, and AT_EXECVE_CHECK */
	DIGSIG_SCOPE_MODULES = 1 << 4, /* kernel modules */
	DIGSIG_SCOPE_FIRMWARE = 1 << 5,
	DIGSIG_SCOPE_KEXEC = 1 << 6,
};

/* Firmware is code for devices, not for the kernel: it waits for a catalog of it. */
#define DIGSIG_SCOPES_DEFAULT                                                                     \
	(DIGSIG_SCOPE_EXEC | DIGSIG_SCOPE_MMAP | DIGSIG_SCOPE_MPROTECT | DIGSIG_SCOPE_SCRIPTS |    \
		DIGSIG_SCOPE_MODULES | DIGSIG_SCOPE_KEXEC)

/* Memory that is writable and executable, or executable after it was written. */
enum digsig_wx {
	DIGSIG_WX_ALLOW = 0,
	DIGSIG_WX_AUDIT = 1, /* it is logged */
	DIGSIG_WX_DENY = 2, /* but to what is signed with the exemption */
};

enum digsig_hook {
	DIGSIG_HOOK_EXEC = 1, /* execve(2), for the program and each interpreter of a script */
	DIGSIG_HOOK_MMAP = 2, /* mmap(2) with PROT_EXEC: loaders, libraries */
	DIGSIG_HOOK_WRITE = 3, /* open(2) for writing of a file that is mapped as code */
};

/* Map "settings", one entry: written before the map is frozen, then only by the kernel program. */
struct digsig_settings {
	__u32 mode; /* enum digsig_mode */
	__s32 keyring_serial; /* the trusted certificates */
	__u64 keyring_address; /* of that very keyring: a serial number could be used again */
	__u32 generation; /* a cached verdict of another generation is void; 24 bits */
	__u32 reserved;
	__u64 events_lost; /* since the start: the ring buffer was full */
	__u64 trusted_count; /* entries put into "trusted" */
	__u64 start_time; /* seconds since 1970 */
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

/* Map "trusted": whole-file SHA-256 to what the signed manifest says of the file. */
struct digsig_trusted {
	__u32 flags; /* the manifest's, host order */
	__u32 reserved;
	__u64 epoch;
	__u8 identity[DIGSIG_IDENTITY_SIZE];
	__u8 key_id[DIGSIG_KEY_ID_SIZE];
	__u8 reserved2[4];
};

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
	DIGSIG_COMMAND_MODE = 3, /* argument: enum digsig_mode */
};

struct digsig_request {
	__u64 file_size; /* of ADMIT */
	__u32 block_size; /* of ADMIT: bytes of request_block used */
	__u32 argument; /* of MODE */
	__u32 id; /* repeated in the reply */
	__u32 command; /* enum digsig_command; the kernel program sets it to NONE when it takes it */
};

struct digsig_request_block {
	__u8 bytes[DIGSIG_BLOCK_MAX];
};

struct digsig_reply {
	__u32 id;
	__s32 error; /* 0 or a negative errno */
	__u32 verdict; /* of ADMIT */
	__u32 defect; /* of ADMIT: why MALFORMED */
	__u8 digest[DIGSIG_DIGEST_SIZE]; /* of ADMIT: the file's */
};

/* Ring buffer "events". */
#define DIGSIG_PATH_SIZE 1024
#define DIGSIG_COMM_SIZE 16

#define DIGSIG_EVENT_DENIED 1u
#define DIGSIG_EVENT_CACHED 2u
#define DIGSIG_EVENT_PATH_CUT 4u /* path holds the file's name only */
#define DIGSIG_EVENT_DIGEST 8u /* digest is filled in */

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
