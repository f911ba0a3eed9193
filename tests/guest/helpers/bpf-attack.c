// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What root may try with bpf(2) against an engine made of BPF:
 *
 *   bpf-attack load KIND       load a program that does nothing: kprobe, tracepoint, perf-event,
 *                              raw-tracepoint, lsm, syscall; socket-filter, cgroup-device
 *   bpf-attack use-map PIN     load a socket filter that uses the map pinned there
 *   bpf-attack program NAME    a descriptor of the loaded program of that name, by its id
 *   bpf-attack detach|update   every link that there is
 *   bpf-attack hold-map NAME   a descriptor of that map, held until killed; says so
 *
 * Prints INTRUDER if it works.
 */
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/btf.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "report.h"

static int bpf(enum bpf_cmd command, union bpf_attr *attributes)
{
	return (int)syscall(SYS_bpf, command, attributes, sizeof(*attributes));
}

static void mistake(const char *what)
{
	fprintf(stderr, "bpf-attack: %s: %s\n", what, strerror(errno));
	exit(2);
}

/* The number of a function in the kernel's BTF; the sizes are those of linux/btf.h. */
static unsigned int function_id(const char *name)
{
	int fd = open("/sys/kernel/btf/vmlinux", O_RDONLY);
	static char data[32 << 20];
	const struct btf_header *header = (const void *)data;
	const char *at, *end, *strings;
	unsigned int id = 0;
	size_t size = 0;
	ssize_t got;

	while (fd >= 0 && (got = read(fd, data + size, sizeof(data) - size)) > 0)
		size += (size_t)got;
	if (size < sizeof(*header))
		mistake("/sys/kernel/btf/vmlinux");
	at = data + header->hdr_len + header->type_off;
	end = at + header->type_len;
	strings = data + header->hdr_len + header->str_off;
	while (at < end) {
		const struct btf_type *type = (const void *)at;
		size_t count = BTF_INFO_VLEN(type->info);

		id++;
		at += sizeof(*type);
		switch (BTF_INFO_KIND(type->info)) {
		case BTF_KIND_FUNC:
			if (!strcmp(strings + type->name_off, name))
				return id;
			break;
		case BTF_KIND_INT:
		case BTF_KIND_VAR:
		case BTF_KIND_DECL_TAG:
			at += 4;
			break;
		case BTF_KIND_ARRAY:
			at += sizeof(struct btf_array);
			break;
		case BTF_KIND_STRUCT:
		case BTF_KIND_UNION:
		case BTF_KIND_DATASEC:
		case BTF_KIND_ENUM64:
			at += count * 12;
			break;
		case BTF_KIND_ENUM:
		case BTF_KIND_FUNC_PROTO:
			at += count * 8;
			break;
		}
	}
	fprintf(stderr, "bpf-attack: %s: not in the kernel's BTF\n", name);
	exit(2);
}

static void load(const struct bpf_insn *code, size_t count, union bpf_attr attributes)
{
	static char log[65536];
	int fd;

	attributes.insns = (__u64)(unsigned long)code;
	attributes.insn_cnt = (__u32)count;
	attributes.license = (__u64)(unsigned long)"GPL";
	strcpy(attributes.prog_name, "intruder");
	attributes.log_buf = (__u64)(unsigned long)log;
	attributes.log_size = sizeof(log);
	attributes.log_level = 1;
	fd = bpf(BPF_PROG_LOAD, &attributes);
	if (fd < 0) {
		fputs(log, stderr);
		refused("BPF_PROG_LOAD");
	}
}

static void load_kind(const char *name)
{
	static const struct {
		const char *name;
		enum bpf_prog_type type;
		__u32 attach_type, flags;
	} kinds[] = {
		{ "kprobe", BPF_PROG_TYPE_KPROBE, 0, 0 },
		{ "tracepoint", BPF_PROG_TYPE_TRACEPOINT, 0, 0 },
		{ "perf-event", BPF_PROG_TYPE_PERF_EVENT, 0, 0 },
		{ "raw-tracepoint", BPF_PROG_TYPE_RAW_TRACEPOINT, 0, 0 },
		{ "lsm", BPF_PROG_TYPE_LSM, BPF_LSM_MAC, 0 },
		{ "syscall", BPF_PROG_TYPE_SYSCALL, 0, BPF_F_SLEEPABLE },
		{ "socket-filter", BPF_PROG_TYPE_SOCKET_FILTER, 0, 0 },
		{ "cgroup-device", BPF_PROG_TYPE_CGROUP_DEVICE, 0, 0 },
	};
	static const struct bpf_insn nothing[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0, .imm = 0 },
		{ .code = BPF_JMP | BPF_EXIT },
	};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		union bpf_attr attributes = { .prog_type = kinds[i].type };

		if (strcmp(kinds[i].name, name))
			continue;
		attributes.expected_attach_type = kinds[i].attach_type;
		attributes.prog_flags = kinds[i].flags;
		if (kinds[i].type == BPF_PROG_TYPE_LSM)
			attributes.attach_btf_id = function_id("bpf_lsm_file_open");
		load(nothing, sizeof(nothing) / sizeof(nothing[0]), attributes);
		return;
	}
	misused("bpf-attack load KIND");
}

static void use_map(const char *pin)
{
	union bpf_attr by_path = { .pathname = (__u64)(unsigned long)pin };
	int map = bpf(BPF_OBJ_GET, &by_path);
	const struct bpf_insn uses_map[] = {
		{ .code = BPF_LD | BPF_DW | BPF_IMM,
			.dst_reg = BPF_REG_1,
			.src_reg = BPF_PSEUDO_MAP_FD,
			.imm = map },
		{ 0 },
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0, .imm = 0 },
		{ .code = BPF_JMP | BPF_EXIT },
	};

	if (map < 0)
		refused("BPF_OBJ_GET");
	load(uses_map, sizeof(uses_map) / sizeof(uses_map[0]),
		(union bpf_attr){ .prog_type = BPF_PROG_TYPE_SOCKET_FILTER });
}

static bool has_name(int fd, const char *name, bool is_map)
{
	struct bpf_prog_info program = { 0 };
	struct bpf_map_info map = { 0 };
	union bpf_attr attributes = { .info = { .bpf_fd = (__u32)fd } };

	attributes.info.info_len = is_map ? sizeof(map) : sizeof(program);
	attributes.info.info = is_map ? (__u64)(unsigned long)&map : (__u64)(unsigned long)&program;
	if (bpf(BPF_OBJ_GET_INFO_BY_FD, &attributes))
		mistake("BPF_OBJ_GET_INFO_BY_FD");
	/* The kernel keeps 15 characters of a name. */
	return !strncmp(is_map ? map.name : program.name, name, BPF_OBJ_NAME_LEN - 1);
}

/* The one of that name. Of each other one a descriptor must be got too: names stand behind them. */
static int open_by_id(const char *name, bool is_map)
{
	union bpf_attr next = { 0 };

	while (!bpf(is_map ? BPF_MAP_GET_NEXT_ID : BPF_PROG_GET_NEXT_ID, &next)) {
		union bpf_attr by_id = { .map_id = next.next_id };
		int fd = bpf(is_map ? BPF_MAP_GET_FD_BY_ID : BPF_PROG_GET_FD_BY_ID, &by_id);

		if (fd < 0)
			refused(is_map ? "BPF_MAP_GET_FD_BY_ID" : "BPF_PROG_GET_FD_BY_ID");
		if (has_name(fd, name, is_map))
			return fd;
		close(fd);
		next = (union bpf_attr){ .start_id = next.next_id };
	}
	fprintf(stderr, "bpf-attack: %s: there is none of that name\n", name);
	exit(2);
}

/* Tries it on every link; succeeds if one gives way. Otherwise the last error counts. */
static void every_link(enum bpf_cmd command)
{
	union bpf_attr next = { 0 };
	int links = 0, error = 0;

	while (!bpf(BPF_LINK_GET_NEXT_ID, &next)) {
		union bpf_attr by_id = { .link_id = next.next_id }, attributes = { 0 };
		int link = bpf(BPF_LINK_GET_FD_BY_ID, &by_id);

		if (link < 0)
			mistake("BPF_LINK_GET_FD_BY_ID");
		if (command == BPF_LINK_UPDATE) {
			attributes.link_update.link_fd = (__u32)link;
			attributes.link_update.new_prog_fd = (__u32)link;
		} else {
			attributes.link_detach.link_fd = (__u32)link;
		}
		if (!bpf(command, &attributes))
			return;
		error = errno;
		links++;
		next = (union bpf_attr){ .start_id = next.next_id };
	}
	if (!links) {
		fprintf(stderr, "bpf-attack: there are no links\n");
		exit(2);
	}
	fprintf(stderr, "bpf-attack: none of %d links gives way: the last error is %s\n", links,
		strerrorname_np(error));
	exit(EXIT_REFUSED);
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "", *argument = argc > 2 ? argv[2] : "";

	if (!strcmp(what, "load")) {
		load_kind(argument);
	} else if (!strcmp(what, "use-map")) {
		use_map(argument);
	} else if (!strcmp(what, "program")) {
		open_by_id(argument, false);
	} else if (!strcmp(what, "detach")) {
		every_link(BPF_LINK_DETACH);
	} else if (!strcmp(what, "update")) {
		every_link(BPF_LINK_UPDATE);
	} else if (!strcmp(what, "hold-map")) {
		open_by_id(argument, true);
		puts("holds");
		fflush(stdout);
		pause();
	} else {
		misused("bpf-attack load KIND | use-map PIN | program NAME | detach | update | "
			"hold-map NAME");
	}
	printf("INTRUDER did %s %s\n", what, argument);
	return 0;
}
