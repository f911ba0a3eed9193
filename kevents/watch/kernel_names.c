// SPDX-License-Identifier: GPL-2.0-or-later
/* The format: Documentation/bpf/btf.rst of the kernel. */
#include "kernel_names.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/btf.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* What stands behind a type; SIZE_MAX: a kind that is not known. */
static size_t size_behind(const struct btf_type *type)
{
	size_t count = BTF_INFO_VLEN(type->info);

	switch (BTF_INFO_KIND(type->info)) {
	case BTF_KIND_INT:
	case BTF_KIND_VAR:
	case BTF_KIND_DECL_TAG:
		return sizeof(uint32_t);
	case BTF_KIND_ARRAY:
		return sizeof(struct btf_array);
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		return count * sizeof(struct btf_member);
	case BTF_KIND_ENUM:
		return count * sizeof(struct btf_enum);
	case BTF_KIND_ENUM64:
		return count * sizeof(struct btf_enum64);
	case BTF_KIND_FUNC_PROTO:
		return count * sizeof(struct btf_param);
	case BTF_KIND_DATASEC:
		return count * sizeof(struct btf_var_secinfo);
	case BTF_KIND_PTR:
	case BTF_KIND_FWD:
	case BTF_KIND_TYPEDEF:
	case BTF_KIND_VOLATILE:
	case BTF_KIND_CONST:
	case BTF_KIND_RESTRICT:
	case BTF_KIND_FUNC:
	case BTF_KIND_FLOAT:
	case BTF_KIND_TYPE_TAG:
		return 0;
	default:
		return SIZE_MAX;
	}
}

static void compare(
	struct kernel_name *names, size_t count, uint32_t kind, const char *name, uint32_t id)
{
	for (size_t i = 0; i < count; i++)
		if (!names[i].id && names[i].kind == kind && !strcmp(names[i].name, name))
			names[i].id = id;
}

int kernel_names_find_in(struct kernel_name *names, size_t count, const uint8_t *bytes, size_t size)
{
	const struct btf_header *header = (const void *)bytes;
	size_t at, end, strings;
	uint32_t id = 0;

	if (size < sizeof(*header) || header->magic != BTF_MAGIC || header->hdr_len % 4 ||
		header->type_off % 4)
		return -EBADMSG;
	at = (size_t)header->hdr_len + header->type_off;
	end = at + header->type_len;
	strings = (size_t)header->hdr_len + header->str_off;
	if (at > size || end > size || !header->str_len || strings + header->str_len > size ||
		bytes[strings + header->str_len - 1])
		return -EBADMSG;
	while (end - at >= sizeof(struct btf_type)) {
		const struct btf_type *type = (const void *)(bytes + at);
		size_t behind = size_behind(type);

		id++;
		if (type->name_off >= header->str_len || behind > end - at - sizeof(*type))
			return -EBADMSG;
		if (type->name_off)
			compare(names, count, BTF_INFO_KIND(type->info),
				(const char *)bytes + strings + type->name_off, id);
		at += sizeof(*type) + behind;
	}
	return at == end ? 0 : -EBADMSG;
}

static int read_all(int fd, uint8_t *bytes, size_t size)
{
	while (size) {
		ssize_t got = read(fd, bytes, size);

		if (got <= 0)
			return got ? -errno : -EBADMSG;
		bytes += got;
		size -= (size_t)got;
	}
	return 0;
}

/*
 * Since Linux 6.16 the file can be mapped. Before, it is read: not into the heap, which would not give
 * all of it back.
 */
static uint8_t *bytes_of(int fd, size_t size)
{
	uint8_t *bytes = mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);

	if (bytes != MAP_FAILED)
		return bytes;
	bytes = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (bytes == MAP_FAILED) {
		errno = ENOMEM;
		return NULL;
	}
	errno = -read_all(fd, bytes, size);
	if (!errno)
		return bytes;
	munmap(bytes, size);
	return NULL;
}

int kernel_names_find(struct kernel_name *names, size_t count)
{
	int fd = open("/sys/kernel/btf/vmlinux", O_RDONLY | O_CLOEXEC), err;
	struct stat status;
	uint8_t *bytes;

	if (fd < 0)
		return -errno;
	if (fstat(fd, &status) || status.st_size <= 0) {
		close(fd);
		return -EBADMSG;
	}
	bytes = bytes_of(fd, (size_t)status.st_size);
	err = bytes ? kernel_names_find_in(names, count, bytes, (size_t)status.st_size) : -errno;
	if (bytes)
		munmap(bytes, (size_t)status.st_size);
	close(fd);
	return err;
}
