// SPDX-License-Identifier: GPL-2.0-or-later
#include "core.h"
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <libelf.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "../../lib/elf/build_id.h"
#include "../fault/registers.h"

/* A note of it that has what is looked for: within the file's notes, which stay as long as it is open. */
struct note {
	const __u8 *bytes;
	size_t size;
};

struct core {
	Elf *elf;
	int fd;
	bool is_64;
	size_t segments;
	struct note status, signal, process, files;
};

/* Where struct elf_prstatus, elf_prpsinfo and siginfo have what is needed. */
struct layout {
	size_t registers_at, registers_size, name_at, address_at, word;
};
static const struct layout layouts[2] = { { 72, 17 * 4, 28, 12, 4 }, { 112, 27 * 8, 40, 16, 8 } };

static __u64 read_number(const __u8 *bytes, size_t size)
{
	__u64 value = 0;

	memcpy(&value, bytes, size);
	return value;
}

static void keep_note(struct note *note, const __u8 *bytes, size_t size)
{
	if (note->bytes)
		return; /* the first thread is the one that died */
	note->bytes = bytes;
	note->size = size;
}

static void read_notes(struct core *core, const GElf_Phdr *header)
{
	Elf_Data *data = elf_getdata_rawchunk(core->elf, (int64_t)header->p_offset, header->p_filesz,
		header->p_align == 8 ? ELF_T_NHDR8 : ELF_T_NHDR);
	size_t at = 0, name, description;
	GElf_Nhdr note;

	while (data && (at = gelf_getnote(data, at, &note, &name, &description)) > 0) {
		const __u8 *bytes = (const __u8 *)data->d_buf + description;

		if (note.n_type == NT_PRSTATUS)
			keep_note(&core->status, bytes, note.n_descsz);
		else if (note.n_type == NT_SIGINFO)
			keep_note(&core->signal, bytes, note.n_descsz);
		else if (note.n_type == NT_PRPSINFO)
			keep_note(&core->process, bytes, note.n_descsz);
		else if (note.n_type == NT_FILE)
			keep_note(&core->files, bytes, note.n_descsz);
	}
}

/* How many bytes of the memory at address the core has, of at most size. */
static size_t read_memory(const struct core *core, __u64 address, void *bytes, size_t size)
{
	for (size_t i = 0; i < core->segments; i++) {
		GElf_Phdr header;
		__u64 offset, rest;
		ssize_t count;

		if (!gelf_getphdr(core->elf, (int)i, &header) || header.p_type != PT_LOAD || address < header.p_vaddr)
			continue;
		offset = address - header.p_vaddr;
		if (offset >= header.p_filesz || header.p_offset > INT64_MAX - offset)
			continue;
		rest = header.p_filesz - offset;
		count = pread(core->fd, bytes, rest < size ? rest : size, (off_t)(header.p_offset + offset));
		if (count > 0)
			return (size_t)count;
	}
	return 0;
}

/* A mapping of a file, of NT_FILE. */
struct mapping {
	__u64 begin, end, offset; /* offset in bytes */
	const char *path;
};

/* Where reading the mappings is. All zero: before the first. */
struct mapping_cursor {
	__u64 number;
	const char *path;
};

/* The next one of NT_FILE, whose numbers come first, and behind all of them the paths. False: there is none. */
static bool next_mapping(const struct core *core, struct mapping_cursor *cursor, struct mapping *mapping)
{
	size_t word = layouts[core->is_64].word, size = core->files.size;
	const __u8 *bytes = core->files.bytes, *numbers;
	const char *end;
	__u64 count, page;

	if (!bytes || size < 2 * word)
		return false;
	end = (const char *)bytes + size;
	count = read_number(bytes, word);
	page = read_number(bytes + word, word);
	if (count > (size - 2 * word) / (3 * word) || cursor->number >= count)
		return false;
	numbers = bytes + (2 + 3 * cursor->number) * word;
	mapping->begin = read_number(numbers, word);
	mapping->end = read_number(numbers + word, word);
	mapping->offset = read_number(numbers + 2 * word, word) * page;
	mapping->path = cursor->path ? cursor->path : (const char *)bytes + (2 + 3 * count) * word;
	if (!memchr(mapping->path, 0, (size_t)(end - mapping->path)))
		return false;
	cursor->path = mapping->path + strlen(mapping->path) + 1;
	cursor->number++;
	return true;
}

static bool find_mapping(const struct core *core, __u64 address, struct mapping *mapping)
{
	struct mapping_cursor cursor = { 0 };

	while (next_mapping(core, &cursor, mapping))
		if (address >= mapping->begin && address < mapping->end)
			return true;
	return false;
}

/* Where that file's beginning was mapped. */
static bool find_beginning(const struct core *core, const char *path, struct mapping *mapping)
{
	struct mapping_cursor cursor = { 0 };

	while (next_mapping(core, &cursor, mapping))
		if (!mapping->offset && !strcmp(mapping->path, path))
			return true;
	return false;
}

enum { BUILD_ID_MAX = 64 };

/* Of the beginning of an ELF file. 0: it is not within that. */
static size_t build_id_of(__u8 *bytes, size_t size, __u8 id[BUILD_ID_MAX])
{
	Elf *elf = elf_memory((char *)bytes, size);
	size_t length = build_id_of_elf(elf, id, BUILD_ID_MAX);

	elf_end(elf);
	return length;
}

/* Whether the file is the one that was mapped; so it is, too, where that cannot be told. */
static bool is_same_file(const struct core *core, const struct mapping *mapping, int file)
{
	_Alignas(8) __u8 now[4096], then[4096];
	__u8 id_now[BUILD_ID_MAX], id_then[BUILD_ID_MAX];
	size_t size_now, size_then = 0;
	struct mapping beginning;
	ssize_t count = pread(file, now, sizeof(now), 0);

	if (find_beginning(core, mapping->path, &beginning))
		size_then = read_memory(core, beginning.begin, then, sizeof(then));
	if (!size_then || count <= 0)
		return true;
	size_now = build_id_of(now, (size_t)count, id_now);
	size_then = build_id_of(then, size_then, id_then);
	return size_now == size_then && !memcmp(id_now, id_then, size_now);
}

static size_t read_mapped(struct record *record, const struct core *core, __u8 *bytes, size_t size)
{
	struct mapping mapping;
	struct stat status;
	ssize_t count = 0;
	int file;

	record->no_code = "its page is not in the core, and no file was mapped there";
	if (!find_mapping(core, record->ip, &mapping))
		return 0;
	record->no_code = "its page is not in the core, and the file that was mapped there cannot be read";
	file = open(mapping.path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (file < 0)
		return 0;
	if (!fstat(file, &status) && S_ISREG(status.st_mode)) {
		if (is_same_file(core, &mapping, file))
			count = pread(file, bytes, size, (off_t)(mapping.offset + (record->ip - mapping.begin)));
		else
			record->no_code = "its page is not in the core, and the file that was mapped there has changed";
	}
	close(file);
	return count > 0 ? (size_t)count : 0;
}

static bool read_status(struct record *record, const struct core *core)
{
	const struct layout *layout = &layouts[core->is_64];
	struct page_fault fault = { 0 };

	if (!core->status.bytes || core->status.size < layout->registers_at + layout->registers_size ||
		!registers_read(&fault, core->status.bytes + layout->registers_at, layout->registers_size))
		return false;
	record->registers = fault.registers;
	record->ip = fault.registers.ip;
	record->sp = fault.registers.general[4];
	record->is_32 = fault.mode == PREFETCH_32;
	record->known |= RECORD_KNOWS_IP | RECORD_KNOWS_SP | RECORD_KNOWS_SIZE |
			 (record->is_32 ? 0xff : 0xffff) * (__u32)RECORD_KNOWS_GENERAL;
	return true;
}

static void read_signal(struct record *record, const struct core *core)
{
	const struct layout *layout = &layouts[core->is_64];
	const struct note *note = &core->signal;
	__u64 number, code;

	if (!note->bytes || note->size < layout->address_at + layout->word)
		return;
	number = read_number(note->bytes, 4);
	code = read_number(note->bytes + 8, 4);
	if (!fault_is_of_page((int)number, (int)code)) {
		record->kind = RECORD_TRAP;
		return;
	}
	record->address = read_number(note->bytes + layout->address_at, layout->word);
	record->known |= RECORD_KNOWS_ADDRESS;
}

static void read_process(struct record *record, const struct core *core)
{
	const struct layout *layout = &layouts[core->is_64];
	const struct note *note = &core->process;

	if (note->bytes && note->size >= layout->name_at + 16)
		memcpy(record->name, note->bytes + layout->name_at, 16);
	/* Of struct elf_prstatus: pr_pid. */
	if (core->status.size >= layout->word * 4 + 4) {
		record->pid = read_number(core->status.bytes + (core->is_64 ? 32 : 24), 4);
		record->known |= RECORD_KNOWS_PID;
	}
}

static int read_core(struct record *record, struct core *core, char message[CORE_MESSAGE_MAX])
{
	GElf_Ehdr header;

	if (elf_kind(core->elf) != ELF_K_ELF || !gelf_getehdr(core->elf, &header) || header.e_type != ET_CORE ||
		(header.e_machine != EM_X86_64 && header.e_machine != EM_386) ||
		elf_getphdrnum(core->elf, &core->segments)) {
		snprintf(message, CORE_MESSAGE_MAX, "no core file of an x86 processor");
		return -EINVAL;
	}
	core->is_64 = header.e_ident[EI_CLASS] == ELFCLASS64;
	for (size_t i = 0; i < core->segments; i++) {
		GElf_Phdr segment;

		if (gelf_getphdr(core->elf, (int)i, &segment) && segment.p_type == PT_NOTE)
			read_notes(core, &segment);
	}
	if (!read_status(record, core)) {
		snprintf(message, CORE_MESSAGE_MAX, "the core file has no registers: was it cut off?");
		return -EINVAL;
	}
	read_process(record, core);
	read_signal(record, core);
	record->code_size = read_memory(core, record->ip, record->code, PREFETCH_LENGTH_MAX);
	if (!record->code_size)
		record->code_size = read_mapped(record, core, record->code, PREFETCH_LENGTH_MAX);
	return 0;
}

int core_read(struct record *record, int fd, char message[CORE_MESSAGE_MAX])
{
	struct core core = { .fd = fd };
	int err;

	memset(record, 0, sizeof(*record));
	record->kind = RECORD_USER;
	elf_version(EV_CURRENT);
	core.elf = elf_begin(fd, ELF_C_READ, NULL);
	if (!core.elf) {
		snprintf(message, CORE_MESSAGE_MAX, "%s", elf_errmsg(-1));
		return -EINVAL;
	}
	err = read_core(record, &core, message);
	elf_end(core.elf);
	return err;
}
