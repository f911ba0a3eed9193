// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The kernel's own hvc over SBI's debug console, for bench/sccon.sh to compare with: what HVC_RISCV_SBI is, which Debian does
 * not build. hvc_console.h is not in the kernel's headers: what is declared here is the beginning of what it has there, and
 * the rest is 0.
 */
#include <linux/err.h>
#include <linux/io.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/vmalloc.h>
#include <asm/sbi.h>

/* As hvc_riscv_sbi has it. */
#define OUTPUT_BUFFER 256

struct hvc_struct;

struct hv_ops {
	ssize_t (*get_chars)(u32 terminal, u8 *bytes, size_t count);
	ssize_t (*put_chars)(u32 terminal, const u8 *bytes, size_t count);
	void *others[14];
};

struct hvc_struct *hvc_alloc(u32 terminal, int data, const struct hv_ops *operations, int buffer_size);
int hvc_remove(struct hvc_struct *hvc);

static struct hvc_struct *hvc;

/* hvc's output is in memory of kmalloc(), and its input on a stack, which is mapped page by page. */
static phys_addr_t address_of(const u8 *bytes)
{
	if (is_vmalloc_addr(bytes))
		return page_to_phys(vmalloc_to_page(bytes)) + offset_in_page(bytes);
	return virt_to_phys((void *)bytes);
}

static ssize_t call(unsigned long function, const u8 *bytes, size_t count)
{
	struct sbiret answer;

	count = min_t(size_t, count, PAGE_SIZE - offset_in_page(bytes));
	answer = sbi_ecall(SBI_EXT_DBCN, function, count, address_of(bytes), 0, 0, 0, 0);
	return answer.error ? -EIO : answer.value;
}

static ssize_t get_chars(u32 terminal, u8 *bytes, size_t count)
{
	return call(SBI_EXT_DBCN_CONSOLE_READ, bytes, count);
}

static ssize_t put_chars(u32 terminal, const u8 *bytes, size_t count)
{
	return call(SBI_EXT_DBCN_CONSOLE_WRITE, bytes, count);
}

static const struct hv_ops operations = { .get_chars = get_chars, .put_chars = put_chars };

static int __init start(void)
{
	if (sbi_probe_extension(SBI_EXT_DBCN) <= 0)
		return -ENODEV;
	hvc = hvc_alloc(77, 0, &operations, OUTPUT_BUFFER);
	return PTR_ERR_OR_ZERO(hvc);
}

static void __exit stop(void)
{
	hvc_remove(hvc);
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
MODULE_AUTHOR("Kernkit");
MODULE_DESCRIPTION("hvc over SBI's debug console, to compare with");
