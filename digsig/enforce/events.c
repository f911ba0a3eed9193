// SPDX-License-Identifier: GPL-2.0-or-later
#include "events.h"
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <unistd.h>

/* So many events are handed on before event_reader_read returns, in a storm too. */
#define EVENTS_AT_ONCE 256

/* No two events have the same. */
struct event_id {
	__u64 time, inode;
	__u32 pid, hook;
};

/* EVENT_READER_FILE, mapped by the reader. */
struct reader_record {
	__u32 buffer; /* the kernel's id of the ring buffer that the rest is about */
	__u32 pid;
	struct event_id last; /* handled entirely */
	__u64 lost; /* of the engine's losses, so many were told */
	__u32 is_daemon;
	__u32 reserved;
	char log_file[PATH_MAX];
};

struct event_reader {
	struct ring_buffer *buffer;
	struct reader_record *record;
	event_handler *handler;
	void *context;
	unsigned int count; /* handed on by this event_reader_read */
	bool is_first; /* the next event may have been handled before */
	int lock;
};

static struct event_id id_of(const struct digsig_event *event)
{
	return (struct event_id){ .time = event->time,
		.inode = event->inode,
		.pid = event->pid,
		.hook = event->hook };
}

/* Events of two processors may stand in the buffer the wrong way round. */
__u64 event_reader_untold(const struct event_reader *reader, __u64 total)
{
	return total > reader->record->lost ? total - reader->record->lost : 0;
}

void event_reader_tell_lost(struct event_reader *reader, __u64 total)
{
	if (total > reader->record->lost)
		reader->record->lost = total;
}

static int hand_on(void *context, void *data, size_t size)
{
	struct event_reader *reader = context;
	struct reader_record *record = reader->record;
	const struct digsig_event *event = data;
	struct event_id id;

	if (size < sizeof(*event))
		return 0;
	id = id_of(event);
	if (!reader->is_first || memcmp(&id, &record->last, sizeof(id)))
		reader->handler(
			event, event_reader_untold(reader, event->lost), reader->context);
	reader->is_first = false;
	/* A kill between these two: the event is not handled again, its losses are not forgotten. */
	*(volatile struct event_id *)&record->last = id;
	event_reader_tell_lost(reader, event->lost);
	/* An error ends the call; the event counts as read all the same. */
	return ++reader->count < EVENTS_AT_ONCE ? 0 : -EAGAIN;
}

/* Takes the lock, and the record that the reader before has left. */
static int take_record(struct event_reader *reader)
{
	int err;

	reader->lock = open(EVENT_READER_FILE, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (reader->lock < 0)
		return -errno;
	if (flock(reader->lock, LOCK_EX | LOCK_NB))
		return errno == EWOULDBLOCK ? -EBUSY : -errno;
	/* Room for all of it, lest a full /run kill a reader that writes there. */
	err = posix_fallocate(reader->lock, 0, sizeof(*reader->record));
	if (err)
		return -err;
	reader->record = mmap(NULL, sizeof(*reader->record), PROT_READ | PROT_WRITE, MAP_SHARED,
		reader->lock, 0);
	if (reader->record == MAP_FAILED) {
		reader->record = NULL;
		return -errno;
	}
	reader->record->pid = (__u32)getpid();
	reader->record->is_daemon = false;
	return 0;
}

/* Another engine than that of the reader before: nothing of it was read yet. */
static int match_record(struct event_reader *reader, const struct engine *engine)
{
	struct bpf_map_info info = { 0 };
	__u32 size = sizeof(info);

	if (bpf_obj_get_info_by_fd(engine->events, &info, &size))
		return -errno;
	if (reader->record->buffer != info.id) {
		reader->record->last = (struct event_id){ 0 };
		reader->record->lost = 0;
		reader->record->buffer = info.id;
	}
	reader->is_first = true;
	return 0;
}

int event_reader_new(const struct engine *engine, event_handler *handler, void *context,
	struct event_reader **reader)
{
	struct event_reader *made = calloc(1, sizeof(*made));
	int err;

	if (!made)
		return -ENOMEM;
	made->handler = handler;
	made->context = context;
	/* Not the engine's directory, which couriers lock. */
	err = take_record(made);
	if (!err)
		err = match_record(made, engine);
	if (!err) {
		made->buffer = ring_buffer__new(engine->events, hand_on, made, NULL);
		err = made->buffer ? 0 : -errno;
	}
	if (err) {
		event_reader_free(made);
		return err;
	}
	*reader = made;
	return 0;
}

void event_reader_free(struct event_reader *reader)
{
	if (!reader)
		return;
	ring_buffer__free(reader->buffer);
	if (reader->record)
		munmap(reader->record, sizeof(*reader->record));
	if (reader->lock >= 0)
		close(reader->lock);
	free(reader);
}

int event_reader_read(struct event_reader *reader, int timeout_ms)
{
	int result;

	reader->count = 0;
	result = ring_buffer__consume(reader->buffer);
	if (!result && timeout_ms)
		result = ring_buffer__poll(reader->buffer, timeout_ms);
	return result == -EAGAIN ? (int)reader->count : result;
}

int event_reader_fd(const struct event_reader *reader)
{
	return ring_buffer__epoll_fd(reader->buffer);
}

void event_reader_announce(struct event_reader *reader, const char *log_file)
{
	struct reader_record *record = reader->record;

	memset(record->log_file, 0, sizeof(record->log_file));
	if (log_file)
		strncpy(record->log_file, log_file, sizeof(record->log_file) - 1);
	record->is_daemon = true;
}

int event_reader_find(struct event_reader_owner *owner)
{
	int fd = open(EVENT_READER_FILE, O_RDWR | O_CLOEXEC | O_NOFOLLOW), err = 0;
	struct reader_record record;

	if (fd < 0)
		return -errno;
	/* Who holds the lock has written the record, or is about to. */
	if (!flock(fd, LOCK_EX | LOCK_NB) ||
		pread(fd, &record, sizeof(record), 0) != (ssize_t)sizeof(record))
		err = -ENOENT;
	close(fd);
	if (err)
		return err;
	owner->pid = (pid_t)record.pid;
	owner->is_daemon = record.is_daemon;
	memcpy(owner->log_file, record.log_file, sizeof(owner->log_file));
	owner->log_file[sizeof(owner->log_file) - 1] = 0;
	return 0;
}

const char *event_hook_name(unsigned int hook)
{
	switch (hook) {
	case DIGSIG_HOOK_EXEC:
		return "exec";
	case DIGSIG_HOOK_MMAP:
		return "mmap";
	case DIGSIG_HOOK_WRITE:
		return "write";
	case DIGSIG_HOOK_MPROTECT:
		return "mprotect";
	case DIGSIG_HOOK_WX:
		return "wx";
	case DIGSIG_HOOK_CHECK:
		return "check";
	case DIGSIG_HOOK_MODULE:
		return "module";
	case DIGSIG_HOOK_FIRMWARE:
		return "firmware";
	case DIGSIG_HOOK_KEXEC:
		return "kexec";
	case DIGSIG_HOOK_LOCK:
		return "lock";
	}
	return "?";
}
