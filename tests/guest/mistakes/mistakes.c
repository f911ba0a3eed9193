// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Makes a mistake that a kernel of tests/guest/build-debug-kernel must notice: insmod mistakes.ko mistake=NAME. It is never
 * loaded: a module that is said not to be wanted leaves nothing but what the mistake leaves.
 */
#include <linux/errno.h>
#include <linux/mutex.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>

static char *mistake = "";
module_param(mistake, charp, 0);
MODULE_PARM_DESC(mistake, "lock-order, sleep, shift, leak, use-after-free");

static DEFINE_SPINLOCK(first);
static DEFINE_SPINLOCK(second);
static DEFINE_MUTEX(mutex);

/* Two locks, in both orders. */
static void lock_in_both_orders(void)
{
	spin_lock(&first);
	spin_lock(&second);
	spin_unlock(&second);
	spin_unlock(&first);

	spin_lock(&second);
	spin_lock(&first);
	spin_unlock(&first);
	spin_unlock(&second);
}

static void sleep_under_a_spinlock(void)
{
	spin_lock(&first);
	mutex_lock(&mutex);
	mutex_unlock(&mutex);
	spin_unlock(&first);
}

static void shift_too_far(void)
{
	volatile int distance = 40;
	volatile int result;

	result = 1 << distance;
	(void)result;
}

/* More than one, for the address of the last one may be on the stack for a while. */
static void leak(void)
{
	for (int i = 0; i < 20; i++) {
		char *bytes = kmalloc(600, GFP_KERNEL);

		if (bytes)
			WRITE_ONCE(bytes[0], i);
	}
}

static void use_after_free(void)
{
	char *bytes = kmalloc(600, GFP_KERNEL);

	if (!bytes)
		return;
	kfree(bytes);
	(void)READ_ONCE(bytes[10]);
}

static const struct {
	const char *name;
	void (*make)(void);
} mistakes[] = {
	{ "lock-order", lock_in_both_orders },
	{ "sleep", sleep_under_a_spinlock },
	{ "shift", shift_too_far },
	{ "leak", leak },
	{ "use-after-free", use_after_free },
};

static int __init start(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(mistakes); i++) {
		if (strcmp(mistake, mistakes[i].name))
			continue;
		mistakes[i].make();
		return -ECANCELED;
	}
	return -EINVAL;
}

module_init(start);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Mistakes that a kernel for debugging notices");
