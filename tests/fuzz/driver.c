// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Runs a target over files and folders of files, once each: where the
 * compiler has no libFuzzer the corpus is replayed at least.
 */
#include <dirent.h>
#include <netacct/cleanup.h>
#include <stdio.h>
#include <string.h>

#include "fuzz.h"

#define INPUT_MAX (1u << 20)

static int run_file(const char *path)
{
	_cleanup_fclose_ FILE *file = fopen(path, "re");
	_cleanup_free_ uint8_t *bytes = malloc(INPUT_MAX);
	struct input input;
	uint8_t *exact;

	if (!file || !bytes) {
		perror(path);
		return -errno;
	}
	input = (struct input){bytes, fread(bytes, 1, INPUT_MAX, file)};
	exact = input_rest(&input);
	fprintf(stderr, "%s\n", path);
	LLVMFuzzerTestOneInput(exact, input.left);
	free(exact);
	return 0;
}

static int run_folder(const char *path, size_t *count)
{
	_cleanup_closedir_ DIR *folder = opendir(path);
	const struct dirent *entry;
	char name[4096];
	int error = 0;

	if (!folder) {
		*count += 1;
		return run_file(path);
	}
	while (!error && (entry = readdir(folder))) {
		if (entry->d_name[0] == '.')
			continue;
		snprintf(name, sizeof(name), "%s/%s", path, entry->d_name);
		error = run_file(name);
		*count += 1;
	}
	return error;
}

int main(int argc, char **argv)
{
	size_t count = 0;
	int i;

	for (i = 1; i < argc; i++) {
		if (*argv[i] != '-' && run_folder(argv[i], &count))
			return 1;
	}
	/* libFuzzer's own words for it */
	fprintf(stderr, "Done %zu runs\n", count);
	return count == 0;
}
