// SPDX-License-Identifier: GPL-2.0-or-later
#include "catalog.h"
#include <errno.h>
#include <fcntl.h>
#include <openssl/sha.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "../file/fd_source.h"
#include "../trust/cms.h"
#include "../trust/signer.h"

#define CATALOG_SIZE_MAX                                                                           \
	((__u64)DIGSIG_CATALOG_PARTS_MAX * DIGSIG_CATALOG_PART_MAX + DIGSIG_CATALOG_NAMES_MAX)

static const __u8 *part_digest(const struct catalog_part *part, __u32 index)
{
	return part->bytes + DIGSIG_CATALOG_HEADER_SIZE + (size_t)index * DIGSIG_DIGEST_SIZE;
}

static __u32 part_count(const struct catalog_part *part)
{
	return digsig_le32(part->header.count);
}

/* Digests ascend within a part, and from part to part. */
static bool is_ascending(const struct catalog_part *part, const struct catalog_part *before)
{
	if (before && !digsig_catalog_ascends(part_digest(before, part_count(before) - 1),
			      part_digest(part, 0)))
		return false;
	for (__u32 i = 1; i < part_count(part); i++)
		if (!digsig_catalog_ascends(part_digest(part, i - 1), part_digest(part, i)))
			return false;
	return true;
}

static enum digsig_catalog_defect parse_part(
	struct catalog_part *part, const __u8 *bytes, size_t room)
{
	struct digsig_catalog_footer footer;
	enum digsig_catalog_defect defect;
	__u32 count, signed_size;

	if (room < DIGSIG_MAGIC_SIZE || memcmp(bytes, DIGSIG_CATALOG_HEADER_MAGIC, DIGSIG_MAGIC_SIZE))
		return DIGSIG_CATALOG_MAGIC;
	if (room < DIGSIG_CATALOG_HEADER_SIZE)
		return DIGSIG_CATALOG_CUT;
	memcpy(&part->header, bytes, sizeof(part->header));
	defect = digsig_catalog_check_header(&part->header);
	if (defect)
		return defect;
	part->bytes = bytes;
	part->size = digsig_le32(part->header.part_size);
	if (part->size > room)
		return DIGSIG_CATALOG_CUT;
	count = part_count(part);
	memcpy(&footer, bytes + part->size - sizeof(footer), sizeof(footer));
	defect = digsig_catalog_check_footer(&footer, count, (__u32)part->size);
	if (defect)
		return defect;
	part->cms_size = digsig_le32(footer.cms_size);
	signed_size = digsig_catalog_signed_size(count);
	if (digsig_check_cms_length(bytes + signed_size, part->cms_size))
		return DIGSIG_CATALOG_CMS;
	if (digsig_check_padding(bytes + part->size - sizeof(footer) - 64, part->cms_size))
		return DIGSIG_CATALOG_PADDING;
	return digsig_catalog_check_filler(part_digest(part, count), count);
}

/* All parts of a catalog say the same but which they are, and what is in them. */
static bool belongs_to(const struct catalog_part *part, const struct catalog_part *first, __u32 number)
{
	struct digsig_catalog_header header = part->header;

	if (digsig_le32(header.part) != number)
		return false;
	header.part = first->header.part;
	header.count = first->header.count;
	header.part_size = first->header.part_size;
	return !memcmp(&header, &first->header, sizeof(header));
}

static enum digsig_catalog_defect parse_parts(struct catalog *catalog, size_t *used)
{
	size_t at = 0;

	for (__u32 i = 0; i < catalog->part_count; i++) {
		struct catalog_part *part = &catalog->parts[i];
		enum digsig_catalog_defect defect =
			parse_part(part, catalog->bytes + at, catalog->size - at);

		if (defect)
			return defect;
		if (!belongs_to(part, &catalog->parts[0], i))
			return DIGSIG_CATALOG_PARTS;
		if (!is_ascending(part, i ? part - 1 : NULL))
			return DIGSIG_CATALOG_ORDER;
		catalog->count += part_count(part);
		at += part->size;
	}
	*used = at;
	return DIGSIG_CATALOG_GOOD;
}

/* The end of one list of names, or NULL if it has none before end. */
static const char *skip_names(const char *at, const char *end)
{
	for (;;) {
		size_t room = (size_t)(end - at);
		const char *zero = room ? memchr(at, 0, room) : NULL;

		if (!zero || zero - at > DIGSIG_CATALOG_NAME_MAX)
			return NULL;
		if (zero == at)
			return at + 1;
		at = zero + 1;
	}
}

static enum digsig_catalog_defect parse_names(struct catalog *catalog, size_t at)
{
	const struct digsig_catalog_header *header = &catalog->parts[0].header;
	const char *name, *end;
	__u8 digest[DIGSIG_DIGEST_SIZE];

	if (digsig_le64(header->names_size) > catalog->size - at)
		return DIGSIG_CATALOG_CUT;
	if (digsig_le64(header->names_size) < catalog->size - at)
		return DIGSIG_CATALOG_TRAILING;
	catalog->names = (const char *)catalog->bytes + at;
	catalog->names_size = catalog->size - at;
	SHA256(catalog->bytes + at, catalog->names_size, digest);
	if (memcmp(digest, header->names_digest, sizeof(digest)))
		return DIGSIG_CATALOG_NAMES_DIGEST;
	name = catalog->names;
	end = name + catalog->names_size;
	for (__u64 i = 0; name && i < catalog->count; i++)
		name = skip_names(name, end);
	return name == end ? DIGSIG_CATALOG_GOOD : DIGSIG_CATALOG_NAMES;
}

int catalog_parse(
	__u8 *bytes, size_t size, struct catalog *catalog, enum digsig_catalog_defect *defect)
{
	struct catalog_part first;
	size_t used = 0;

	memset(catalog, 0, sizeof(*catalog));
	*defect = parse_part(&first, bytes, size);
	if (*defect)
		return -EBADMSG;
	catalog->part_count = digsig_le32(first.header.parts);
	catalog->parts = calloc(catalog->part_count, sizeof(*catalog->parts));
	if (!catalog->parts)
		return -ENOMEM;
	catalog->bytes = bytes;
	catalog->size = size;
	*defect = parse_parts(catalog, &used);
	if (!*defect)
		*defect = parse_names(catalog, used);
	if (!*defect)
		return 0;
	free(catalog->parts);
	memset(catalog, 0, sizeof(*catalog));
	return -EBADMSG;
}

int catalog_read(const char *path, struct catalog *catalog, enum digsig_catalog_defect *defect)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK), err = 0;
	__u8 *bytes = NULL;
	struct stat st;

	*defect = DIGSIG_CATALOG_GOOD;
	if (fd < 0)
		return -errno;
	if (fstat(fd, &st)) {
		err = -errno;
	} else if (!S_ISREG(st.st_mode)) {
		err = -EINVAL;
	} else if ((__u64)st.st_size > CATALOG_SIZE_MAX) {
		*defect = DIGSIG_CATALOG_TRAILING;
		err = -EBADMSG;
	} else {
		bytes = malloc((size_t)st.st_size + 1);
		err = bytes ? read_exactly(fd, bytes, (size_t)st.st_size, 0) : -ENOMEM;
	}
	close(fd);
	if (!err)
		err = catalog_parse(bytes, (size_t)st.st_size, catalog, defect);
	if (err)
		free(bytes);
	return err;
}

void catalog_free(struct catalog *catalog)
{
	free(catalog->parts);
	free(catalog->bytes);
	memset(catalog, 0, sizeof(*catalog));
}

static enum digsig_verdict verify_part(
	const struct catalog_part *part, const struct trust_store *store, X509 **signer)
{
	__u32 signed_size = digsig_catalog_signed_size(part_count(part));
	__u8 key_id[DIGSIG_KEY_ID_SIZE];
	enum digsig_verdict verdict = cms_verify_content(part->bytes + signed_size, part->cms_size,
		part->bytes, signed_size, store, signer);

	if (verdict == DIGSIG_VERDICT_OK &&
		(certificate_key_id(*signer, key_id) ||
			memcmp(key_id, part->header.key_id, sizeof(key_id))))
		return DIGSIG_VERDICT_MALFORMED;
	return verdict;
}

enum digsig_verdict catalog_verify(
	const struct catalog *catalog, const struct trust_store *store, X509 **signer)
{
	enum digsig_verdict verdict = DIGSIG_VERDICT_MALFORMED;
	X509 *found = NULL;

	for (__u32 i = 0; i < catalog->part_count; i++) {
		verdict = verify_part(&catalog->parts[i], store, &found);
		if (verdict != DIGSIG_VERDICT_OK)
			break;
	}
	if (signer)
		*signer = found;
	return verdict;
}

static int compare_digests(const void *key, const void *element)
{
	return memcmp(key, element, DIGSIG_DIGEST_SIZE);
}

bool catalog_find(const struct catalog *catalog, const __u8 digest[DIGSIG_DIGEST_SIZE],
	struct signed_as *signed_as)
{
	for (__u32 i = 0; i < catalog->part_count; i++) {
		const struct catalog_part *part = &catalog->parts[i];
		const struct digsig_catalog_header *header = &part->header;

		if (!bsearch(digest, part_digest(part, 0), part_count(part), DIGSIG_DIGEST_SIZE,
			    compare_digests))
			continue;
		memcpy(signed_as->key_id, header->key_id, sizeof(signed_as->key_id));
		memcpy(signed_as->identity, header->identity, sizeof(signed_as->identity));
		signed_as->epoch = digsig_le64(header->epoch);
		return true;
	}
	return false;
}

/* Visits the names of one digest; *name goes behind them. */
static int visit_names(
	const __u8 *digest, const char **name, catalog_visitor *visit, void *context)
{
	const char *at = *name;
	int result = 0;

	if (!*at)
		result = visit(context, digest, NULL);
	for (; *at && !result; at += strlen(at) + 1)
		result = visit(context, digest, at);
	*name = at + 1;
	return result;
}

int catalog_visit(const struct catalog *catalog, catalog_visitor *visit, void *context)
{
	const char *name = catalog->names;

	for (__u32 i = 0; i < catalog->part_count; i++) {
		const struct catalog_part *part = &catalog->parts[i];

		for (__u32 j = 0; j < part_count(part); j++) {
			int result = visit_names(part_digest(part, j), &name, visit, context);

			if (result)
				return result;
		}
	}
	return 0;
}

const char *catalog_defect_meaning(enum digsig_catalog_defect defect)
{
	static const char *const meanings[DIGSIG_CATALOG_DEFECT_COUNT] = {
		[DIGSIG_CATALOG_GOOD] = "nothing is wrong",
		[DIGSIG_CATALOG_MAGIC] = "not a catalog",
		[DIGSIG_CATALOG_VERSION_UNKNOWN] = "a catalog of a version that is not known here",
		[DIGSIG_CATALOG_HASH] = "a catalog with an unknown hash algorithm",
		[DIGSIG_CATALOG_FLAGS] = "a catalog with unknown flags",
		[DIGSIG_CATALOG_RESERVED] = "reserved bytes of its header are not zero",
		[DIGSIG_CATALOG_COUNT] = "its header has an impossible number of digests, parts or names",
		[DIGSIG_CATALOG_IDENTITY] = "something stands behind the identity's end",
		[DIGSIG_CATALOG_SIZE] = "the size of a part is not that of its digests and its CMS",
		[DIGSIG_CATALOG_FOOTER] = "a part does not end with its footer",
		[DIGSIG_CATALOG_CMS] = "the CMS of a part is not as long as it says",
		[DIGSIG_CATALOG_PADDING] = "the padding of a part is not zero",
		[DIGSIG_CATALOG_ORDER] = "its digests are not in ascending order, each once",
		[DIGSIG_CATALOG_CUT] = "it was cut short",
		[DIGSIG_CATALOG_PARTS] = "a part of it belongs to another catalog or place",
		[DIGSIG_CATALOG_NAMES] = "its names are not a list for each digest",
		[DIGSIG_CATALOG_NAMES_DIGEST] = "its names are not those that were signed",
		[DIGSIG_CATALOG_TRAILING] = "something follows behind its end",
	};

	return defect < DIGSIG_CATALOG_DEFECT_COUNT ? meanings[defect] : "?";
}
