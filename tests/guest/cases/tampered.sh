# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# A signed program of which one bit was changed does not run, wherever that bit is.
# attack: 1 9 10
attacks() {
	local region
	for region in first-page section-headers content-end manifest chaining-value \
		manifest-magic cms cms-size padding footer footer-magic truncate; do
		tampered_copy "$region"
		everyone attack hello "/tmp/$region"
	done
	tampered_copy middle
	everyone attack jello /tmp/middle
}
prove enforcing attacks
for region in first-page middle section-headers content-end; do
	logged tampered "/tmp/$region" denied
done
for region in manifest chaining-value cms; do
	logged badsig "/tmp/$region" denied
done
for region in manifest-magic cms-size padding footer; do
	logged malformed "/tmp/$region" denied
done
# Without its footer, a file has no signature.
logged unsigned /tmp/footer-magic denied
logged unsigned /tmp/truncate denied
