/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libdigsig: sign ELF files inside the file, verify and inspect them, from C. What a signature
 * block is stands in digsig-format(5); the command that does the same is digsig(1).
 *
 *   cc -o verify verify.c $(pkg-config --cflags --libs digsig)
 *
 * Errors. A function that can fail returns 0 or a negative errno(3) value; those of the system
 * calls that it makes are passed on. It then fills *error, if that is not NULL, with one line of
 * English without a newline, in which bytes that could speak to a terminal are escaped as \xNN.
 * What it would have put elsewhere is left alone. A NULL where a pointer is needed is -EINVAL.
 * That a file is not what somebody signed is no error but a verdict.
 *
 * Ownership. What a function makes is the caller's, to be freed as its comment says; every _free
 * takes NULL. Strings and bytes that a digsig_report_ function returns are the report's and go with
 * it. Nothing that is passed in is kept: paths, memory and descriptors may go when the call returns.
 *
 * Threads. There is no state but in the handles, and one of those may be used by any number of
 * threads at once as long as none of them adds to it or frees it. The calling thread's OpenSSL
 * error queue is emptied.
 *
 * Units. Sizes are in bytes, times in seconds since 1970, numbers in the host's byte order.
 *
 * The ABI. Functions are added, with a version of their own, and never taken away or changed as long
 * as the library is called libdigsig.so.1; see struct digsig_sign_options for how that one grows.
 */
#ifndef DIGSIG_H
#define DIGSIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "format/verdict.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What went wrong, in words: see "Errors" above. */
struct digsig_error {
	char text[512]; /* ends with a 0 */
};

/* The library's own version, as in "0.1.0". A static string. */
const char *digsig_version(void);

/* The verdict in one word, as "tampered"; "?" for a number that is no verdict. A static string. */
const char *digsig_verdict_name(enum digsig_verdict verdict);

/* The verdict as a sentence for people; "?" for a number that is no verdict. A static string. */
const char *digsig_verdict_meaning(enum digsig_verdict verdict);

/*
 * Trust: the X.509 certificates (RFC 5280) whose keys may vouch for code, and what is revoked all
 * the same. The signer's own certificate must be in it, and validity dates do not count, as they do
 * not to the kernel. As soon as one of them is a CA's, with CA:TRUE and keyCertSign, those that
 * somebody else issued count only if a CA in the trust issued them for code signing; what is
 * self-signed stands for itself. Empty trust is no error: every signature is then by an unknown key.
 */
struct digsig_trust;

/* Makes empty trust, to be freed with digsig_trust_free. -ENOMEM. */
int digsig_trust_new(struct digsig_trust **trust);

/* Frees it with its certificates; NULL: does nothing. No thread may use it any more. */
void digsig_trust_free(struct digsig_trust *trust);

/*
 * Adds the certificates of a file (PEM, one or more, or one in DER; at most 4 MiB), or of a
 * directory's *.pem, *.crt, *.cer and *.der. -EBADMSG: a file that is no certificate; -ENODATA: a
 * directory without one; open(2)'s errors. After an error the trust is as it was.
 */
int digsig_trust_add_path(
	struct digsig_trust *trust, const char *path, struct digsig_error *error);

/* The same for such a file that is in memory. -EBADMSG; -ENOMEM. */
int digsig_trust_add_memory(struct digsig_trust *trust, const void *bytes, size_t size,
	struct digsig_error *error);

/*
 * Adds what is revoked, a file as digsig revoke keeps it; path NULL: this machine's,
 * /var/lib/digsig/revoked. Verdicts can then be REVOKED and ROLLBACK. A file that is not there
 * revokes nothing. -EINVAL: a line breaks the rules. After an error the trust is as it was.
 */
int digsig_trust_add_revoked(
	struct digsig_trust *trust, const char *path, struct digsig_error *error);

/* How many certificates it has whose keys may vouch for code: without CAs, and what is left out. */
size_t digsig_trust_count(const struct digsig_trust *trust);

/*
 * Verify and inspect. To verify is to find whether every byte of a file is what a key of the trust
 * signed; to inspect does the same without trust: the best verdict is then NONE, the bytes are those
 * that the signature block states, by whomever. Only the block in the file counts: catalogs
 * (digsig-catalog(5)) are not looked into.
 *
 * All return 0 with a report, to be freed with digsig_report_free, whatever the verdict. Errors:
 * -EINVAL: not a regular file; -ENOMEM; -EFBIG: a size above PTRDIFF_MAX; -EIO: the file became
 * shorter meanwhile; open(2)'s, fstat(2)'s and pread(2)'s. A descriptor must be open for reading;
 * its offset is neither used nor moved. The verdict is about the bytes that were read: keep others
 * from writing to the file, or to the memory, between the verdict and what you do by it.
 * Signature and hash are by OpenSSL; the file is read once and does not have to fit into memory.
 */
struct digsig_report;

/* Verifies the file at path; a symbolic link is followed. Errors: above, and open(2)'s. */
int digsig_verify_path(const struct digsig_trust *trust, const char *path,
	struct digsig_report **report, struct digsig_error *error);

/* Verifies an open file, which stays open. Errors: above. */
int digsig_verify_fd(const struct digsig_trust *trust, int fd, struct digsig_report **report,
	struct digsig_error *error);

/* Verifies the size bytes of a file that is in memory. -ENOMEM; -EFBIG. */
int digsig_verify_memory(const struct digsig_trust *trust, const void *bytes, size_t size,
	struct digsig_report **report, struct digsig_error *error);

/* Inspects the file at path; a symbolic link is followed. Errors: above, and open(2)'s. */
int digsig_inspect_path(
	const char *path, struct digsig_report **report, struct digsig_error *error);

/* Inspects an open file, which stays open. Errors: above. */
int digsig_inspect_fd(int fd, struct digsig_report **report, struct digsig_error *error);

/* Inspects the size bytes of a file that is in memory. -ENOMEM; -EFBIG. */
int digsig_inspect_memory(const void *bytes, size_t size, struct digsig_report **report,
	struct digsig_error *error);

/* Frees it with all that its functions returned; NULL: does nothing. */
void digsig_report_free(struct digsig_report *report);

/* See digsig/format/verdict.h. After digsig_verify_... only OK means that the file is trusted. */
enum digsig_verdict digsig_report_verdict(const struct digsig_report *report);

/* Why the verdict is what it is: one sentence. */
const char *digsig_report_reason(const struct digsig_report *report);

/*
 * What follows is what the signature block says, and NULL or 0 unless there is one that keeps the
 * rules of the format (digsig_report_block is then not NULL). It is signed by the key of the trust
 * only with the verdicts OK, TAMPERED, REVOKED and ROLLBACK; with any other it is a claim.
 */

/* The block's bytes: struct digsig_manifest of digsig/format/block.h, CMS, padding, footer. */
const void *digsig_report_block(const struct digsig_report *report, size_t *size);

/* UTF-8, at most 64 bytes, possibly with control characters: escape it. NULL: none was given. */
const char *digsig_report_identity(const struct digsig_report *report);

/* The count of builds of one identity. */
uint64_t digsig_report_epoch(const struct digsig_report *report);

/* When it was signed, by the signer's clock. */
uint64_t digsig_report_signing_time(const struct digsig_report *report);

/* DIGSIG_CLASS_... and DIGSIG_FLAG_... of digsig/format/block.h. */
uint32_t digsig_report_flags(const struct digsig_report *report);

/* 20 bytes: the signer certificate's subject key identifier (RFC 5280, section 4.2.1.2). */
const unsigned char *digsig_report_key_id(const struct digsig_report *report);

/*
 * The signer's certificate as it is in the trust, DER, *size bytes of it. NULL: not known, because
 * there is no trust or the key is not in it; *size is then 0. With the verdict BADSIG the signature
 * names this certificate and is not by its key.
 */
const unsigned char *digsig_report_certificate(const struct digsig_report *report, size_t *size);

/*
 * 32 bytes: the SHA-256 of the whole file (FIPS 180-4), also when it is tampered with. NULL: it was
 * not hashed, since there is no sound signature block.
 */
const unsigned char *digsig_report_digest(const struct digsig_report *report);

/*
 * Signers: a private key and its certificate.
 */
struct digsig_signer;

/*
 * Asked for the passphrase of an encrypted key, and only then. Puts it, without a terminating zero,
 * into buffer, which has room for size bytes, and returns its length; negative: there is none.
 */
typedef int (*digsig_passphrase)(char *buffer, int size, void *context);

/*
 * Loads a private key, PEM (PKCS#8 of RFC 5208, or traditional), RSA of 2,048 bits and more or ECDSA,
 * and its certificate, PEM or DER, which must have a subject key identifier of 20 bytes. passphrase
 * may be NULL: an encrypted key is then refused. *signer is to be freed with digsig_signer_free.
 * -EKEYREJECTED: passphrase, algorithm, or the certificate is another key's; -EBADMSG: not a key, or
 * not one certificate; -EPERM: a CA's, which signs no code; -ENODATA: no such identifier; -E2BIG,
 * -EIO: OpenSSL cannot sign with it; open(2)'s errors.
 */
int digsig_signer_load(struct digsig_signer **signer, const char *key_path,
	const char *certificate_path, digsig_passphrase passphrase, void *context,
	struct digsig_error *error);

/* Frees it, with its private key; NULL: does nothing. */
void digsig_signer_free(struct digsig_signer *signer);

/*
 * Sign and strip.
 */
enum digsig_sign_flag {
	DIGSIG_SIGN_WX = 1, /* the program may map memory writable and executable (JIT compilers) */
	DIGSIG_SIGN_TRAILING_DATA = 2, /* sign also what has data behind the ELF file's own parts */
	DIGSIG_SIGN_BREAK_LINKS = 4, /* other hard links of the file are left with the old one */
	DIGSIG_SIGN_CHANGED = 8, /* sign also what was changed after it was signed */
};

/*
 * A later version may have more fields at the end, of which zero means: as before. A program that
 * is newer than the library and sets one is refused with -E2BIG.
 */
struct digsig_sign_options {
	size_t size; /* sizeof(struct digsig_sign_options) */
	const char *identity; /* UTF-8, 1 to 64 bytes, no control characters; NULL: none */
	uint64_t epoch; /* the count of builds of one identity; 0: not counted */
	uint64_t signing_time; /* seconds since 1970, for the manifest; 0: now */
	uint32_t flags; /* enum digsig_sign_flag */
	uint32_t reserved; /* 0 */
};

/*
 * Puts a signature block into the ELF file; one that is there is replaced. The name leads to the old
 * file or to the whole new one at any moment, also after a crash or with a full disk. Mode, owner,
 * times, ACLs and extended attributes stay, but a file whose size stays, since it was signed already,
 * gets a new modification time, so that rsync(1) sees the change; a symbolic link is
 * followed and stays. options may be NULL. -ENOEXEC: the file cannot carry a block; -EBADMSG: it has a malformed one, or was changed
 * after it was signed; -EINVAL: not a regular file, or wrong options; -EMLINK: it has other hard
 * links; -EAGAIN: it changed while it was read; -EPERM: it is immutable; -EIO: the key failed to
 * sign; -ENOSPC and the other errors of open(2), pread(2), pwrite(2), fsync(2) and rename(2). After
 * an error the file is as it was.
 */
int digsig_sign_path(const struct digsig_signer *signer, const char *path,
	const struct digsig_sign_options *options, struct digsig_error *error);

/*
 * The same for a file that is in memory: *signed_bytes, *signed_size bytes of new memory, is to be
 * freed with free(3). -ENOMEM; -EFBIG: a size above PTRDIFF_MAX; else as above.
 */
int digsig_sign_memory(const struct digsig_signer *signer, const void *bytes, size_t size,
	const struct digsig_sign_options *options, void **signed_bytes, size_t *signed_size,
	struct digsig_error *error);

/*
 * Gives a signed file back as it was before, byte for byte, whoever signed it and whether or not the
 * signature is good. flags: 0 or DIGSIG_SIGN_BREAK_LINKS. -ENODATA: it is not signed; -ENOEXEC: its
 * block does not lead back to an ELF file that signing turns into this one; else as above.
 */
int digsig_strip_path(const char *path, uint32_t flags, struct digsig_error *error);

/*
 * The same for a file that is in memory: *stripped_bytes, *stripped_size bytes of new memory, is to be
 * freed with free(3). -ENOMEM; -EFBIG: a size above PTRDIFF_MAX; else as above.
 */
int digsig_strip_memory(const void *bytes, size_t size, void **stripped_bytes,
	size_t *stripped_size, struct digsig_error *error);

#ifdef __cplusplus
}
#endif

#endif
