// SPDX-License-Identifier: GPL-2.0-or-later
#include "local_socket.h"
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

/* What may wait in the socket, in bytes; less, if the system does not give as much. */
enum { BUFFER = 8 << 20 };

static int try_to_reach(const struct sockaddr_un *address)
{
	int probe = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0), err = 0;

	if (probe < 0)
		return -errno;
	if (connect(probe, (const struct sockaddr *)address, sizeof(*address)))
		err = -errno;
	close(probe);
	return err;
}

int local_socket_open(struct local_socket *to, const char *path)
{
	const struct timeval second = { .tv_sec = 1 };
	const int buffer = BUFFER;
	int err;

	*to = (struct local_socket){ .descriptor = -1, .address.sun_family = AF_UNIX };
	if (strlen(path) >= sizeof(to->address.sun_path))
		return -ENAMETOOLONG;
	strcpy(to->address.sun_path, path);
	err = try_to_reach(&to->address);
	if (err)
		return err;
	to->descriptor = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (to->descriptor < 0)
		return -errno;
	if (setsockopt(to->descriptor, SOL_SOCKET, SO_SNDBUFFORCE, &buffer, sizeof(buffer)))
		setsockopt(to->descriptor, SOL_SOCKET, SO_SNDBUF, &buffer, sizeof(buffer));
	if (setsockopt(to->descriptor, SOL_SOCKET, SO_SNDTIMEO, &second, sizeof(second))) {
		err = -errno;
		local_socket_close(to);
	}
	return err;
}

int local_socket_send(struct local_socket *to, const void *bytes, size_t size, int descriptor)
{
	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control = { 0 };
	struct iovec place = { (void *)bytes, size };
	struct msghdr header = {
		.msg_name = &to->address,
		.msg_namelen = sizeof(to->address),
		.msg_iov = &place,
		.msg_iovlen = size ? 1 : 0,
	};
	ssize_t sent;

	if (descriptor >= 0) {
		control.header = (struct cmsghdr){
			.cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS, .cmsg_len = CMSG_LEN(sizeof(int)) };
		memcpy(CMSG_DATA(&control.header), &descriptor, sizeof(descriptor));
		header.msg_control = &control;
		header.msg_controllen = sizeof(control);
	}
	do
		sent = sendmsg(to->descriptor, &header, MSG_NOSIGNAL | (to->is_slow ? MSG_DONTWAIT : 0));
	while (sent < 0 && errno == EINTR);
	to->is_slow = sent < 0 && errno == EAGAIN;
	if (sent < 0)
		return errno == EAGAIN ? -ETIMEDOUT : -errno;
	return 0;
}

void local_socket_close(struct local_socket *to)
{
	if (to->descriptor >= 0)
		close(to->descriptor);
	to->descriptor = -1;
}
