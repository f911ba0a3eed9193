// SPDX-License-Identifier: GPL-2.0-or-later
#include "fleet_file.h"
#include <errno.h>
#include <fcntl.h>
#include <openssl/sha.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "../../../lib/file/below.h"
#include "../../../lib/text/text.h"
#include "../../catalog/catalog.h"
#include "../../file/hash.h"
#include "../../revocation/list_file.h"
#include "../../trust/signed_text.h"
#include "../../trust/store.h"
#include "../cli.h"
#include "../trust_option.h"

static int check_certificate(const char *path, const char *bytes, size_t size)
{
	struct trust_store *store;
	int err = trust_store_new(&store);

	if (err) {
		complain("out of memory");
		return EXIT_ERROR;
	}
	err = trust_store_add_bytes(store, bytes, size);
	trust_store_free(store);
	if (!err)
		return EXIT_OK;
	complain("%s: no certificate, X.509 in PEM or DER", path);
	return EXIT_UNSUPPORTED;
}

static int check_catalog(const char *path, const char *bytes, size_t size)
{
	enum digsig_catalog_defect defect;
	struct catalog catalog;
	__u8 *copy = malloc(size);
	int err = -ENOMEM;

	if (copy) {
		memcpy(copy, bytes, size);
		err = catalog_parse(copy, size, &catalog, &defect);
	}
	if (!err) {
		catalog_free(&catalog);
		return EXIT_OK;
	}
	free(copy);
	complain("%s: %s", path, err == -EBADMSG ? catalog_defect_meaning(defect) : strerror(-err));
	return err == -EBADMSG ? EXIT_UNSUPPORTED : EXIT_ERROR;
}

static int check_list(const char *path, const char *bytes, size_t size)
{
	struct revocation_problem problem;
	struct revocations list = { 0 };
	const char *signature = strlen(bytes) == size ? signed_text_find(bytes) : NULL;
	char *text;
	int err;

	if (!signature) {
		complain("%s: no signed list of revocations: expected text with a signature behind it", path);
		return EXIT_UNSUPPORTED;
	}
	text = strndup(bytes, (size_t)(signature - bytes));
	err = text ? list_parse(path, text, &list, &problem) : -ENOMEM;
	free(text);
	if (!err && !list.sequence)
		err = list_fail(&problem, -EINVAL, "%.400s: no line \"sequence N\": it could be an old list", path);
	revocations_free(&list);
	if (!err)
		return EXIT_OK;
	complain("%s", err == -ENOMEM ? "out of memory" : problem.text);
	return err == -EINVAL ? EXIT_UNSUPPORTED : EXIT_ERROR;
}

static int check_bytes(enum fleet_blob_kind kind, const char *path, const char *bytes, size_t size)
{
	if (!size) {
		complain("%s: it is empty", path);
		return EXIT_UNSUPPORTED;
	}
	switch (kind) {
	case FLEET_CERTIFICATE:
		return check_certificate(path, bytes, size);
	case FLEET_CATALOG:
		return check_catalog(path, bytes, size);
	case FLEET_REVOKED:
		break;
	}
	return check_list(path, bytes, size);
}

int fleet_files_take(struct fleet_files *files, enum fleet_blob_kind kind, const char *path, char *bytes, size_t size)
{
	struct fleet_file *grown, *file;
	int code = check_bytes(kind, path, bytes, size);

	if (code)
		return code;
	grown = reallocarray(files->files, files->count + 1, sizeof(*grown));
	if (!grown) {
		complain("out of memory");
		return EXIT_ERROR;
	}
	files->files = grown;
	file = &grown[files->count++];
	*file = (struct fleet_file){ .path = path, .blob = { .kind = kind, .size = size }, .bytes = bytes };
	SHA256((const unsigned char *)bytes, size, file->blob.digest);
	return EXIT_OK;
}

int fleet_files_read(struct fleet_files *files, enum fleet_blob_kind kind, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK), err, code;
	size_t size = 0, room = 0;
	char *bytes = NULL;

	err = fd < 0 ? -errno : file_read_open(fd, FLEET_BLOB_MAX, &bytes, &room, &size);
	if (fd >= 0)
		close(fd);
	if (err) {
		complain("%s: %s", path, err == -EFBIG ? "larger than 64 MiB" : strerror(-err));
		free(bytes);
		return EXIT_ERROR;
	}
	code = fleet_files_take(files, kind, path, bytes, size);
	if (code)
		free(bytes);
	return code;
}

void fleet_files_free(struct fleet_files *files)
{
	for (size_t i = 0; i < files->count; i++)
		free(files->files[i].bytes);
	free(files->files);
	*files = (struct fleet_files){ 0 };
}

int fleet_file_digest(const char *path, char hex[2 * DIGSIG_DIGEST_SIZE + 1])
{
	__u8 digest[DIGSIG_DIGEST_SIZE];
	int code, err, fd = open_to_judge(path, &code);
	struct stat st;

	if (fd < 0)
		return code;
	err = fstat(fd, &st) ? -errno : file_hash(fd, (__u64)st.st_size, NULL, digest);
	close(fd);
	if (err) {
		complain("%s: cannot be read: %s", path, strerror(-err));
		return EXIT_ERROR;
	}
	print_hex(hex, digest, sizeof(digest));
	return EXIT_OK;
}
