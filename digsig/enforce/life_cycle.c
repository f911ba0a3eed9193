// SPDX-License-Identifier: GPL-2.0-or-later
#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include "engine.h"
#include "kernel_addresses.h"
#include "keyring.h"
#include "links.h"
#include "request.h"
/* Last: the types of its constants are in the headers above. */
#include "digsig.skel.h"

/*
 * libbpf has one print function for the whole process, so the message it last gave is kept in one
 * place, for as long as engine_start runs.
 */
static char *last_message;

static int keep_message(enum libbpf_print_level level, const char *format, va_list arguments)
{
	if (level == LIBBPF_WARN && last_message)
		vsnprintf(last_message, sizeof(((struct engine_failure *)0)->message), format,
			arguments);
	return 0;
}

/* How many arguments a hook has in the running kernel; 0: there is no such hook. */
static int hook_arguments(const struct btf *btf, const char *hook)
{
	int id = btf__find_by_name_kind(btf, hook, BTF_KIND_FUNC);
	const struct btf_type *function = id > 0 ? btf__type_by_id(btf, id) : NULL;

	return function ? btf_vlen(btf__type_by_id(btf, function->type)) : 0;
}

static bool kernel_has_member(const struct btf *btf, const char *structure, const char *member)
{
	int id = btf__find_by_name_kind(btf, structure, BTF_KIND_STRUCT);
	const struct btf_type *type = id > 0 ? btf__type_by_id(btf, (__u32)id) : NULL;
	bool found = false;

	for (__u16 i = 0; type && i < btf_vlen(type) && !found; i++)
		found = !strcmp(btf__name_by_offset(btf, btf_members(type)[i].name_off), member);
	return found;
}

/* What not every kernel has the hook for is loaded where there is one. */
static void choose_programs(struct digsig *skeleton)
{
	struct btf *btf = btf__load_vmlinux_btf();
	bool with_idmap = btf && hook_arguments(btf, "bpf_lsm_inode_setattr") == 3;

	bpf_program__set_autoload(skeleton->progs.digsig_setattr, with_idmap);
	bpf_program__set_autoload(skeleton->progs.digsig_setattr_of_old, !with_idmap);
	bpf_program__set_autoload(skeleton->progs.digsig_check,
		btf && kernel_has_member(btf, "linux_binprm", "is_check"));
	btf__free(btf);
}

static int write_settings(
	struct digsig *skeleton, int32_t keyring, const struct engine_options *options)
{
	const struct engine_policy *policy = options->policy;
	static const struct engine_policy usual = ENGINE_POLICY_DEFAULT;
	struct digsig_settings settings = {
		.mode = DIGSIG_MODE_MONITOR,
		.keyring_serial = keyring,
		.generation = 1,
		.scopes = (policy ? policy : &usual)->scopes,
		.wx = (policy ? policy : &usual)->wx,
		.refusal_generation = 1,
		.start_time = (__u64)time(NULL),
		.max_file_size = options->max_file_size ? options->max_file_size :
							  DIGSIG_MAX_FILE_SIZE_DEFAULT,
	};
	__u32 zero = 0;

	return bpf_map__update_elem(skeleton->maps.settings, &zero, sizeof(zero), &settings,
		sizeof(settings), BPF_ANY);
}

/*
 * From here on no system call changes these maps, through any descriptor; only the program does.
 * "request" stays open to couriers, "events" to the reader of the log.
 */
static int freeze_maps(struct digsig *skeleton)
{
	const struct bpf_map *maps[] = {
		skeleton->maps.settings,
		skeleton->maps.counters,
		skeleton->maps.trusted,
		skeleton->maps.inode_verdict,
		skeleton->maps.workspaces,
		skeleton->maps.catalog_copy,
		skeleton->maps.revoked,
		skeleton->maps.places,
		skeleton->maps.mappings,
		skeleton->maps.layers,
		skeleton->maps.hashing,
		skeleton->maps.reply,
	};

	for (size_t i = 0; i < sizeof(maps) / sizeof(maps[0]); i++)
		if (bpf_map_freeze(bpf_map__fd(maps[i])))
			return -errno;
	return 0;
}

static void pin_path(char *path, size_t size, const char *prefix, const char *name)
{
	snprintf(path, size, DIGSIG_PIN_DIRECTORY "/%s%s", prefix, name);
}

/* "request" comes last: as long as it is not pinned, the engine counts as not running. */
static int pin_all(struct digsig *skeleton)
{
	const struct bpf_object_skeleton *objects = skeleton->skeleton;
	char path[256];
	int err;

	for (int i = 0; i < objects->map_cnt; i++) {
		if (*objects->maps[i].map == skeleton->maps.request ||
			strchr(objects->maps[i].name, '.'))
			continue; /* a dot: the program's constants */
		pin_path(path, sizeof(path), "", objects->maps[i].name);
		err = bpf_map__pin(*objects->maps[i].map, path);
		if (err)
			return err;
	}
	for (int i = 0; i < objects->prog_cnt; i++) {
		struct bpf_link *link = *objects->progs[i].link;

		if (!link)
			continue; /* a hook that this kernel does not have */
		pin_path(path, sizeof(path), "link_", objects->progs[i].name);
		err = bpf_link__pin(link, path);
		if (err)
			return err;
	}
	pin_path(path, sizeof(path), "", "request");
	return bpf_map__pin(skeleton->maps.request, path);
}

static int remove_pins(void)
{
	DIR *directory = opendir(DIGSIG_PIN_DIRECTORY);
	struct dirent *entry;

	if (!directory)
		return -errno;
	while ((entry = readdir(directory)))
		if (entry->d_name[0] != '.')
			unlinkat(dirfd(directory), entry->d_name, 0);
	closedir(directory);
	return rmdir(DIGSIG_PIN_DIRECTORY) ? -errno : 0;
}

/*
 * One start or stop at a time. The lock is on the file system that all pins are in; it is let go
 * of by closing the descriptor, which is returned.
 */
static int lock_pins(void)
{
	int fd = open("/sys/fs/bpf", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	if (flock(fd, LOCK_EX)) {
		int err = -errno;

		close(fd);
		return err;
	}
	return fd;
}

/* Makes the pin directory; what an interrupted start left behind goes first. */
static int make_pin_directory(void)
{
	struct engine engine;

	if (!mkdir(DIGSIG_PIN_DIRECTORY, 0700))
		return 0;
	if (errno != EEXIST)
		return -errno;
	if (engine_open(&engine) != -ENOENT) {
		engine_close(&engine);
		return -EEXIST;
	}
	remove_pins();
	return mkdir(DIGSIG_PIN_DIRECTORY, 0700) ? -errno : 0;
}

/*
 * Has the engine, which is in mode monitor, judge this very program, and looks whether the kernel
 * gave it a SHA-256: which hash IMA uses is not to be seen anywhere. -ENOTSUP: it did not.
 */
static int try_hash(struct engine *engine)
{
	int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	struct digsig_status status;
	void *mapped;
	int err;

	if (fd < 0)
		return -errno;
	mapped = mmap(NULL, 1, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, 0);
	err = mapped == MAP_FAILED ? -errno : engine_read_status(engine, &status);
	if (mapped != MAP_FAILED)
		munmap(mapped, 1);
	close(fd);
	if (err)
		return err;
	return status.counters.unhashed ? -ENOTSUP : 0;
}

/* The first things that are asked of the engine in its place. */
static int try_out(struct engine_failure *failure)
{
	struct engine engine;
	int err;

	failure->step = ENGINE_STEP_BIND;
	err = engine_open(&engine);
	if (err)
		return err;
	err = engine_bind_keyring(&engine);
	if (!err) {
		failure->step = ENGINE_STEP_HASH;
		err = try_hash(&engine);
	}
	engine_close(&engine);
	return err;
}

static int load(struct digsig *skeleton, const struct engine_options *options,
	struct engine_failure *failure)
{
	struct digsig_addresses addresses;
	int err;

	failure->step = ENGINE_STEP_ADDRESSES;
	err = kernel_addresses_read(&addresses);
	if (err)
		return err;
	memcpy((void *)&skeleton->rodata->kernel_addresses, &addresses, sizeof(addresses));
	failure->step = ENGINE_STEP_LOAD;
	choose_programs(skeleton);
	if (options->max_trusted)
		err = bpf_map__set_max_entries(skeleton->maps.trusted, options->max_trusted);
	return err ? err : digsig__load(skeleton);
}

/* Everything after the pin directory is ours; the caller removes it again if this fails. */
static int put_into_kernel(struct digsig *skeleton, const struct engine_options *options,
	int32_t *keyring, struct engine_failure *failure)
{
	int err = load(skeleton, options, failure);

	if (err)
		return err;
	failure->step = ENGINE_STEP_KEYRING;
	*keyring = keyring_create(options->trust, &failure->certificate);
	if (*keyring < 0)
		return *keyring;
	failure->step = ENGINE_STEP_SETTINGS;
	/* Before the programs run: they need the settings, and then nobody else may change them. */
	err = write_settings(skeleton, *keyring, options);
	if (!err)
		err = freeze_maps(skeleton);
	if (err)
		return err;
	failure->step = ENGINE_STEP_ATTACH;
	err = digsig__attach(skeleton);
	if (err)
		return err;
	failure->step = ENGINE_STEP_PIN;
	err = pin_all(skeleton);
	if (err)
		return err;
	return try_out(failure);
}

static int start_locked(const struct engine_options *options, struct engine_failure *failure)
{
	libbpf_print_fn_t previous;
	struct digsig *skeleton;
	int32_t keyring = -1;
	int err = make_pin_directory();

	if (err)
		return err;
	last_message = failure->message;
	previous = libbpf_set_print(keep_message);
	failure->step = ENGINE_STEP_OPEN;
	skeleton = digsig__open();
	err = skeleton ? put_into_kernel(skeleton, options, &keyring, failure) : -errno;
	if (err) {
		remove_pins();
		if (keyring > 0)
			keyring_drop(keyring);
	}
	digsig__destroy(skeleton);
	libbpf_set_print(previous);
	last_message = NULL;
	return err;
}

int engine_start(const struct engine_options *options, struct engine_failure *failure)
{
	int lock = lock_pins(), err;

	failure->step = ENGINE_STEP_RUNNING;
	failure->certificate = NULL;
	failure->message[0] = 0;
	if (lock < 0)
		return lock;
	err = start_locked(options, failure);
	close(lock);
	return err;
}

int engine_try_load(unsigned int max_trusted, struct engine_failure *failure)
{
	const struct engine_options options = { .max_trusted = max_trusted };
	libbpf_print_fn_t previous;
	struct digsig *skeleton;
	int err;

	failure->step = ENGINE_STEP_OPEN;
	failure->certificate = NULL;
	failure->message[0] = 0;
	last_message = failure->message;
	previous = libbpf_set_print(keep_message);
	skeleton = digsig__open();
	err = skeleton ? load(skeleton, &options, failure) : -errno;
	digsig__destroy(skeleton);
	libbpf_set_print(previous);
	last_message = NULL;
	return err;
}

static bool link_exists(__u32 id)
{
	int fd = bpf_link_get_fd_by_id(id);

	if (fd < 0)
		return errno != ENOENT;
	close(fd);
	return true;
}

#define LINKS_MAX 32

struct link_ids {
	__u32 ids[LINKS_MAX];
	size_t count;
};

static int note_link(const struct bpf_link_info *link, void *context)
{
	struct link_ids *links = context;

	if (links->count < LINKS_MAX)
		links->ids[links->count++] = link->id;
	return 0;
}

/* Waits until the kernel has detached the programs: a moment after the last reference is gone. */
static void wait_for_links(const struct link_ids *links)
{
	struct timespec pause = { .tv_nsec = 10 * 1000 * 1000 };

	for (size_t i = 0; i < links->count; i++)
		for (int tries = 0; tries < 500 && link_exists(links->ids[i]); tries++)
			nanosleep(&pause, NULL);
}

static int stop_locked(void)
{
	struct digsig_status status;
	struct link_ids links = { .count = 0 };
	struct engine engine;
	int err = engine_open(&engine);

	if (err)
		return err;
	err = engine_read_status(&engine, &status);
	/* The kernel would refuse each step of it as well. */
	if (!err && status.settings.is_locked)
		err = -EPERM;
	/* From here on everything runs, whenever the programs are detached. */
	if (!err)
		err = engine_set_mode(&engine, DIGSIG_MODE_MONITOR);
	engine_close(&engine);
	/* Before the pins are gone; what cannot be read is not waited for. */
	links_visit(note_link, &links);
	if (!err)
		err = remove_pins();
	if (err)
		return err;
	keyring_drop(status.settings.keyring_serial);
	wait_for_links(&links);
	return 0;
}

int engine_stop(void)
{
	int lock = lock_pins(), err;

	if (lock < 0)
		return lock;
	err = stop_locked();
	close(lock);
	return err;
}
