// SPDX-License-Identifier: GPL-2.0-or-later
/* Sorts what was hashed, and puts it into the form of a catalog. */
#include <errno.h>
#include <openssl/sha.h>
#include <stdlib.h>
#include <string.h>
#include "../format/catalog.h"
#include "../trust/cms.h"
#include "builder.h"

/* The hashed candidates in the order of their digests; of equal ones, of their names. */
struct listing {
	const struct candidate **items;
	size_t count;
	__u64 digests; /* different ones */
	size_t names_size;
};

static int compare_items(const void *a, const void *b)
{
	const struct candidate *left = *(const struct candidate *const *)a;
	const struct candidate *right = *(const struct candidate *const *)b;
	int order = memcmp(left->digest, right->digest, DIGSIG_DIGEST_SIZE);

	return order ? order : strcmp(left->path, right->path);
}

static bool is_new_digest(const struct listing *listing, size_t i)
{
	return i == 0 ||
		memcmp(listing->items[i]->digest, listing->items[i - 1]->digest,
			DIGSIG_DIGEST_SIZE);
}

/* A name that is there already, because its folder was given twice; or one that is too long. */
static bool is_left_out(const struct listing *listing, size_t i)
{
	if (strlen(listing->items[i]->path) > DIGSIG_CATALOG_NAME_MAX)
		return true;
	return !is_new_digest(listing, i) &&
		!strcmp(listing->items[i]->path, listing->items[i - 1]->path);
}

static int make_listing(const struct catalog_builder *builder, struct listing *listing)
{
	memset(listing, 0, sizeof(*listing));
	listing->items = calloc(builder->count + 1, sizeof(const struct candidate *));
	if (!listing->items)
		return -ENOMEM;
	for (size_t i = 0; i < builder->count; i++)
		if (builder->candidates[i].state == CANDIDATE_HASHED)
			listing->items[listing->count++] = &builder->candidates[i];
	qsort(listing->items, listing->count, sizeof(const struct candidate *), compare_items);
	for (size_t i = 0; i < listing->count; i++) {
		if (is_new_digest(listing, i)) {
			listing->digests++;
			listing->names_size++; /* the empty name that ends a list */
		}
		if (!is_left_out(listing, i))
			listing->names_size += strlen(listing->items[i]->path) + 1;
	}
	if (!listing->digests)
		return -ENODATA;
	if (listing->digests > (__u64)DIGSIG_CATALOG_DIGESTS_MAX * DIGSIG_CATALOG_PARTS_MAX ||
		listing->names_size > DIGSIG_CATALOG_NAMES_MAX)
		return -E2BIG;
	return 0;
}

static void put_names(const struct listing *listing, __u8 *out)
{
	for (size_t i = 0; i < listing->count; i++) {
		size_t size = strlen(listing->items[i]->path) + 1;

		if (i && is_new_digest(listing, i))
			*out++ = 0;
		if (is_left_out(listing, i))
			continue;
		memcpy(out, listing->items[i]->path, size);
		out += size;
	}
	*out = 0;
}

/* Copies the next count digests to out; *item is where to begin, and goes on. */
static void put_digests(const struct listing *listing, size_t *item, __u32 count, __u8 *out)
{
	while (count) {
		if (is_new_digest(listing, *item)) {
			memcpy(out, listing->items[*item]->digest, DIGSIG_DIGEST_SIZE);
			out += DIGSIG_DIGEST_SIZE;
			count--;
		}
		(*item)++;
	}
}

static void make_header(struct digsig_catalog_header *header, const struct listing *listing,
	const struct catalog_statement *statement, const __u8 *names)
{
	memset(header, 0, sizeof(*header));
	memcpy(header->magic, DIGSIG_CATALOG_HEADER_MAGIC, DIGSIG_MAGIC_SIZE);
	header->version = digsig_le16(DIGSIG_CATALOG_VERSION);
	header->hash_algorithm = digsig_le16(DIGSIG_HASH_SHA256);
	header->parts = digsig_le32((__u32)((listing->digests + DIGSIG_CATALOG_DIGESTS_MAX - 1) /
		DIGSIG_CATALOG_DIGESTS_MAX));
	header->creation_time = digsig_le64(statement->creation_time);
	header->epoch = digsig_le64(statement->epoch);
	header->names_size = digsig_le64(listing->names_size);
	SHA256(names, listing->names_size, header->names_digest);
	if (statement->identity)
		memcpy(header->identity, statement->identity,
			strnlen(statement->identity, DIGSIG_IDENTITY_SIZE));
	memcpy(header->key_id, statement->signer->key_id, DIGSIG_KEY_ID_SIZE);
}

/* Signs a part whose header and digests are in place; the rest of it is zero. */
static int sign_part(__u8 *part, const struct digsig_catalog_header *header,
	const struct signer *signer)
{
	__u32 part_size = digsig_le32(header->part_size);
	__u32 signed_size = digsig_catalog_signed_size(digsig_le32(header->count));
	struct digsig_catalog_footer footer = {
		.magic = DIGSIG_CATALOG_FOOTER_MAGIC,
		.version = digsig_le16(DIGSIG_CATALOG_VERSION),
		.part_size = header->part_size,
	};
	size_t cms_size;
	int err = cms_sign_content(signer, part, signed_size, part + signed_size, &cms_size);

	if (err)
		return err;
	footer.cms_size = digsig_le32((__u32)cms_size);
	memcpy(part + part_size - sizeof(footer), &footer, sizeof(footer));
	return 0;
}

static __u32 digests_in_part(const struct listing *listing, __u32 part)
{
	__u64 left = listing->digests - (__u64)part * DIGSIG_CATALOG_DIGESTS_MAX;

	return left < DIGSIG_CATALOG_DIGESTS_MAX ? (__u32)left : DIGSIG_CATALOG_DIGESTS_MAX;
}

static int put_parts(const struct listing *listing, struct digsig_catalog_header *header,
	const struct signer *signer, __u8 *out)
{
	__u32 parts = digsig_le32(header->parts);
	size_t item = 0;

	for (__u32 i = 0; i < parts; i++) {
		__u32 count = digests_in_part(listing, i);
		__u32 size = digsig_catalog_part_size(count, (__u32)signer->cms_room);
		int err;

		header->part = digsig_le32(i);
		header->count = digsig_le32(count);
		header->part_size = digsig_le32(size);
		memcpy(out, header, sizeof(*header));
		put_digests(listing, &item, count, out + sizeof(*header));
		err = sign_part(out, header, signer);
		if (err)
			return err;
		out += size;
	}
	return 0;
}

static size_t parts_size(const struct listing *listing, const struct signer *signer)
{
	size_t size = 0;

	for (__u64 done = 0; done < listing->digests; done += DIGSIG_CATALOG_DIGESTS_MAX)
		size += digsig_catalog_part_size(
			digests_in_part(listing, (__u32)(done / DIGSIG_CATALOG_DIGESTS_MAX)),
			(__u32)signer->cms_room);
	return size;
}

int catalog_builder_finish(struct catalog_builder *builder,
	const struct catalog_statement *statement, __u8 **bytes, size_t *size)
{
	struct digsig_catalog_header header;
	struct listing listing;
	int err = make_listing(builder, &listing);
	size_t before_names;
	__u8 *made;

	if (err)
		goto out;
	builder->counts.digests = listing.digests;
	before_names = parts_size(&listing, statement->signer);
	*size = before_names + listing.names_size;
	made = calloc(1, *size);
	if (!made) {
		err = -ENOMEM;
		goto out;
	}
	put_names(&listing, made + before_names);
	make_header(&header, &listing, statement, made + before_names);
	err = put_parts(&listing, &header, statement->signer, made);
	if (err)
		free(made);
	else
		*bytes = made;
out:
	free(listing.items);
	return err;
}
