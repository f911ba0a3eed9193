// SPDX-License-Identifier: GPL-2.0-or-later
#include "options.h"
#include "../command/complain.h"

const struct command_option stream_options[] = {
	{ OPTION_VALUE, 0, "stream", "URL", "publish to NATS JetStream: nats://HOST, tls://HOST; several with commas",
		OPTION_FIELD(struct stream_settings, url) },
	{ OPTION_VALUE, 0, "stream-subject", "PREFIX", "what subjects begin with",
		OPTION_FIELD(struct stream_settings, subject_prefix) },
	{ OPTION_VALUE, 0, "stream-name", "NAME", "the stream, which is made if it is missing (default: whichever takes the subject)",
		OPTION_FIELD(struct stream_settings, stream) },
	{ OPTION_FLAG, 0, "stream-must-exist", NULL, "make no stream",
		OPTION_FIELD(struct stream_settings, must_exist) },
	{ OPTION_VALUE, 0, "stream-spool", "DIR", "where messages are kept while the server is away",
		OPTION_FIELD(struct stream_settings, spool), .offer = OFFER_FOLDERS },
	{ OPTION_SIZE, 0, "stream-spool-limit", "SIZE", "what they may take there (default: 1G)",
		OPTION_FIELD(struct stream_settings, spool_limit) },
	{ OPTION_VALUE, 0, "stream-credentials", "FILE", "a JWT and its key, as nsc makes them",
		OPTION_FIELD(struct stream_settings, credentials), .offer = OFFER_FILES },
	{ OPTION_VALUE, 0, "stream-ca", "FILE", "use TLS, and trust these CAs alone",
		OPTION_FIELD(struct stream_settings, tls_ca), .offer = OFFER_FILES },
	{ OPTION_VALUE, 0, "stream-certificate", "FILE", "the certificate that shows who this is",
		OPTION_FIELD(struct stream_settings, tls_certificate), .offer = OFFER_FILES },
	{ OPTION_VALUE, 0, "stream-key", "FILE", "its private key",
		OPTION_FIELD(struct stream_settings, tls_key), .offer = OFFER_FILES },
	{ 0 },
};

int stream_settings_check(const struct stream_settings *settings)
{
	if (!settings->url) {
		if (settings->stream || settings->must_exist || settings->spool || settings->spool_limit ||
			settings->credentials || settings->tls_ca || settings->tls_certificate || settings->tls_key)
			return usage_error("--stream-spool and the like are about --stream, which is missing");
		return 0;
	}
	if (!settings->spool)
		return usage_error("--stream: --stream-spool is missing: where messages are kept while the server is away");
	if (settings->must_exist && !settings->stream)
		return usage_error("--stream-must-exist: --stream-name is missing");
	if (!settings->tls_certificate != !settings->tls_key)
		return usage_error("--stream-certificate and --stream-key: one is of no use without the other");
	if (!stream_is_subject(settings->subject_prefix))
		return usage_error("--stream-subject: not words with dots between them, without * and >");
	if (settings->stream && !stream_is_name(settings->stream))
		return usage_error("--stream-name: not a word, or it has a dot, a star, a slash, a backslash or >");
	return 0;
}
