// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Writes into a BPF map, as somebody would who wants to be trusted: map-write [-m] id|pin NAME.
 * The map is found by walking all ids, or through the pin /sys/fs/bpf/digsig/NAME. -m makes a map
 * of that name first, which nobody protects.
 */
#include <linux/bpf.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "report.h"

static int bpf(enum bpf_cmd command, union bpf_attr *attributes)
{
	return (int)syscall(SYS_bpf, command, attributes, sizeof(*attributes));
}

static int map_information(int map, struct bpf_map_info *information)
{
	union bpf_attr attributes = {
		.info = { .bpf_fd = (__u32)map,
			.info_len = sizeof(*information),
			.info = (__u64)(unsigned long)information }
	};

	memset(information, 0, sizeof(*information));
	return bpf(BPF_OBJ_GET_INFO_BY_FD, &attributes);
}

static int make_map(const char *name)
{
	union bpf_attr attributes = { .map_type = BPF_MAP_TYPE_HASH,
		.key_size = 32,
		.value_size = 32,
		.max_entries = 8 };

	strncpy(attributes.map_name, name, sizeof(attributes.map_name) - 1);
	return bpf(BPF_MAP_CREATE, &attributes);
}

/* The newest of that name: one of an engine that was stopped may not be gone yet. */
static int map_by_id(const char *name)
{
	union bpf_attr next = { 0 };
	int found = -1;

	while (!bpf(BPF_MAP_GET_NEXT_ID, &next)) {
		union bpf_attr by_id = { .map_id = next.next_id };
		struct bpf_map_info information;
		int map = bpf(BPF_MAP_GET_FD_BY_ID, &by_id);

		next = (union bpf_attr){ .start_id = next.next_id };
		if (map < 0 && errno == ENOENT)
			continue;
		if (map < 0)
			refused("BPF_MAP_GET_FD_BY_ID");
		/* The kernel keeps 15 characters of a name. */
		if (!map_information(map, &information) &&
			!strncmp(information.name, name, BPF_OBJ_NAME_LEN - 1)) {
			if (found >= 0)
				close(found);
			found = map;
		} else {
			close(map);
		}
	}
	if (found >= 0)
		return found;
	fprintf(stderr, "map-write: no map is called %s\n", name);
	exit(2);
}

static int map_by_pin(const char *name)
{
	char path[128];
	union bpf_attr attributes = { .pathname = (__u64)(unsigned long)path };
	int map;

	snprintf(path, sizeof(path), "/sys/fs/bpf/digsig/%s", name);
	map = bpf(BPF_OBJ_GET, &attributes);
	if (map < 0 && errno == ENOENT) {
		fprintf(stderr, "map-write: %s: no such pin\n", path);
		exit(2);
	}
	if (map < 0)
		refused("BPF_OBJ_GET");
	return map;
}

int main(int argc, char **argv)
{
	static unsigned char key[4096], value[2 << 20];
	struct bpf_map_info information;
	union bpf_attr update = { 0 };
	int make = argc == 4 && !strcmp(argv[1], "-m");
	int map;

	if (argc != 3 + make)
		misused("map-write [-m] id|pin NAME");
	argv += make;
	if (make && make_map(argv[2]) < 0)
		refused("BPF_MAP_CREATE");
	map = strcmp(argv[1], "pin") ? map_by_id(argv[2]) : map_by_pin(argv[2]);
	if (map_information(map, &information))
		refused("BPF_OBJ_GET_INFO_BY_FD");
	if (information.key_size > sizeof(key) || information.value_size > sizeof(value)) {
		fprintf(stderr, "map-write: %s: keys or values too large\n", argv[2]);
		return 2;
	}
	/* Keys and values are left zero: index 0 of an array, some digest of a hash. */
	update.map_fd = (__u32)map;
	update.key = (__u64)(unsigned long)key;
	update.value = (__u64)(unsigned long)value;
	if (bpf(BPF_MAP_UPDATE_ELEM, &update))
		refused("BPF_MAP_UPDATE_ELEM");
	printf("INTRUDER wrote the map %s\n", argv[2]);
	return 0;
}
