// SPDX-License-Identifier: GPL-2.0
/* The program that runs in the kernel. It changes nothing there: it looks, and tells. */
#include "maps.bpf.h"
#include "task.bpf.h"
#include "image.bpf.h"
#include "system.bpf.h"

char LICENSE[] SEC("license") = "GPL";
