// SPDX-License-Identifier: GPL-2.0-or-later
#include "signed_list.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "../format/inspect.h"
#include "../trust/signed_text.h"

static int read_signed(const char *path, char *text, const struct trust_store *store,
	struct revocations *list, enum digsig_verdict *verdict, struct revocation_problem *problem)
{
	const char *signature = signed_text_find(text);
	size_t size = signature ? (size_t)(signature - text) : 0;
	int err;

	if (!signature)
		return list_fail(problem, -EINVAL, "%.400s: no signature: expected one %s behind it",
			path, SIGNED_TEXT_MARK);
	*verdict = signed_text_verify(signature, text, size, store, NULL);
	if (*verdict != DIGSIG_VERDICT_OK)
		return list_fail(problem, -EKEYREJECTED, "%.400s: %s: %s", path,
			digsig_verdict_name(*verdict), digsig_verdict_meaning(*verdict));
	text[size] = '\0';
	err = list_parse(path, text, list, problem);
	if (!err && !list->sequence)
		err = list_fail(problem, -EINVAL,
			"%.400s: no line \"sequence N\": it could be an old list", path);
	return err;
}

int signed_list_read(const char *path, const struct trust_store *store, struct revocations *list,
	enum digsig_verdict *verdict, struct revocation_problem *problem)
{
	char *text;
	int err = list_read(path, &text, problem);

	*list = (struct revocations){ 0 };
	*verdict = DIGSIG_VERDICT_NONE;
	if (!err && !text)
		err = list_fail(problem, -ENOENT, "%.400s: %s", path, strerror(ENOENT));
	if (!err)
		err = read_signed(path, text, store, list, verdict, problem);
	if (err)
		revocations_free(list);
	free(text);
	return err;
}

int revocation_file_read(const char *path, const struct trust_store *store,
	struct revocations *list, enum digsig_verdict *verdict, struct revocation_problem *problem)
{
	char *text;
	int err = list_read(path, &text, problem);

	*list = (struct revocations){ 0 };
	*verdict = DIGSIG_VERDICT_NONE;
	if (!err && text)
		err = signed_text_find(text)
			? read_signed(path, text, store, list, verdict, problem)
			: list_parse(path, text, list, problem);
	if (err)
		revocations_free(list);
	free(text);
	return err;
}
