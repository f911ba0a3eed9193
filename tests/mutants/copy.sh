# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154,SC2034
# A list of one-line mistakes, and a copy of the sources with all of them compiled in. For run and
# run-kernel, which set here, root, build and list.
#
# The list says, once for each file and for the mutants behind it:
#
#   file PATH                 the file that is changed
#   units NAME...             unit tests that reach it: the programs test-NAME
#   scripts NAME...           tests of the suite cli that reach it
#
# and for each mutant:
#
#   = NAME                    its own name
#   in FUNCTION               where (optional if the text occurs once in the file)
#   - EXPRESSION              what stands there in one line, a whole expression
#   + EXPRESSION              what stands there instead
#   # REASON                  what is then wrong
#   cases NAME...             of the engine in the kernel: cases of tests/guest/cases that should notice
#   endless REASON            a test that takes too long is how it is noticed, because ...
#   equivalent REASON         no test can notice it, or none should, because ...; the scripts are
#                             not asked
#
# A text that does not occur exactly once is an error: the list has to follow the sources. Where one
# expression is a part of another, the longer one comes first. With "always" instead of "= NAME" it is
# no mutant: the new text stands there whichever is switched on.

die() {
	echo "mutants: $*" >&2
	exit 1
}

## the list

declare -a name file place old new reason equivalent endless cases units scripts
declare -A number_of
count=0

read_list() {
	local line at=0 now_file='' now_units='' now_scripts=''

	while IFS= read -r line; do
		at=$((at + 1))
		case $line in
		'' | '## '*) ;;
		'file '*) now_file=${line#file } now_units='' now_scripts='' ;;
		'units '*) now_units=${line#units } ;;
		'scripts '*) now_scripts=${line#scripts } ;;
		'= '* | always)
			count=$((count + 1))
			name[count]=${line#= }
			[[ $line != always ]] || name[count]=
			[[ ! ${number_of[${name[count]:-always}]:-} ]] || die "$list:$at: a second $line"
			number_of[${name[count]:-always}]=$count
			file[count]=$now_file
			units[count]=$now_units
			scripts[count]=$now_scripts
			place[count]='' equivalent[count]='' endless[count]='' cases[count]=''
			;;
		'in '*) place[count]=${line#in } ;;
		'- '*) old[count]=${line#- } ;;
		'+ '*) new[count]=${line#+ } ;;
		'# '*) reason[count]=${line#\# } ;;
		'cases '*) cases[count]=${line#cases } ;;
		'endless '*) endless[count]=${line#endless } ;;
		'equivalent '*) equivalent[count]=${line#equivalent } ;;
		*) die "$list:$at: not understood: $line" ;;
		esac
	done <"$list"
}

## the copy

# copy_sources: what meson reads, as it is here; a file that is as before keeps its time.
copy_sources() {
	local entry

	mkdir -p "$build/source"
	for entry in "$root"/*; do
		case $entry in
		"$root"/build* | "$root"/tags) continue ;;
		esac
		cp -rp "$entry" "$build/source/" || exit 1
	done
}

# find_line FILE FUNCTION TEXT: sets line_at to the index in lines of the only line that has TEXT.
find_line() {
	local index found=0 inside=1 line rest

	[[ -z $2 ]] || inside=0
	for index in "${!lines[@]}"; do
		line=${lines[index]}
		if [[ -n $2 ]]; then
			# A function begins at the left edge, and so do its last brace and a prototype's end.
			[[ $line == [a-zA-Z_]*[\ \*]"$2("* ]] && inside=1
			[[ $line == '}'* || ($line == *');' && $line == [a-zA-Z_]*) ]] && inside=0
		fi
		[[ $inside -eq 1 && $line == *"$3"* ]] || continue
		rest=${line#*"$3"}
		[[ $rest != *"$3"* ]] || found=$((found + 1))
		found=$((found + 1))
		line_at=$index
	done
	[[ $found -eq 1 ]] || die "$1: $found times in the file${2:+, in $2}: $3"
}

# change_file PATH: writes the copy of a file with all of its mutants.
change_file() {
	local path=$1 number line text changed target=$build/source/$1
	local -a lines result

	[[ -f $root/$path ]] || die "$path: not there"
	mapfile -t lines <"$root/$path"
	result=("${lines[@]}")
	for ((number = 1; number <= count; number++)); do
		[[ ${file[number]} == "$path" ]] || continue
		find_line "$path" "${place[number]}" "${old[number]}"
		line=${result[line_at]}
		[[ $line == *"${old[number]}"* ]] ||
			die "${name[number]}: overlaps with one before it: put the longer one first"
		# The new text stays out of sight of those behind it until the end.
		text="(MUTANT($number) ? (@NEW$number@) : (${old[number]}))"
		[[ ${name[number]} ]] || text=@NEW$number@
		result[line_at]=${line%%"${old[number]}"*}$text${line#*"${old[number]}"}
	done
	changed="#include \"$here/switch.h\""$'\n#line 1\n'
	for line in "${result[@]}"; do
		while [[ $line =~ @NEW([0-9]+)@ ]]; do
			line="${line%%"${BASH_REMATCH[0]}"*}${new[BASH_REMATCH[1]]}${line#*"${BASH_REMATCH[0]}"}"
		done
		changed+=$line$'\n'
	done
	printf %s "$changed" >"$build/changed"
	# What has not changed since the last time is not compiled again.
	cmp -s "$build/changed" "$build/mutated/$path" && cp -p "$build/mutated/$path" "$target" && return
	mkdir -p "$(dirname "$build/mutated/$path")"
	cp "$build/changed" "$build/mutated/$path"
	cp -p "$build/mutated/$path" "$target"
}

# change_files: all that the list names.
change_files() {
	local path

	while read -r path; do
		change_file "$path"
	done < <(printf '%s\n' "${file[@]}" | sort -u)
}

# build_copy [TARGET...]: compiles the copy, or these targets of it.
build_copy() {
	[[ -f $build/tree/build.ninja ]] ||
		meson setup -Doptimization=1 "$build/tree" "$build/source" >"$build/log" 2>&1 ||
		die "meson failed: see $build/log"
	ninja -C "$build/tree" "$@" >>"$build/log" 2>&1 || die "the mutants do not compile: see $build/log"
}

## which

# choose NAME: adds a mutant, or those of a file, to numbers; all if NAME is empty.
choose() {
	local number before=${#numbers[@]}

	for number in $(seq "$count"); do
		[[ ${name[number]} ]] || continue
		[[ ${1:-${name[number]}} == "${name[number]}" || $1 == "${file[number]}" ]] || continue
		numbers+=("$number")
	done
	[[ ${#numbers[@]} -gt $before ]] || die "$1: no such mutant, and no file that has any"
}

# choose_all [NAME...]: those that are wanted, or all.
choose_all() {
	local one

	for one in "${@-}"; do
		choose "$one"
	done
}
