// SPDX-License-Identifier: GPL-2.0-or-later
/* collect --create-example: files that work as they are, and show what there is to say. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <netacct/cleanup.h>
#include "../source/sentence.h"
#include "config.h"

#define FAIL(why, error, ...) sentence((why)->text, sizeof((why)->text), error, __VA_ARGS__)

static const char configuration[] = "{\n"
				    "  \"polling_interval\": 5,\n"
				    "  \"instances\": [\n"
				    "    {\n"
				    "      \"tag\": \"uplink\",\n"
				    "      \"namespace\": null,\n"
				    "      \"interface\": \"@default\",\n"
				    "      \"output_file\": \"uplink.json\",\n"
				    "      \"whitelist_file\": \"./whitelist.json\",\n"
				    "      \"xdp\": false,\n"
				    "      \"key\": \"host-pair\",\n"
				    "      \"max_flows\": 65536\n"
				    "    },\n"
				    "    {\n"
				    "      \"tag\": \"containers\",\n"
				    "      \"namespace\": null,\n"
				    "      \"interface\": \"veth*\",\n"
				    "      \"output_file\": \"containers.ndjson\",\n"
				    "      \"output_format\": \"ndjson\",\n"
				    "      \"whitelist_file\": null,\n"
				    "      \"perspective\": \"peer\",\n"
				    "      \"max_sources\": 256\n"
				    "    }\n"
				    "  ],\n"
				    "  \"history\": {\n"
				    "    \"path\": \"/var/lib/netacct/history.db\",\n"
				    "    \"max_size\": \"4G\",\n"
				    "    \"retention\": {\"day\": \"4y\"}\n"
				    "  },\n"
				    "  \"billing\": {\"reset_day\": 1},\n"
				    "  \"limits\": [\n"
				    "    {\n"
				    "      \"name\": \"month\",\n"
				    "      \"source\": \"host--*\",\n"
				    "      \"period\": \"month\",\n"
				    "      \"direction\": \"both\",\n"
				    "      \"bytes\": \"10T\",\n"
				    "      \"at\": [80, 90, 100]\n"
				    "    }\n"
				    "  ],\n"
				    "  \"anomalies\": true,\n"
				    "  \"socket\": \"/run/netacct/netacct.sock\"\n"
				    "}\n";

static const char whitelist[] =
	"{\n"
	"  \"metadata\": {\n"
	"    \"description\": \"What is not to be accounted\",\n"
	"    \"version\": \"1.0\",\n"
	"    \"auto_reload\": true\n"
	"  },\n"
	"  \"whitelist\": {\n"
	"    \"localhost\": {\n"
	"      \"description\": \"This machine itself\",\n"
	"      \"enabled\": true,\n"
	"      \"ips\": [\"127.0.0.1\", \"::1\"],\n"
	"      \"cidrs\": []\n"
	"    },\n"
	"    \"private_networks\": {\n"
	"      \"description\": \"Networks of one's own: true to leave them out\",\n"
	"      \"enabled\": false,\n"
	"      \"ips\": [],\n"
	"      \"cidrs\": [\"10.0.0.0/8\", \"172.16.0.0/12\", \"192.168.0.0/16\", "
	"\"fd00::/8\"]\n"
	"    }\n"
	"  }\n"
	"}\n";

static const struct {
	const char *name, *text;
} files[] = {{"netacct.json", configuration}, {"whitelist.json", whitelist}};

static int write_all(int fd, const char *text)
{
	size_t left = strlen(text);
	ssize_t written;

	for (; left; text += written, left -= (size_t)written) {
		written = write(fd, text, left);
		if (written < 0 && errno == EINTR)
			written = 0;
		else if (written < 0)
			return -errno;
	}
	return fsync(fd) < 0 && errno != EINVAL ? -errno : 0;
}

/* What was begun and not finished is removed again. */
static int write_file(int folder, const char *name, const char *text, struct config_error *why)
{
	_cleanup_close_ int fd =
		openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
	int error = fd < 0 ? -errno : write_all(fd, text);

	if (!error)
		return 0;
	if (fd >= 0)
		unlinkat(folder, name, 0);
	return FAIL(why, error, "%s: %s", name, strerror(-error));
}

/* All are looked for before one is written. */
static int check_absence(int folder, struct config_error *why)
{
	struct stat status;

	for (size_t i = 0; i < ARRAY_SIZE(files); i++)
		if (!fstatat(folder, files[i].name, &status, AT_SYMLINK_NOFOLLOW))
			return FAIL(why, -EEXIST, "%s is there already; nothing is overwritten",
				    files[i].name);
	return 0;
}

int config_write_example(const char *path, struct config_error *why)
{
	_cleanup_close_ int folder = -1;
	int error;

	if (mkdir(path, 0755) < 0 && errno != EEXIST)
		return FAIL(why, -errno, "the folder cannot be made: %s", strerror(errno));
	folder = open(path, O_DIRECTORY | O_RDONLY | O_CLOEXEC);
	if (folder < 0)
		return FAIL(why, -errno, "%s", strerror(errno));
	error = check_absence(folder, why);
	for (size_t i = 0; !error && i < ARRAY_SIZE(files); i++) {
		error = write_file(folder, files[i].name, files[i].text, why);
		if (error && i)
			unlinkat(folder, files[0].name, 0);
	}
	return error;
}
