// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * An agent for a JVM that writes a jitdump, as the one of linux-perf does, which not every
 * distribution packages: java -agentpath:jvmti_jitdump.so=FOLDER
 */
#include <fcntl.h>
#include <jvmti.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

struct file_header {
	uint32_t magic, version, size, machine, pad, pid;
	uint64_t time, flags;
};

struct load {
	uint32_t id, size;
	uint64_t time;
	uint32_t pid, tid;
	uint64_t address, code_address, code_size, index;
};

static FILE *dump;
static uint64_t next_index;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000ULL + (uint64_t)now.tv_nsec;
}

static void put(const char *name, jint size, const void *address)
{
	struct load load = {
		.size = (uint32_t)(sizeof(load) + strlen(name) + 1 + (size_t)size),
		.time = now_ns(),
		.pid = (uint32_t)getpid(),
		.tid = (uint32_t)syscall(SYS_gettid),
		.address = (uintptr_t)address,
		.code_address = (uintptr_t)address,
		.code_size = (uint64_t)size,
	};

	pthread_mutex_lock(&lock);
	load.index = ++next_index;
	fwrite(&load, sizeof(load), 1, dump);
	fwrite(name, strlen(name) + 1, 1, dump);
	fwrite(address, (size_t)size, 1, dump);
	pthread_mutex_unlock(&lock);
}

static void JNICALL on_load(jvmtiEnv *jvmti, jmethodID method, jint size, const void *address,
	jint map_length, const jvmtiAddrLocationMap *map, const void *info)
{
	char *class_name = NULL, *name = NULL, text[512];
	jclass class;

	(void)map_length;
	(void)map;
	(void)info;
	if ((*jvmti)->GetMethodDeclaringClass(jvmti, method, &class) ||
		(*jvmti)->GetClassSignature(jvmti, class, &class_name, NULL) ||
		(*jvmti)->GetMethodName(jvmti, method, &name, NULL, NULL))
		return;
	snprintf(text, sizeof(text), "%s::%s", class_name, name);
	put(text, size, address);
	(*jvmti)->Deallocate(jvmti, (unsigned char *)class_name);
	(*jvmti)->Deallocate(jvmti, (unsigned char *)name);
}

static void JNICALL on_generated(jvmtiEnv *jvmti, const char *name, const void *address, jint size)
{
	(void)jvmti;
	put(name, size, address);
}

/* The file is mapped, executable, to tell a profiler where it is. */
static int open_dump(const char *folder)
{
	struct file_header header = {
		0x4a695444, 1, sizeof(header), 62, 0, (uint32_t)getpid(), now_ns(), 0};
	char path[512];
	int fd;

	snprintf(path, sizeof(path), "%s/jit-%d.dump", folder, (int)getpid());
	fd = open(path, O_CREAT | O_TRUNC | O_RDWR | O_CLOEXEC, 0600);
	if (fd < 0)
		return -1;
	if (mmap(NULL, (size_t)sysconf(_SC_PAGESIZE), PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, 0) ==
		MAP_FAILED)
		return -1;
	dump = fdopen(fd, "w");
	return dump && fwrite(&header, sizeof(header), 1, dump) == 1 ? 0 : -1;
}

JNIEXPORT jint JNICALL Agent_OnLoad(JavaVM *vm, char *options, void *reserved)
{
	jvmtiCapabilities wanted = {.can_generate_compiled_method_load_events = 1};
	jvmtiEventCallbacks callbacks = {
		.CompiledMethodLoad = on_load, .DynamicCodeGenerated = on_generated};
	jvmtiEnv *jvmti;

	(void)reserved;
	if ((*vm)->GetEnv(vm, (void **)&jvmti, JVMTI_VERSION_1_2) ||
		open_dump(options ? options : ".") || (*jvmti)->AddCapabilities(jvmti, &wanted) ||
		(*jvmti)->SetEventCallbacks(jvmti, &callbacks, sizeof(callbacks)) ||
		(*jvmti)->SetEventNotificationMode(
			jvmti, JVMTI_ENABLE, JVMTI_EVENT_COMPILED_METHOD_LOAD, NULL) ||
		(*jvmti)->SetEventNotificationMode(
			jvmti, JVMTI_ENABLE, JVMTI_EVENT_DYNAMIC_CODE_GENERATED, NULL))
		return JNI_ERR;
	return JNI_OK;
}

JNIEXPORT void JNICALL Agent_OnUnload(JavaVM *vm)
{
	(void)vm;
	fclose(dump);
}
