# SPDX-License-Identifier: GPL-2.0-or-later
#
# Prints what a completion for zsh offers for the last of the words, a line each.
#
#   zsh -f complete-words.zsh COMPLETION COMMAND [WORD...]
#
# Completion works in a line editor alone: another zsh, on a terminal of its own, is asked.
completion=$1
shift
zmodload zsh/zpty
setup=$(mktemp) result=$(mktemp)
cat >$setup <<END
PS1=
fpath=(${(q)completion:h} \$fpath)
autoload -Uz compinit && compinit -D -u
compadd() {
	local -a found
	builtin compadd -O found "\$@"
	print -rl -- \$found >>$result
	builtin compadd "\$@"
}
offer() {
	_main_complete
	print end >>$result
}
zle -C offer complete-word offer
bindkey '^T' offer
END
zpty line zsh -f -i
zpty -w line "source $setup; print rea''dy"
zpty -r line answer '*ready*'
zpty -w -n line "${(j: :)${(@q)@}}"$'\C-T'
for ((i = 0; i < 100; i++)); do
	[[ $(tail -n 1 $result) == end ]] && break
	sleep 0.1
done
sed '/^end$/d; /^$/d' $result
rm -f $setup $result
zpty -d line
