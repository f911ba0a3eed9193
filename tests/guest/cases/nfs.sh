# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# attack: 14
# On NFS nothing is ever found good, below an overlayfs neither: another machine may answer otherwise each
# time. Here it is this one, and its server's tables are filled in by hand.
for module in sunrpc grace lockd auth_rpcgss nfs_acl nfsd dns_resolver netfs fscache nfs nfsv4 overlay; do
	with_module $module
done
mkdir /tmp/export /tmp/nfs /tmp/upper /tmp/work /tmp/merged
cp "$signed/hello" /tmp/export/program
cp "$signed/libgreet.so" /tmp/export/library
cp "$unsigned/intruder" /tmp/export/unsigned

serve() {
	local later=$(($(date +%s) + 3600))

	mount -t nfsd nfsd /proc/fs/nfsd || return
	echo "nfsd 127.0.0.1 $later world" >/proc/net/rpc/auth.unix.ip/channel
	# insecure, no_subtree_check, fsid; no other user for anybody; the root of what is exported
	echo "world /tmp/export $later $((0x2 | 0x400 | 0x2000)) -2 -2 0" >/proc/net/rpc/nfsd.export/channel
	printf 'world 1 \\x00000000 %s /tmp/export\n' "$later" >/proc/net/rpc/nfsd.fh/channel
	# Nobody has anything open from before.
	echo 10 >/proc/fs/nfsd/nfsv4leasetime
	echo 10 >/proc/fs/nfsd/nfsv4gracetime
	# Version 3 would want a port mapper.
	echo '-3 +4.2' >/proc/fs/nfsd/versions
	echo 'tcp 2049' >/proc/fs/nfsd/portlist
	echo 2 >/proc/fs/nfsd/threads
}

end() {
	umount /tmp/merged
	umount /tmp/nfs
	echo 0 >/proc/fs/nfsd/threads
	umount /proc/fs/nfsd
}

serve || fail "no NFS server"
trap end EXIT
mount -t nfs4 -o vers=4.2,addr=127.0.0.1,clientaddr=127.0.0.1,sec=sys 127.0.0.1:/ /tmp/nfs ||
	fail "no NFS client"
mount -t overlay -o lowerdir=/tmp/nfs,upperdir=/tmp/upper,workdir=/tmp/work overlay /tmp/merged ||
	fail "no overlayfs"

attacks() {
	for there in nfs merged; do
		everyone attack hello "/tmp/$there/program"
		everyone attack INTRUDER "/tmp/$there/unsigned"
		everyone attack greetings "$signed/load-library" "/tmp/$there/library"
	done
}
prove enforcing attacks
logged unstable /tmp/nfs/program denied
logged unstable /tmp/merged/library denied
