# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# A memfd that somebody can still write to is refused even when its content is signed; sealed, it
# can no longer change, and runs.
# attack: 4 8
attacks() {
	everyone attack hello memfd-exec "$signed/hello-static"
}
prove enforcing attacks
everyone runs hello memfd-exec -s "$signed/hello-static"
