#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Which folder includes which: the list in docs/architecture.md against the #includes. In the Test
# Anything Protocol.
#
#   includes.sh PROJECT [PAGE]
set -uo pipefail

project=$(realpath "${1:?usage: includes.sh PROJECT [PAGE]}")
page=$(realpath "${2:-$project/docs/architecture.md}")
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$(realpath "$0")")/../lib/tap.sh"
cd "$project" || exit 1
# shellcheck source=tests/lib/tools.sh
. tests/lib/tools.sh

# drawn: "FROM TO" for each arrow below the heading, in the order of the page.
drawn() {
	sed -n '/^## Who depends on whom$/,/^## /p' "$page" | awk '
		/^```/ { inside = !inside }
		!inside || /^```/ { next }
		/^[a-z]+:$/ { tool = substr($1, 1, length($1) - 1); next }
		/ -> / { from = name($1); sub(/.* -> /, "") }
		{ gsub(/,/, " "); for (i = 1; i <= NF; i++) print from, name($i) }
		function name(word) { return word ~ "/" || word == tool ? word : tool "/" word }'
}

# included: "FROM TO FILE" for each #include of a file in another folder. What the build makes is in none.
included() {
	find "${tools[@]}" lib -name '*.[ch]' -exec \
		grep -oE '^[[:space:]]*#[[:space:]]*include "[^"]+"' {} + | sed 's/:.*"\(.*\)"/ \1/' |
		while read -r file include; do
			folder=${file%/*}
			[[ -e $folder/$include ]] || continue
			target=$folder
			while [[ $include == ../* ]]; do
				include=${include#../}
				[[ $target == */* ]] && target=${target%/*} || target=
			done
			[[ $include == */* ]] && target=${target:+$target/}${include%/*}
			# The folders of a command are one.
			folder=${folder/%\/cli\/*/\/cli} target=${target/%\/cli\/*/\/cli}
			[[ $target == "$folder" ]] || echo "$folder $target $file"
		done
}

arrows=$(drawn)
includes=$(included)
[[ $arrows ]] || found="$page draws no arrow"
[[ $includes ]] || found+=$'\n'"no #include was found"
found_nothing "the page draws arrows, and files include others"

while read -r from to file; do
	grep -qxF "$from $to" <<<"$arrows" || found+=$'\n'"$file: $from -> $to is not drawn"
done <<<"$includes"
found_nothing "every #include of another folder is drawn"

while read -r from to; do
	grep -q "^$from $to " <<<"$includes" || found+=$'\n'"$from -> $to: no file includes one"
done <<<"$arrows"
found_nothing "every arrow has an #include"

# A folder whose line comes later includes none whose line came before: there is no circle.
while read -r from to; do
	[[ $to == "$from" ]] && found+=$'\n'"$from includes itself"
	awk -v from="$from" -v to="$to" '$1 == from { seen = 1 } $1 == to && !seen { exit 1 }' <<<"$arrows" ||
		found+=$'\n'"$from -> $to leads up"
done <<<"$arrows"
found_nothing "every arrow leads down"

echo "1..$count"
