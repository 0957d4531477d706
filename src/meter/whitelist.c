// SPDX-License-Identifier: GPL-2.0-or-later
#include "whitelist.h"

#include <json-c/linkhash.h>
#include <string.h>

#include <netacct/cleanup.h>
#include "../source/sentence.h"
#include "json_strict.h"
#include "prefix.h"

#define FAIL(why, ...) sentence((why)->text, sizeof((why)->text), -EINVAL, __VA_ARGS__)

static const struct json_key document_keys[] = {
	{"metadata", json_type_object},
	{"whitelist", json_type_object},
};

static const struct json_key metadata_keys[] = {
	{"description", json_type_null},
	{"version", json_type_null},
	{"created", json_type_null},
	{"auto_reload", json_type_boolean},
};

static const struct json_key group_keys[] = {
	{"description", json_type_null},
	{"enabled", json_type_boolean},
	{"ips", json_type_array},
	{"cidrs", json_type_array},
};

static const struct {
	const char *key;
	int (*parse)(const char *text, struct na_prefix *ret, struct prefix_error *why);
} lists[] = {
	{"ips", prefix_parse_address},
	{"cidrs", prefix_parse_network},
};

void whitelist_clear(struct whitelist *whitelist)
{
	free(whitelist->prefixes);
	*whitelist = (struct whitelist){0};
}

static void add_sample(struct whitelist *whitelist, const struct na_prefix *prefix)
{
	char text[PREFIX_TEXT];

	prefix_format(prefix, text);
	for (size_t i = 0; i < ARRAY_SIZE(whitelist->sample); i++) {
		if (!*whitelist->sample[i])
			strcpy(whitelist->sample[i], text);
		if (strcmp(whitelist->sample[i], text) == 0)
			return;
	}
}

static int append(struct whitelist *whitelist, const struct na_prefix *prefix)
{
	/* doubled whenever it is full: the room is the next power of two */
	if ((whitelist->count & (whitelist->count - 1)) == 0) {
		size_t room = whitelist->count ? whitelist->count * 2 : 1;
		struct na_prefix *grown = reallocarray(whitelist->prefixes, room, sizeof(*grown));

		if (!grown)
			return -ENOMEM;
		whitelist->prefixes = grown;
	}
	whitelist->prefixes[whitelist->count++] = *prefix;
	whitelist->listed++;
	add_sample(whitelist, prefix);
	return 0;
}

/* list: which of lists[] */
static int read_entry(struct json_object *entry, size_t list, const char *group,
		      struct whitelist *whitelist, struct whitelist_error *why)
{
	struct na_prefix prefix = {0};
	struct prefix_error slip;
	const char *text;

	if (!json_object_is_type(entry, json_type_string))
		return FAIL(why, "group %s: \"%s\" holds %s where there must be a string",
			    quote(group).text, lists[list].key,
			    json_type_words(json_object_get_type(entry)));
	text = json_object_get_string(entry);
	if (lists[list].parse(text, &prefix, &slip) < 0)
		return FAIL(why, "group %s: \"%s\": %s: %s", quote(group).text, lists[list].key,
			    quote(text).text, slip.text);
	return append(whitelist, &prefix);
}

static int read_list(struct json_object *entries, size_t list, const char *group,
		     struct whitelist *whitelist, struct whitelist_error *why)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && entries && i < json_object_array_length(entries); i++)
		rc = read_entry(json_object_array_get_idx(entries, i), list, group, whitelist, why);
	return rc;
}

static int check_keys(struct json_object *object, const struct json_key *keys, size_t count,
		      const char *where, struct whitelist_error *why)
{
	struct json_problem problem;
	int rc = json_check_keys(object, keys, count, where, &problem);

	return rc < 0 ? sentence(why->text, sizeof(why->text), rc, "%s", problem.text) : 0;
}

static int read_group(const char *name, struct json_object *group, struct whitelist *whitelist,
		      struct whitelist_error *why)
{
	struct json_object *enabled;
	char where[256];
	int rc;

	snprintf(where, sizeof(where), "group %s: ", quote(name).text);
	if (!json_object_is_type(group, json_type_object))
		return FAIL(why, "%sthere must be an object, not %s", where,
			    json_type_words(json_object_get_type(group)));
	rc = check_keys(group, group_keys, ARRAY_SIZE(group_keys), where, why);
	if (rc < 0)
		return rc;
	if (json_object_object_get_ex(group, "enabled", &enabled) &&
	    !json_object_get_boolean(enabled))
		return 0;
	for (size_t i = 0; rc == 0 && i < ARRAY_SIZE(lists); i++)
		rc = read_list(json_object_object_get(group, lists[i].key), i, name, whitelist,
			       why);
	return rc;
}

static int read_metadata(struct json_object *metadata, struct whitelist *whitelist,
			 struct whitelist_error *why)
{
	struct json_object *reload;
	int rc;

	whitelist->auto_reload = true;
	if (!metadata)
		return 0;
	rc = check_keys(metadata, metadata_keys, ARRAY_SIZE(metadata_keys), "\"metadata\": ", why);
	if (rc == 0 && json_object_object_get_ex(metadata, "auto_reload", &reload))
		whitelist->auto_reload = json_object_get_boolean(reload);
	return rc;
}

static int read_document(struct json_object *root, struct whitelist *whitelist,
			 struct whitelist_error *why)
{
	struct json_object *groups;
	int rc;

	if (!json_object_is_type(root, json_type_object))
		return FAIL(why, "there must be an object, not %s",
			    json_type_words(json_object_get_type(root)));
	rc = check_keys(root, document_keys, ARRAY_SIZE(document_keys), "", why);
	if (rc < 0)
		return rc;
	if (!json_object_object_get_ex(root, "whitelist", &groups))
		return FAIL(why, "the key \"whitelist\" is missing");
	rc = read_metadata(json_object_object_get(root, "metadata"), whitelist, why);
	json_object_object_foreach(groups, name, group)
	{
		if (rc == 0)
			rc = read_group(name, group, whitelist, why);
	}
	return rc;
}

static void remove_duplicates(struct whitelist *whitelist)
{
	size_t kept = 0;

	if (whitelist->count == 0)
		return;
	qsort(whitelist->prefixes, whitelist->count, sizeof(*whitelist->prefixes), prefix_compare);
	for (size_t i = 1; i < whitelist->count; i++) {
		if (prefix_compare(&whitelist->prefixes[kept], &whitelist->prefixes[i]) != 0)
			whitelist->prefixes[++kept] = whitelist->prefixes[i];
	}
	whitelist->count = kept + 1;
}

int whitelist_parse(const char *text, size_t length, struct whitelist *ret,
		    struct whitelist_error *why)
{
	_cleanup_whitelist_ struct whitelist whitelist = {0};
	_cleanup_json_ struct json_object *root = NULL;
	struct json_problem problem = {.text = ""};
	int rc;

	why->text[0] = '\0';
	rc = json_parse_strict(text, length, WHITELIST_DEPTH_MAX, &root, &problem);
	if (rc < 0)
		return sentence(why->text, sizeof(why->text), rc, "%s", problem.text);
	rc = read_document(root, &whitelist, why);
	if (rc < 0)
		return rc;
	remove_duplicates(&whitelist);
	*ret = whitelist;
	whitelist = (struct whitelist){0};
	return 0;
}
