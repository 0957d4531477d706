/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <ctype.h>
#include <netacct/cleanup.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "pin.h"

#define BPFFS "/sys/fs/bpf"

static uint32_t number(unsigned int major_number, unsigned int minor_number)
{
	return major_number << 20 | minor_number;
}

uint32_t pin_device(void)
{
	struct stat status;

	if (stat(BPFFS, &status))
		return 0;
	return number(major(status.st_dev), minor(status.st_dev));
}

/* One process's mounts (proc_pid_mountinfo(5)): the third field is major:minor. */
static bool mounted_for(const char *pid, uint32_t device)
{
	_cleanup_fclose_ FILE *file = NULL;
	_cleanup_free_ char *line = NULL;
	unsigned int major_number, minor_number;
	char path[64];
	size_t room = 0;

	snprintf(path, sizeof(path), "/proc/%.20s/mountinfo", pid);
	file = fopen(path, "re");
	while (file && getline(&line, &room, file) > 0)
		if (sscanf(line, "%*d %*d %u:%u", &major_number, &minor_number) == 2 &&
		    number(major_number, minor_number) == device)
			return true;
	return false;
}

bool pin_device_mounted(uint32_t device)
{
	_cleanup_closedir_ DIR *proc = opendir("/proc");
	struct dirent *entry;

	while (proc && (entry = readdir(proc)))
		if (isdigit((unsigned char)entry->d_name[0]) && mounted_for(entry->d_name, device))
			return true;
	return false;
}
