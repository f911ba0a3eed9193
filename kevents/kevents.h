/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libkevents: what the kernel did, as a stream of records: processes made, programs begun and ended,
 * code mapped and unmapped, in user space and in the kernel. The command that does the same is
 * kevents(1).
 *
 *   cc -o watch watch.c $(pkg-config --cflags --libs kevents)
 *
 * Errors. A function that can fail returns 0 or a negative errno(3) value, and fills *error, if that
 * is not NULL, with one line of English without a newline, in which bytes that could speak to a
 * terminal are escaped as \xNN. A NULL where a pointer is needed is -EINVAL.
 *
 * Ownership. What a function makes is the caller's, to be freed as its comment says; every _close
 * takes NULL. Strings and bytes that a record points to are the library's and stay until the handler
 * returns, or until the next call for the same handle.
 *
 * Threads. There is no state but in the handles; one of those is for one thread at a time. kevents_open
 * sets libbpf's print function, of which there is one a process, and sets it back.
 *
 * Units. Times are nanoseconds of CLOCK_MONOTONIC, sizes bytes, numbers in the host's byte order.
 * Process and thread ids are those of the initial pid namespace, user ids those of the initial user
 * namespace. Devices are as stat(2) gives them: major(3) and minor(3) take them apart.
 *
 * Strings come from programs and may hold any byte but 0: escape them before they meet a terminal.
 */
#ifndef KEVENTS_H
#define KEVENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct kevents_error {
	char text[512];
};

/* The library's own version, as in "0.1.0". A static string. */
const char *kevents_version(void);

enum kevents_type {
	KEVENTS_FORK = 1, /* a process or a thread was made */
	KEVENTS_EXEC = 2, /* a process runs another program: it has no image of the old one any more */
	KEVENTS_EXIT = 3, /* a thread or, with the last one, a process ended: it has no image */
	KEVENTS_IMAGE_LOAD = 4, /* part of a file was mapped executable, or made so */
	KEVENTS_IMAGE_UNLOAD = 5, /* and unmapped, by itself: EXEC and EXIT unmap all without saying so */
	KEVENTS_ANON_EXEC = 6, /* memory of no file was mapped executable, or made so: JIT code */
	KEVENTS_KERNEL_LOAD = 7, /* code appeared in the kernel: a module, a BPF program, ... */
	KEVENTS_KERNEL_UNLOAD = 8,
	KEVENTS_COMM = 9, /* a thread gave itself another name; an exec, which does too, is not told */
	KEVENTS_CGROUP = 10, /* a control group (version 2) was made, removed, or entered */
	KEVENTS_LOST = 11, /* records are missing here */
};

#define KEVENTS_TYPE_MAX 11
#define KEVENTS_BIT(type) (1u << (type))
#define KEVENTS_ALL 0xffeu

enum kevents_flag {
	/*
	 * Nothing happened: it was so when watching began. First come KERNEL_LOADs, then of each
	 * process FORK (the parent as it is now), EXEC (the arguments as they are now), then its
	 * IMAGE_LOADs and ANON_EXECs, then a FORK and, if its name differs, a COMM of each further
	 * thread. What really happens meanwhile comes behind them, so a consumer may be told of a
	 * process twice, never not at all.
	 */
	KEVENTS_SYNTHESISED = 1 << 0,
	KEVENTS_LATE = 1 << 1, /* an earlier record has a later time: it could not be put in order */
	KEVENTS_PATH_CUT = 1 << 2, /* the path's first names are missing, or all of it is */
	KEVENTS_KERNEL_THREAD = 1 << 3, /* the process is one of the kernel's own */
};

/* The build id of an ELF file: the note NT_GNU_BUILD_ID. */
#define KEVENTS_BUILD_ID_MAX 20

/* Of FORK. The record's own pid and tid are the parent's: the thread that called clone(2). */
struct kevents_fork {
	int32_t child_pid; /* the record's pid if is_thread */
	int32_t child_tid;
	int32_t child_parent_pid; /* not the record's pid with CLONE_PARENT; 0: not known */
	bool is_thread; /* of the calling process; else a process of its own */
};

/*
 * Of EXEC. The record's comm is the new one. What the exec itself mapped follows, and has its time,
 * although the kernel mapped it shortly before. An exec that fails is not told.
 */
struct kevents_exec {
	const char *path; /* as it was given to execve(2); of SYNTHESISED: of /proc/PID/exe */
	const char *args; /* the argument vector: count strings, each with its 0 */
	uint32_t args_size; /* bytes of them, the zeros included */
	uint32_t args_missing; /* bytes that could not be kept; 0: the vector is whole */
	uint32_t count;
	int32_t old_tid; /* the thread that called; if it was not the first, it has the first's id now */
};

/* Of EXIT: what wait(2) tells the parent. */
struct kevents_exit {
	uint8_t status; /* what it gave to exit(3) */
	uint8_t signal; /* the signal that ended it; 0: it exited */
	bool dumped_core;
	bool is_thread; /* a thread of it ended, and the process goes on */
	bool is_status_known; /* false: the source does not tell it */
	uint64_t run_time; /* since it was made, of the thread if is_thread; 0: not known */
};

enum kevents_protection {
	KEVENTS_READ = 1,
	KEVENTS_WRITE = 2,
	KEVENTS_EXECUTE = 4,
};

/*
 * What a file's signature is worth, by DigSig's engine: 0: nobody judged it; else enum digsig_verdict
 * of digsig/format/verdict.h.
 */
#define KEVENTS_NOT_JUDGED 0

/* Of IMAGE_LOAD, IMAGE_UNLOAD and ANON_EXEC. */
struct kevents_image {
	uint64_t address;
	uint64_t size;
	uint64_t offset; /* in the file */
	uint64_t device;
	uint64_t inode; /* 0: the memory is of no file */
	uint64_t generation; /* of the inode; 0: not known */
	uint32_t protection; /* enum kevents_protection */
	uint32_t is_shared; /* MAP_SHARED */
	uint32_t verdict;
	uint32_t build_id_size; /* 0: it has none, or nobody asked: KEVENTS_BUILD_IDS */
	uint8_t build_id[KEVENTS_BUILD_ID_MAX];
	const char *path; /* from the root of its mount namespace; a deleted file's ends in " (deleted)";
			     of ANON_EXEC "//anon", "[heap]" or "[stack]"; of code that the kernel puts
			     into each process "[vdso]", which is an IMAGE_LOAD */
};

enum kevents_kernel_kind {
	KEVENTS_MODULE = 1,
	KEVENTS_BPF = 2, /* a BPF program, trampoline or dispatcher */
	KEVENTS_OTHER_CODE = 3, /* what ftrace or kprobes wrote */
};

/* Of KERNEL_LOAD and KERNEL_UNLOAD. */
struct kevents_kernel {
	uint32_t kind; /* enum kevents_kernel_kind */
	uint32_t build_id_size; /* of a module; 0: not known */
	uint8_t build_id[KEVENTS_BUILD_ID_MAX];
	uint64_t address; /* of its code; 0: the kernel hides it (kptr_restrict) */
	uint64_t size;
	const char *name; /* "ext4", "bpf_prog_6deef7357e7b4530_name" */
};

/* Of COMM. The record's comm is the new name. */
struct kevents_comm {
	char old[16];
};

enum kevents_cgroup_action {
	KEVENTS_CGROUP_MADE = 1,
	KEVENTS_CGROUP_REMOVED = 2,
	KEVENTS_CGROUP_ENTERED = 3, /* by pid, and all its threads if is_process */
};

/* Of CGROUP. The record's cgroup and pid are those of the one who did it. */
struct kevents_cgroup {
	uint32_t action; /* enum kevents_cgroup_action */
	bool is_process;
	int32_t pid; /* of ENTERED: who is moved */
	int32_t tid;
	uint64_t id; /* the inode number of its directory: which cgroup of another record is this */
	const char *path; /* below the root of the hierarchy, as in /proc/PID/cgroup */
};

enum kevents_loss {
	KEVENTS_LOSS_BUFFER = 1, /* the kernel's buffer was full: the consumer is too slow */
	KEVENTS_LOSS_MISSED = 2, /* the kernel did not call the program on a hook */
	KEVENTS_LOSS_RECORDING = 3, /* a part of a recording is damaged */
	KEVENTS_LOSS_MEMORY = 4, /* no memory to hand a record on with */
};

/*
 * Of LOST. The record's cpu is the one whose records are missing, or KEVENTS_NO_CPU. Its time is that
 * of the first record behind the gap; since is that of the last one before it.
 */
struct kevents_lost {
	uint64_t count;
	uint64_t since;
	uint32_t why; /* enum kevents_loss */
};

#define KEVENTS_NO_CPU 0xffffffffu

/*
 * One record. pid, tid, uid, cgroup and comm are of whoever did it, at that moment. tid is the
 * thread's, pid the process's (getpid(2), also called thread group id). 0: the kernel itself.
 */
struct kevents_record {
	uint32_t type; /* enum kevents_type */
	uint32_t flags; /* enum kevents_flag */
	uint64_t time;
	uint32_t cpu;
	int32_t pid;
	int32_t tid;
	int32_t parent_pid; /* 0: not known */
	uint32_t uid; /* the real one; (uint32_t)-1: not known */
	uint32_t reserved;
	uint64_t cgroup; /* the id of the control group (version 2); 0: not known */
	/*
	 * When the process was made: with pid the name of one process for as long as the machine is
	 * up. Of SYNTHESISED records, and of those of perf events, it is only known to 10 ms; 0: not at all.
	 */
	uint64_t start_time;
	char comm[16]; /* with a 0 */
	union {
		struct kevents_fork fork;
		struct kevents_exec exec;
		struct kevents_exit exit;
		struct kevents_image image; /* also of ANON_EXEC */
		struct kevents_kernel kernel;
		struct kevents_comm comm_change;
		struct kevents_cgroup cgroup_change;
		struct kevents_lost lost;
	};
};

/* "fork", "exec", "exit", "load", "unload", "anon", "kload", "kunload", "comm", "cgroup", "lost"; "?"
 * for another number. A static string. */
const char *kevents_type_name(uint32_t type);
/* enum kevents_type; 0: no such name. */
uint32_t kevents_type_by_name(const char *name);

/* Returns 0, or what poll, or whoever called, shall return at once: a negative number. */
typedef int kevents_handler(const struct kevents_record *record, void *context);

/* -- The running kernel ------------------------------------------------------------------------ */

enum kevents_source {
	KEVENTS_SOURCE_ANY = 0, /* BPF, and if the kernel refuses that, perf events */
	KEVENTS_SOURCE_BPF = 1,
	KEVENTS_SOURCE_PERF = 2,
};

enum kevents_option {
	KEVENTS_SYNTHESISE = 1 << 0, /* begin with what there is: see KEVENTS_SYNTHESISED */
	KEVENTS_BUILD_IDS = 1 << 1, /* read the build id of each image, once a file */
	KEVENTS_DESCENDANTS = 1 << 2, /* pids: what they fork is wanted, too */
};

/*
 * What is wanted. All conditions must hold; one that is 0 or NULL always does. They are tested in
 * the kernel before anything is read or copied. A LOST is always told.
 */
struct kevents_filter {
	uint32_t types; /* KEVENTS_BIT(enum kevents_type), ...; 0: all */
	const int32_t *pids; /* processes: whoever does it, and of FORK the child */
	size_t pid_count; /* at most 4096 */
	bool has_uid;
	uint32_t uid; /* the real one */
	uint64_t cgroup; /* or any below it */
	const char *comm; /* the whole name, at most 15 bytes; of EXEC the new one */
};

/* To be zeroed first, then size = sizeof(struct kevents_options): later versions have more members. */
struct kevents_options {
	size_t size;
	uint32_t options; /* enum kevents_option */
	uint32_t source; /* enum kevents_source */
	struct kevents_filter filter;
	size_t buffer_size; /* of the kernel's buffer, a power of two of pages; 0: 8 MiB */
};

struct kevents;

/*
 * Begins to watch; *watch is to be closed with kevents_close. -EPERM: CAP_BPF and CAP_PERFMON, or
 * for perf events CAP_PERFMON, are missing; -EOPNOTSUPP: the kernel offers neither; -EINVAL: the
 * filter is not possible; -ENOMEM. The strings and arrays of options may go when it has returned.
 */
int kevents_open(
	const struct kevents_options *options, struct kevents **watch, struct kevents_error *error);
/* Stops watching and frees it, with the records that were not handed on; NULL: does nothing. */
void kevents_close(struct kevents *watch);

/*
 * Waits up to timeout_ms (-1: for as long as it takes; 0: not at all, and kevents_fd is readable
 * again when there is something to hand on) and hands on what is there, in the order of
 * time, not younger than some milliseconds: so long may records of several CPUs take to be put in
 * order. Returns how many records it handed on, or a negative errno (-EINTR: a signal), or what the
 * handler returned.
 */
int kevents_poll(struct kevents *watch, int timeout_ms, kevents_handler *handler, void *context);

/* Hands on what is left, without waiting: as kevents_poll. For the end. */
int kevents_flush(struct kevents *watch, kevents_handler *handler, void *context);

/*
 * The end: from here on nothing more is recorded; hands on all that was, and waits up to half a second
 * for hooks that run at this moment. Then the sums of kevents_get_sums are final. As kevents_poll.
 */
int kevents_finish(struct kevents *watch, kevents_handler *handler, void *context);

/* Is readable when there is something to poll for; the watch's own. */
int kevents_fd(const struct kevents *watch);

struct kevents_state {
	uint32_t source; /* enum kevents_source: which one it is */
	uint64_t records; /* handed on so far */
	uint64_t lost; /* the sum over all LOSTs so far */
	uint64_t late; /* records with KEVENTS_LATE */
	size_t memory; /* bytes that the library has in use for records, the kernel's buffer included */
	/* What the source does not tell here, in words, a line each, without a last newline; "": it
	 * tells all. The watch's own. */
	const char *missing;
};

/* *state as of now. Its text is the watch's and goes with it. */
void kevents_get_state(const struct kevents *watch, struct kevents_state *state);

/*
 * The account of a watch, in records; those that are SYNTHESISED are not in it. made and missed are
 * counted where it happens, in the kernel; the others behind the last queue, where a record is handed
 * on. After kevents_finish
 *   made + missed == delivered + unwanted + lost
 * or a record fell out on its way and nobody told: then agree is false.
 */
struct kevents_sums {
	uint64_t made; /* that the kernel's side began to make, whether there was room or not */
	uint64_t missed; /* that it could not begin: at most so many, since it did not see of whom */
	uint64_t delivered; /* handed on, without LOSTs */
	uint64_t unwanted; /* read, and not handed on: only the library could ask that part of the filter */
	uint64_t lost; /* the sum over all LOSTs */
	uint64_t incomplete; /* of those delivered: lack arguments, or part of a path */
	bool agree;
};

/* *sums as of now; final after kevents_finish. */
void kevents_get_sums(const struct kevents *watch, struct kevents_sums *sums);

/* -- Recordings: see kevents-record(5) ----------------------------------------------------------- */

struct kevents_recording_info {
	uint64_t monotonic; /* when it was begun */
	uint64_t realtime; /* the same moment, in ns since 1970 */
	uint32_t cpus;
	uint32_t page_size;
	uint32_t source; /* enum kevents_source */
	char machine[65]; /* as uname(2) has it: "x86_64" */
	char release[65]; /* of the kernel: "6.12.1-amd64" */
	char host[65];
};

struct kevents_writer;

/* Writes to a descriptor, which stays the caller's. info may be NULL: this machine, now. write(2)'s
 * errors. */
int kevents_writer_new(int fd, const struct kevents_recording_info *info,
	struct kevents_writer **writer, struct kevents_error *error);
/* -EMSGSIZE: a record above 16 MiB. After another error nothing more can be written. */
int kevents_write(struct kevents_writer *writer, const struct kevents_record *record);
/* The account of the watch that the records are of, to stand at the recording's end. Copied. */
void kevents_writer_set_sums(struct kevents_writer *writer, const struct kevents_sums *sums);
/* Writes out what it holds back. 0, or the first error of writing. */
int kevents_writer_flush(struct kevents_writer *writer);
/* The same, and frees it. */
int kevents_writer_close(struct kevents_writer *writer);

struct kevents_reader;

/*
 * Reads from a descriptor, which may be a pipe and stays the caller's. -EBADMSG: not a recording, or
 * of a version that this library does not know.
 */
int kevents_reader_new(int fd, struct kevents_reader **reader, struct kevents_error *error);
/* Frees it; the descriptor stays open. NULL: does nothing. */
void kevents_reader_close(struct kevents_reader *reader);
/* Where and when the recording was made. */
void kevents_reader_info(
	const struct kevents_reader *reader, struct kevents_recording_info *info);

/*
 * The account of the watch, once kevents_read has returned 0. -ENODATA: the recording has none, or is
 * not at its end.
 */
int kevents_reader_get_sums(const struct kevents_reader *reader, struct kevents_sums *sums);

/*
 * The next record. 1: *record is one, its strings valid until the next call; 0: the recording ends
 * here as it should; -EBADMSG: it ends in the middle, or what follows cannot be made out; read(2)'s
 * errors. A damaged part that can be skipped is a LOST with KEVENTS_LOSS_RECORDING.
 */
int kevents_read(
	struct kevents_reader *reader, struct kevents_record *record, struct kevents_error *error);

#ifdef __cplusplus
}
#endif

#endif
