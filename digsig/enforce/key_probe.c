// SPDX-License-Identifier: GPL-2.0-or-later
#include "key_probe.h"
#include <errno.h>
#include <keyutils.h>
#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

/*
 * Made once, the private keys thrown away; to make a key takes seconds on a slow machine:
 *   openssl req -x509 -newkey rsa:2048 -nodes -keyout /dev/null -subj "/CN=digsig doctor" -days 36500
 *   openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 (and so on)
 */
static const char rsa_certificate[] =
	"-----BEGIN CERTIFICATE-----\n"
	"MIIDEzCCAfugAwIBAgIUD7GaZk8ZkPwl81X2/RuVucW6gP0wDQYJKoZIhvcNAQEL\n"
	"BQAwGDEWMBQGA1UEAwwNZGlnc2lnIGRvY3RvcjAgFw0yNjExMjQwNjUwMjFaGA8y\n"
	"MTI2MTAzMTA2NTAyMVowGDEWMBQGA1UEAwwNZGlnc2lnIGRvY3RvcjCCASIwDQYJ\n"
	"KoZIhvcNAQEBBQADggEPADCCAQoCggEBAKgoeOhwTEt346fhsq1PWCRqE+M85aQO\n"
	"trtVdn5Geuf8lSq6Zb8OPAO+PILuUj0GQfPXmS4Ro9LPX9qzgaPvMycfumeX6E3y\n"
	"rp6go/OCZTIh/eVSgAP6Yn6q74l3amG/KBCWw0XKWnMIKs4rC3kNb5xLs39SvSCz\n"
	"E67OPH2PQm8XsmJm/ceucGs/POsQif8uYXr8p6Yu7nDlxOGgnIsQEaud6Hq4tRC4\n"
	"7pxg5cigSY/S0sf/1R3W6otuuOFQgGY4r4RJGcPSBHzS+JYyUCdDDuVS8y3DE4wk\n"
	"U2EYiYDF/aj1IBfHQ9i5HLwwvsx7W/iVcRNcg478rR60dOlmHdZydzsCAwEAAaNT\n"
	"MFEwHQYDVR0OBBYEFPMNIime8VYM5N+M6+LPw7+G5lTAMB8GA1UdIwQYMBaAFPMN\n"
	"Iime8VYM5N+M6+LPw7+G5lTAMA8GA1UdEwEB/wQFMAMBAf8wDQYJKoZIhvcNAQEL\n"
	"BQADggEBAFCIhUawUtshySCtZ1f6ee0nj+txcKrGN+tgqflFCLig/VSJezU6Ir4b\n"
	"PMg6kD0muqqgzNxo43aqpylxkXHRd0EcvluvyT5HEYZQirflWoFQsf72RiS/tgL5\n"
	"My5bxO9WpAQvZmiJT29LxsYqrMf0HIqnO424AZRwmuaYIJ7DzLHgcw+KHODpI/08\n"
	"jZ2L9lHVatajL1uyqRO4ZsMQRkAJ/IxnZCyXx1tteqJZyvEXKl0OvVN6qiuKp78K\n"
	"B9l7FzN/snD0risyc54p/WC2HXkw81Xh4ESSlaS296ejm/QeehkcsTAmzLhHX2XN\n"
	"M3rWxa7amYLcAv/eNtZx3Gzu/AIqg/4=\n"
	"-----END CERTIFICATE-----\n";

static const char ecdsa_certificate[] =
	"-----BEGIN CERTIFICATE-----\n"
	"MIIBiDCCAS2gAwIBAgIUCktcyCl/diXyly3JsYQFGxcLwQUwCgYIKoZIzj0EAwIw\n"
	"GDEWMBQGA1UEAwwNZGlnc2lnIGRvY3RvcjAgFw0yNjExMjQwNjUwMjFaGA8yMTI2\n"
	"MTAzMTA2NTAyMVowGDEWMBQGA1UEAwwNZGlnc2lnIGRvY3RvcjBZMBMGByqGSM49\n"
	"AgEGCCqGSM49AwEHA0IABDUdOO6hBnTpuXIfNwn/6LT+wbJ/WrL3O3a0+nK2qVPw\n"
	"oAnpGEONxMStd3MDjpClFNQJDuGYfDtsvL+GDyAmTqmjUzBRMB0GA1UdDgQWBBRW\n"
	"yDcsImY6/zvpot6Fp3jgZCQ2tzAfBgNVHSMEGDAWgBRWyDcsImY6/zvpot6Fp3jg\n"
	"ZCQ2tzAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0kAMEYCIQC5RwOVljha\n"
	"f9by7SPJU9VJ0cyFBI+lF1qFCkQO8hwa+gIhAKc/hwVgYrfHVAmDIoJjaUjOuxHU\n"
	"y/+MaN05xaQaTjvg\n"
	"-----END CERTIFICATE-----\n";

static X509 *read_certificate(const char *text)
{
	BIO *bio = BIO_new_mem_buf(text, -1);
	X509 *certificate = bio ? PEM_read_bio_X509(bio, NULL, NULL, NULL) : NULL;

	BIO_free(bio);
	return certificate;
}

static int ask_kernel(X509 *certificate, const char *encoding)
{
	struct keyctl_pkey_query query = { 0 };
	unsigned char *der = NULL;
	int size = i2d_X509(certificate, &der), err = 0;
	key_serial_t key;

	if (size < 0)
		return -ENOMEM;
	key = add_key("asymmetric", "digsig doctor", der, (size_t)size, KEY_SPEC_THREAD_KEYRING);
	if (key < 0)
		err = -errno;
	else if (keyctl_pkey_query(key, encoding, &query))
		err = -errno;
	OPENSSL_free(der);
	if (key >= 0)
		keyctl_unlink(key, KEY_SPEC_THREAD_KEYRING);
	if (err == -ENOPKG || err == -ENOENT || err == -EOPNOTSUPP || err == -ENODEV ||
		err == -EBADMSG)
		return 0;
	return err ? err : (query.supported_ops & KEYCTL_SUPPORTS_VERIFY) != 0;
}

int kernel_verifies(enum probed_key kind)
{
	X509 *certificate = read_certificate(
		kind == PROBED_RSA ? rsa_certificate : ecdsa_certificate);
	int answer = -ENOMEM;

	if (certificate)
		answer = ask_kernel(certificate,
			kind == PROBED_RSA ? "enc=pkcs1 hash=sha256" : "enc=x962 hash=sha256");
	X509_free(certificate);
	return answer;
}
