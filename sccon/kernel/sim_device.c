// SPDX-License-Identifier: GPL-2.0-or-later
/* /dev/sccon-fw: see sccon_fw.h. Who has it open holds the module. */
#include <linux/fs.h>
#include <linux/irq_work.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/poll.h>
#include <linux/uaccess.h>

#include "operations.h"
#include "sim.h"

#define PIECE 512

static unsigned long is_open;

static int open(struct inode *inode, struct file *file)
{
	return test_and_set_bit(0, &is_open) ? -EBUSY : stream_open(inode, file);
}

/* The controller's faults go with it. */
static int release(struct inode *inode, struct file *file)
{
	static const struct sccon_fw_faults none;

	sim_set_faults(&none);
	clear_bit(0, &is_open);
	return 0;
}

static unsigned int used(const struct sccon_ring *ring)
{
	unsigned long flags;
	unsigned int bytes;

	raw_spin_lock_irqsave(&sim.lock, flags);
	bytes = sccon_ring_used(ring);
	raw_spin_unlock_irqrestore(&sim.lock, flags);
	return bytes;
}

/* Removes a piece of the output, and says that there is room when half of it was full and no longer is. */
static unsigned int take_piece(u8 *piece, unsigned int most)
{
	unsigned long flags;
	unsigned int count;
	bool has_room;

	raw_spin_lock_irqsave(&sim.lock, flags);
	has_room = sccon_ring_room(&sim.output) >= sim.output.size / 2;
	count = sccon_ring_peek(&sim.output, piece, most);
	sccon_ring_drop(&sim.output, count);
	has_room = !has_room && sccon_ring_room(&sim.output) >= sim.output.size / 2;
	raw_spin_unlock_irqrestore(&sim.lock, flags);
	if (has_room)
		sim_raise(SAL_INTR_XMIT);
	return count;
}

static ssize_t read(struct file *file, char __user *to, size_t size, loff_t *position)
{
	size_t done = 0;
	u8 piece[PIECE];

	while (done < size) {
		unsigned int count = take_piece(piece, min_t(size_t, size - done, PIECE));

		if (!count && (done || (file->f_flags & O_NONBLOCK)))
			break;
		if (!count && wait_event_interruptible(sim.changed, used(&sim.output)))
			return -ERESTARTSYS;
		if (copy_to_user(to + done, piece, count))
			return -EFAULT;
		done += count;
	}
	return done || !size ? done : -EAGAIN;
}

static unsigned int put_piece(const u8 *piece, unsigned int count)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&sim.lock, flags);
	count = sccon_ring_put(&sim.input, piece, count);
	raw_spin_unlock_irqrestore(&sim.lock, flags);
	if (count)
		sim_raise(SAL_INTR_RECV);
	return count;
}

static ssize_t write(struct file *file, const char __user *from, size_t size, loff_t *position)
{
	size_t done = 0;
	u8 piece[PIECE];

	while (done < size) {
		unsigned int most = min_t(size_t, size - done, PIECE), count;

		if (copy_from_user(piece, from + done, most))
			return -EFAULT;
		count = put_piece(piece, most);
		done += count;
		if (count)
			continue;
		if (done || (file->f_flags & O_NONBLOCK))
			break;
		if (wait_event_interruptible(sim.changed, used(&sim.input) < sim.input.size))
			return -ERESTARTSYS;
	}
	return done || !size ? done : -EAGAIN;
}

static __poll_t poll(struct file *file, poll_table *table)
{
	__poll_t events = 0;

	poll_wait(file, &sim.changed, table);
	if (used(&sim.output))
		events |= EPOLLIN | EPOLLRDNORM;
	if (used(&sim.input) < sim.input.size)
		events |= EPOLLOUT | EPOLLWRNORM;
	return events;
}

static void on_warn(struct irq_work *work)
{
	WARN(1, "sccon-fw: a warning was asked for\n");
}

static DEFINE_IRQ_WORK(warn_work, on_warn);

static long control(struct file *file, unsigned int command, unsigned long argument)
{
	void __user *user = (void __user *)argument;
	struct sccon_fw_faults faults;
	struct sccon_fw_window window;
	struct sccon_fw_status status;

	switch (command) {
	case SCCON_FW_FAULTS:
		if (copy_from_user(&faults, user, sizeof(faults)))
			return -EFAULT;
		sim_set_faults(&faults);
		return 0;
	case SCCON_FW_STATUS:
		status = sim.status;
		status.waiting = used(&sim.output);
		return copy_to_user(user, &status, sizeof(status)) ? -EFAULT : 0;
	case SCCON_FW_BREAK:
		sccon_break(sim.port);
		return 0;
	case SCCON_FW_WINDOW:
		if (copy_from_user(&window, user, sizeof(window)))
			return -EFAULT;
		sccon_window(sim.port, window.rows, window.columns);
		return 0;
	case SCCON_FW_WARN:
		irq_work_queue(&warn_work);
		irq_work_sync(&warn_work);
		return 0;
	}
	return -ENOTTY;
}

static const struct file_operations operations = {
	.owner = THIS_MODULE,
	.open = open,
	.release = release,
	.read = read,
	.write = write,
	.poll = poll,
	.unlocked_ioctl = control,
	.compat_ioctl = compat_ptr_ioctl,
};

static struct miscdevice device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "sccon-fw",
	.fops = &operations,
	.mode = 0600,
};

int sim_device_start(void)
{
	return misc_register(&device);
}

void sim_device_stop(void)
{
	misc_deregister(&device);
}
