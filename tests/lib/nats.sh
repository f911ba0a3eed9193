# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034,SC2119,SC2120,SC2154 # who reads it uses $nats_url, and leaves arguments out
# A real nats-server with JetStream, for test scripts. To be read with "." behind tap.sh, whose $work it uses.
#
#   nats_or_skip NAME            ends the script with a skip where there is no nats-server
#   nats_start [OPTION...]       with what is in $work/store; $nats_url is where it listens, $nats_server its process
#   nats_stop [SIGNAL]           KILL, if none is named
#   until_true SECONDS COMMAND   of until.sh
export PATH=$PATH:/usr/sbin
# shellcheck source=tests/lib/until.sh
. "$(dirname "${BASH_SOURCE[0]}")/until.sh"
nats_server=
# The port is the server's own: one on which nothing listens.
while nats_port=$((20000 + RANDOM % 12000)) && (: <"/dev/tcp/127.0.0.1/$nats_port") 2>/dev/null; do :; done
nats_url=nats://127.0.0.1:$nats_port

nats_or_skip() {
	command -v nats-server >/dev/null && return
	skip "$1" "there is no nats-server"
	echo "1..$count"
	exit
}

nats_listens() { (: <"/dev/tcp/127.0.0.1/$nats_port") 2>/dev/null; }

nats_start() {
	nats-server -js -sd "$work/store" -a 127.0.0.1 -p "$nats_port" "$@" >>"$work/server.log" 2>&1 &
	nats_server=$!
	until_true 60 nats_listens
}

nats_stop() {
	[[ $nats_server ]] || return 0
	kill -"${1-KILL}" "$nats_server"
	wait "$nats_server" 2>/dev/null
	nats_server=
}
