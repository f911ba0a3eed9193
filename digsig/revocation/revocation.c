// SPDX-License-Identifier: GPL-2.0-or-later
#include "revocation.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../../lib/text/number.h"
#include "../../lib/text/text.h"

static void begin(struct digsig_revocation *entry, enum digsig_revocation_kind kind)
{
	memset(entry, 0, sizeof(*entry));
	entry->what.kind = kind;
}

void revocation_of_digest(const __u8 digest[DIGSIG_DIGEST_SIZE], struct digsig_revocation *entry)
{
	begin(entry, DIGSIG_REVOKE_DIGEST);
	memcpy(entry->what.subject, digest, DIGSIG_DIGEST_SIZE);
}

void revocation_of_key(const __u8 key_id[DIGSIG_KEY_ID_SIZE], struct digsig_revocation *entry)
{
	begin(entry, DIGSIG_REVOKE_KEY);
	memcpy(entry->what.subject, key_id, DIGSIG_KEY_ID_SIZE);
}

/* What could not be told from a line's other parts when it is read again. */
static bool is_plain(const char *identity, size_t length)
{
	if (strchr(" \t#", identity[0]) || identity[length - 1] == ' ')
		return false;
	for (size_t i = 0; i < length; i++)
		if ((unsigned char)identity[i] < ' ' || (identity[i] == '#' && identity[i - 1] == ' '))
			return false;
	return true;
}

bool revocation_below(const char *identity, __u64 epoch, struct digsig_revocation *entry)
{
	size_t length = strlen(identity);

	if (!length || length > DIGSIG_IDENTITY_SIZE || !is_plain(identity, length))
		return false;
	begin(entry, DIGSIG_REVOKE_BELOW);
	entry->epoch = epoch;
	memcpy(entry->what.subject, identity, length);
	return true;
}

static int parse_below(char *rest, struct digsig_revocation *entry, const char **wrong)
{
	const char *number = strsep(&rest, " \t");
	__u64 epoch;

	*wrong = "below: expected an epoch and an identity of at most 64 bytes";
	if (number_parse(number, 0, ~0ULL, &epoch) || !rest)
		return -EINVAL;
	return revocation_below(rest + strspn(rest, " \t"), epoch, entry) ? 0 : -EINVAL;
}

int revocation_parse(const char *line, struct digsig_revocation *entry, const char **wrong)
{
	char copy[REVOCATION_LINE_MAX], *rest, *kind;
	__u8 bytes[DIGSIG_DIGEST_SIZE];

	*wrong = "the line is too long";
	if (strlen(line) >= sizeof(copy))
		return -EINVAL;
	strcpy(copy, line);
	rest = text_strip_remark(copy);
	if (!*rest)
		return 1;
	kind = strsep(&rest, " \t");
	if (rest)
		rest += strspn(rest, " \t");
	*wrong = "neither digest nor key nor below, with what they are about";
	if (!rest)
		return -EINVAL;
	if (!strcmp(kind, "below"))
		return parse_below(rest, entry, wrong);
	if (!strcmp(kind, "digest")) {
		*wrong = "digest: expected 64 hexadecimal digits";
		if (!parse_hex(rest, bytes, DIGSIG_DIGEST_SIZE))
			return -EINVAL;
		revocation_of_digest(bytes, entry);
		return 0;
	}
	if (!strcmp(kind, "key")) {
		*wrong = "key: expected 40 hexadecimal digits";
		if (!parse_hex(rest, bytes, DIGSIG_KEY_ID_SIZE))
			return -EINVAL;
		revocation_of_key(bytes, entry);
		return 0;
	}
	return -EINVAL;
}

void revocation_print(const struct digsig_revocation *entry, char *text)
{
	char hex[2 * DIGSIG_DIGEST_SIZE + 1];

	switch (entry->what.kind) {
	case DIGSIG_REVOKE_DIGEST:
		print_hex(hex, entry->what.subject, DIGSIG_DIGEST_SIZE);
		snprintf(text, REVOCATION_LINE_MAX, "digest %s", hex);
		break;
	case DIGSIG_REVOKE_KEY:
		print_hex(hex, entry->what.subject, DIGSIG_KEY_ID_SIZE);
		snprintf(text, REVOCATION_LINE_MAX, "key %s", hex);
		break;
	default:
		snprintf(text, REVOCATION_LINE_MAX, "below %llu %.64s",
			(unsigned long long)entry->epoch, (const char *)entry->what.subject);
	}
}

int revocations_add(struct revocations *list, const struct digsig_revocation *entry)
{
	struct digsig_revocation *grown;

	for (size_t i = 0; i < list->count; i++) {
		struct digsig_revocation *known = &list->entries[i];

		if (memcmp(&known->what, &entry->what, sizeof(known->what)))
			continue;
		if (known->epoch >= entry->epoch)
			return 0;
		known->epoch = entry->epoch;
		return 1;
	}
	if (list->count == DIGSIG_REVOKED_MAX)
		return -ENOSPC;
	grown = realloc(list->entries, (list->count + 1) * sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	list->entries = grown;
	grown[list->count++] = *entry;
	return 1;
}

void revocations_free(struct revocations *list)
{
	free(list->entries);
	*list = (struct revocations){ 0 };
}

static bool covers(const struct digsig_revocation *entry, const struct file_judgement *judgement)
{
	const __u8 *subject = entry->what.subject;
	const struct signed_as *signed_as = &judgement->signed_as;

	if (entry->what.kind == DIGSIG_REVOKE_DIGEST)
		return !memcmp(subject, judgement->digest, DIGSIG_DIGEST_SIZE);
	if (entry->what.kind == DIGSIG_REVOKE_KEY)
		return !memcmp(subject, signed_as->key_id, DIGSIG_KEY_ID_SIZE);
	return !memcmp(subject, signed_as->identity, DIGSIG_IDENTITY_SIZE) &&
		signed_as->epoch < entry->epoch;
}

void revocations_judge(const struct revocations *list, struct file_judgement *judgement)
{
	enum digsig_verdict verdict = judgement->verdict;

	if (verdict != DIGSIG_VERDICT_OK)
		return;
	for (size_t i = 0; i < list->count && verdict != DIGSIG_VERDICT_REVOKED; i++)
		if (covers(&list->entries[i], judgement))
			verdict = list->entries[i].what.kind == DIGSIG_REVOKE_BELOW
				? DIGSIG_VERDICT_ROLLBACK
				: DIGSIG_VERDICT_REVOKED;
	judgement->verdict = verdict;
}
