// SPDX-License-Identifier: GPL-2.0-or-later
#include "passphrase.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <openssl/evp.h>

int passphrase_read_file(const char *path, char *text, int size)
{
	FILE *file = fopen(path, "re");
	size_t length;

	if (!file)
		return -errno;
	/* Nothing of the passphrase stays behind in stdio's buffer. */
	setvbuf(file, NULL, _IONBF, 0);
	if (!fgets(text, size, file)) {
		int err = ferror(file) ? -errno : -ENODATA;

		fclose(file);
		return err;
	}
	fclose(file);
	length = strcspn(text, "\r\n");
	if (!length)
		return -ENODATA;
	if (!text[length] && length == (size_t)size - 1)
		return -E2BIG;
	text[length] = '\0';
	return (int)length;
}

static int ask(char *buffer, int size)
{
	int terminal = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);

	if (terminal < 0)
		return -ENOTTY;
	close(terminal);
	if (EVP_read_pw_string(buffer, size, "Passphrase or PIN of the key: ", 0))
		return -EIO;
	return (int)strlen(buffer);
}

int passphrase_choose(char *text, int size)
{
	/* With its verification a wrong second one is an error, an interrupt another. */
	int failed = EVP_read_pw_string(
		text, size, "Passphrase to encrypt the key with (none: it is not encrypted): ", 1);

	if (failed)
		return failed == -1 ? -EINVAL : -EINTR;
	return (int)strlen(text);
}

int passphrase_obtain(char *buffer, int size, void *context)
{
	struct passphrase_origin *origin = context;
	int length = origin->file ? passphrase_read_file(origin->file, buffer, size)
				  : ask(buffer, size);

	origin->error = length < 0 ? length : 0;
	return length;
}
