// SPDX-License-Identifier: GPL-2.0-or-later
#include "target_options.h"
#include <errno.h>

int target_take(const char *text, const struct tls_settings *tls, struct client_settings *settings)
{
	int err = target_parse(text, &settings->target);

	if (err == -ENAMETOOLONG)
		return usage_error("%s: longer than the path of a socket may be", text);
	if (err)
		return usage_error("%s: not " TARGET_RULE, text);
	if (tls->key && !tls->certificate)
		return usage_error("--key is of no use without --cert");
	if ((tls->certificate || tls->ca) && !settings->target.has_tls)
		return usage_error("--ca and --cert are for a server with TLS: tls:HOST:PORT");
	settings->tls = *tls;
	return EXIT_OK;
}
