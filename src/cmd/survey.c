/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "survey.h"

#include <netacct/cleanup.h>

#include "program_names.h"
#include "survey_netns.h"

static void interface_clear(struct survey_interface *interface)
{
	for (size_t side = 0; side < SURVEY_SIDES; side++) {
		free(interface->tc[side].filters);
		free(interface->tc[side].programs);
		free(interface->tcx[side].programs);
	}
}

static void namespace_free(struct survey_netns *namespace)
{
	for (size_t i = 0; i < namespace->count; i++)
		interface_clear(&namespace->interfaces[i]);
	free(namespace->interfaces);
	free(namespace->addresses);
	netns_close(&namespace->netns);
	free(namespace);
}

void survey_clear(struct survey *survey)
{
	for (size_t i = 0; i < survey->count; i++)
		namespace_free(survey->namespaces[i]);
	free(survey->namespaces);
	free(survey->sightings);
	program_names_free(survey->names);
	*survey = (struct survey){0};
}

static int survey_fill(struct survey *survey)
{
	int error;

	error = program_names_new(&survey->names);
	if (error)
		return error;
	survey->blind[SIGHT_METERS] = meter_sightings(&survey->sightings, &survey->sighting_count);
	if (survey->blind[SIGHT_METERS] == -ENOMEM)
		return -ENOMEM;
	error = survey_walk(survey);
	for (size_t i = 0; i < survey->count && !error; i++)
		error = survey_judge(survey, survey->namespaces[i]);
	survey->blind[SIGHT_PROGRAMS] = program_names_error(survey->names);
	return error;
}

int survey_take(struct survey *ret)
{
	_cleanup_survey_ struct survey survey = {.tcx = true};
	int error;

	error = survey_fill(&survey);
	if (error)
		return error;
	*ret = survey;
	survey = (struct survey){0};
	return 0;
}

const struct survey_interface *survey_find(const struct survey_netns *netns, uint32_t ifindex)
{
	size_t low = 0, high = netns->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct survey_interface *interface = &netns->interfaces[middle];

		if (interface->link.ifindex == ifindex)
			return interface;
		if (interface->link.ifindex < ifindex)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}
