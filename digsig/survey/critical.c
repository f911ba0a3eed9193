// SPDX-License-Identifier: GPL-2.0-or-later
#include "critical.h"
#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <libelf.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define LIBRARIES_MAX 64 /* that one file may name */
#define DEPTH_MAX 32

struct search {
	const char *root;
	int root_fd;
	char loader_folder[PATH_MAX]; /* below the root: Debian's folder of the architecture */
	struct critical_files *list;
	int depth; /* of libraries that need libraries */
};

/* What stands behind a path below the root, symbolic links followed as if it were the root. */
static int open_below(const struct search *search, const char *path)
{
	struct open_how how = { .flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY,
		.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS };

	return (int)syscall(SYS_openat2, search->root_fd, path, &how, sizeof(how));
}

static bool real_path(int fd, char *path)
{
	char link[64];
	ssize_t size;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	size = readlink(link, path, PATH_MAX - 1);
	if (size <= 0)
		return false;
	path[size] = '\0';
	return true;
}

/* 1: it is new; 0: it was there. */
static int add_file(struct search *search, const char *role, const char *path)
{
	struct critical_files *list = search->list;
	struct critical_file *grown;

	for (size_t i = 0; i < list->count; i++)
		if (!strcmp(list->files[i].path, path))
			return 0;
	grown = reallocarray(list->files, list->count + 1, sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	list->files = grown;
	grown[list->count].path = strdup(path);
	if (!grown[list->count].path)
		return -ENOMEM;
	snprintf(grown[list->count++].role, sizeof(grown->role), "%s", role);
	return 1;
}

/* What an ELF file needs to run. The strings are libelf's, until elf_end. */
struct needs {
	const char *loader, *run_path;
	const char *libraries[LIBRARIES_MAX];
	size_t count;
};

static void read_dynamic(Elf *elf, Elf_Scn *section, const GElf_Shdr *header, struct needs *needs)
{
	Elf_Data *data = elf_getdata(section, NULL);
	GElf_Dyn entry;

	for (int i = 0; data && gelf_getdyn(data, i, &entry) && entry.d_tag != DT_NULL; i++) {
		const char *text = NULL;

		if (entry.d_tag == DT_NEEDED || entry.d_tag == DT_RUNPATH ||
			entry.d_tag == DT_RPATH)
			text = elf_strptr(elf, header->sh_link, entry.d_un.d_val);
		if (!text)
			continue;
		if (entry.d_tag != DT_NEEDED)
			needs->run_path = text;
		else if (needs->count < LIBRARIES_MAX)
			needs->libraries[needs->count++] = text;
	}
}

static void read_needs(Elf *elf, struct needs *needs)
{
	size_t segments = 0, size;
	Elf_Scn *section = NULL;
	const char *bytes = elf_rawfile(elf, &size);

	if (elf_kind(elf) != ELF_K_ELF || !bytes || elf_getphdrnum(elf, &segments))
		return;
	for (size_t i = 0; i < segments && i < 1024; i++) {
		GElf_Phdr segment;

		if (gelf_getphdr(elf, (int)i, &segment) && segment.p_type == PT_INTERP &&
			segment.p_offset < size && segment.p_filesz > 1 &&
			segment.p_filesz <= size - segment.p_offset &&
			!bytes[segment.p_offset + segment.p_filesz - 1])
			needs->loader = bytes + segment.p_offset;
	}
	while ((section = elf_nextscn(elf, section))) {
		GElf_Shdr header;

		if (gelf_getshdr(section, &header) && header.sh_type == SHT_DYNAMIC)
			read_dynamic(elf, section, &header, needs);
	}
}

static int add_program(struct search *search, const char *role, const char *path);

/* The folder of a path below the root, without the root. */
static void folder_of(const struct search *search, const char *path, char *folder)
{
	size_t prefix = strcmp(search->root, "/") ? strlen(search->root) : 0;
	char *slash;

	snprintf(folder, PATH_MAX, "%s", path + prefix);
	slash = strrchr(folder, '/');
	if (slash)
		*slash = '\0';
}

/* Looks in one folder; 1: it was there. $ORIGIN stands for the folder of who needs it. */
static int add_library_from(struct search *search, const char *role, const char *origin,
	const char *folder, size_t length, const char *name)
{
	char path[2 * PATH_MAX];
	int fd;

	if (!strncmp(folder, "$ORIGIN", 7))
		snprintf(path, sizeof(path), "%s%.*s/%s", origin, (int)length - 7, folder + 7, name);
	else
		snprintf(path, sizeof(path), "%.*s/%s", (int)length, folder, name);
	fd = open_below(search, path);
	if (fd < 0)
		return 0;
	close(fd);
	fd = add_program(search, role, path);
	return fd < 0 ? fd : 1;
}

/* Where ld.so would look, without its cache. */
static int add_library(struct search *search, const char *role, const char *origin,
	const char *run_path, const char *name)
{
	const char *const folders[] = { search->loader_folder, "/usr/lib64", "/lib64", "/usr/lib",
		"/lib" };
	int found = 0;

	if (strchr(name, '/'))
		return add_program(search, role, name);
	while (!found && run_path && *run_path) {
		size_t length = strcspn(run_path, ":");

		found = add_library_from(search, role, origin, run_path, length, name);
		run_path += length + (run_path[length] == ':');
	}
	for (size_t i = 0; !found && i < sizeof(folders) / sizeof(folders[0]); i++)
		found = add_library_from(
			search, role, origin, folders[i], strlen(folders[i]), name);
	return found < 0 ? found : 0;
}

static int add_needs(
	struct search *search, const char *role, const char *path, const struct needs *needs)
{
	char needed_by[64], origin[PATH_MAX];
	int err = 0;

	if (!strncmp(role, "needed by ", 10))
		snprintf(needed_by, sizeof(needed_by), "%s", role);
	else
		snprintf(needed_by, sizeof(needed_by), "needed by %.50s", role);
	folder_of(search, path, origin);
	if (needs->loader) {
		err = add_program(search, "dynamic loader", needs->loader);
		if (!err && !*search->loader_folder) {
			char loader[PATH_MAX];
			int fd = open_below(search, needs->loader);

			if (fd >= 0 && real_path(fd, loader))
				folder_of(search, loader, search->loader_folder);
			if (fd >= 0)
				close(fd);
		}
	}
	for (size_t i = 0; !err && i < needs->count; i++)
		err = add_library(search, needed_by, origin, needs->run_path, needs->libraries[i]);
	return err;
}

/* path is below the root. Something that is not there, or no ELF file, needs nothing. */
static int add_program(struct search *search, const char *role, const char *path)
{
	int fd = open_below(search, path), err = 0;
	struct needs needs = { 0 };
	char real[PATH_MAX];
	Elf *elf;

	if (fd < 0)
		return 0;
	if (real_path(fd, real))
		err = add_file(search, role, real);
	if (err == 1 && search->depth < DEPTH_MAX) {
		search->depth++;
		elf = elf_begin(fd, ELF_C_READ_MMAP, NULL);
		err = 0;
		if (elf) {
			read_needs(elf, &needs);
			err = add_needs(search, role, real, &needs);
			elf_end(elf);
		}
		search->depth--;
	}
	close(fd);
	return err < 0 ? err : 0;
}

/* root's shell: the first line of /etc/passwd that begins with root */
static int add_roots_shell(struct search *search)
{
	int fd = open_below(search, "/etc/passwd"), err = 0;
	FILE *file = fd < 0 ? NULL : fdopen(fd, "r");
	char line[1024], *shell;

	while (file && fgets(line, sizeof(line), file)) {
		if (strncmp(line, "root:", 5))
			continue;
		line[strcspn(line, "\n")] = '\0';
		shell = strrchr(line, ':') + 1;
		if (*shell == '/')
			err = add_program(search, "root's shell", shell);
		break;
	}
	if (file)
		fclose(file);
	return err;
}

static int add_own_program(struct search *search)
{
	char path[PATH_MAX];
	ssize_t size;

	if (strcmp(search->root, "/"))
		return 0;
	size = readlink("/proc/self/exe", path, sizeof(path) - 1);
	if (size <= 0)
		return 0;
	path[size] = '\0';
	return add_program(search, "digsig", path);
}

static int add_all(struct search *search)
{
	static const struct {
		const char *role, *path;
	} known[] = {
		{ "PID 1", "/sbin/init" },
		{ "PID 1", "/usr/lib/systemd/systemd" },
		{ "starts all units", "/usr/lib/systemd/systemd-executor" },
		{ "shell", "/bin/sh" },
		{ "login", "/bin/login" },
		{ "getty", "/sbin/agetty" },
		{ "rescue login", "/sbin/sulogin" },
		{ "sshd", "/usr/sbin/sshd" },
		{ "sshd", "/usr/lib/openssh/sshd-session" },
		{ "sshd", "/usr/libexec/openssh/sshd-session" },
		{ "sudo", "/usr/bin/sudo" },
		{ "digsig", "/usr/bin/digsig" },
		{ "digsig", "/usr/sbin/digsigd" },
	};
	static const char *const modules[] = { "pam_unix.so", "pam_deny.so", "pam_permit.so" };
	int err = 0;

	for (size_t i = 0; !err && i < sizeof(known) / sizeof(known[0]); i++)
		err = add_program(search, known[i].role, known[i].path);
	if (!err)
		err = add_roots_shell(search);
	if (!err)
		err = add_own_program(search);
	for (size_t i = 0; !err && i < sizeof(modules) / sizeof(modules[0]); i++) {
		char path[PATH_MAX + 32];

		/* Debian has them beside its loader, other distributions in /usr/lib64. */
		snprintf(path, sizeof(path), "%s/security/%s",
			*search->loader_folder ? search->loader_folder : "/usr/lib64", modules[i]);
		err = add_program(search, "login (PAM)", path);
		if (!err) {
			snprintf(path, sizeof(path), "/usr/lib64/security/%s", modules[i]);
			err = add_program(search, "login (PAM)", path);
		}
	}
	return err;
}

int critical_files_find(const char *root, struct critical_files *list)
{
	struct search search = { .root = root, .list = list };
	int err;

	*list = (struct critical_files){ 0 };
	search.root_fd = open(root, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (search.root_fd < 0)
		return 0;
	elf_version(EV_CURRENT);
	err = add_all(&search);
	close(search.root_fd);
	return err;
}

void critical_files_free(struct critical_files *list)
{
	for (size_t i = 0; i < list->count; i++)
		free(list->files[i].path);
	free(list->files);
	*list = (struct critical_files){ 0 };
}
