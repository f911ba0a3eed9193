// SPDX-License-Identifier: GPL-2.0-or-later
/* The memory of the engine's maps, by the kernel's own account: NAME BYTES a line, and their sum. */
#include <dirent.h>
#include <errno.h>
#include <linux/bpf.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define PINS "/sys/fs/bpf/digsig"

static unsigned long long memory_of(int fd)
{
	unsigned long long bytes = 0;
	char path[64], line[256];
	FILE *file;

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", fd);
	file = fopen(path, "r");
	while (file && fgets(line, sizeof(line), file))
		if (sscanf(line, "memlock: %llu", &bytes) == 1)
			break;
	if (file)
		fclose(file);
	return bytes;
}

int main(void)
{
	DIR *directory = opendir(PINS);
	unsigned long long total = 0;
	struct dirent *entry;

	while (directory && (entry = readdir(directory))) {
		char path[512];
		union bpf_attr attributes = { .pathname = (__u64)(unsigned long)path };
		unsigned long long bytes;
		int fd;

		if (entry->d_name[0] == '.' || !strncmp(entry->d_name, "link_", 5))
			continue;
		snprintf(path, sizeof(path), PINS "/%s", entry->d_name);
		fd = (int)syscall(SYS_bpf, BPF_OBJ_GET, &attributes, sizeof(attributes));
		if (fd < 0) {
			fprintf(stderr, "map-memory: %s: %s\n", path, strerror(errno));
			return 1;
		}
		bytes = memory_of(fd);
		printf("%s %llu\n", entry->d_name, bytes);
		total += bytes;
		close(fd);
	}
	if (directory)
		closedir(directory);
	printf("total %llu\n", total);
	return !total;
}
