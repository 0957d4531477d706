/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the programs that were found are called and whose they are. */
#include <stdio.h>

#include "program_names.h"
#include "survey_netns.h"

static bool is_ours(const struct survey *survey, uint32_t id)
{
	for (size_t i = 0; i < survey->sighting_count; i++) {
		const struct meter_sighting *sighting = &survey->sightings[i];

		if (sighting->in_prog_id == id || sighting->eg_prog_id == id)
			return true;
	}
	return false;
}

static int describe(struct survey *survey, struct survey_program *program)
{
	const char *name = "";
	int error;

	if (!program->id)
		return 0;
	error = program_names_find(survey->names, program->id, &name);
	if (error)
		return error;
	program->ours = is_ours(survey, program->id);
	snprintf(program->name, sizeof(program->name), "%s", name);
	return 0;
}

static int describe_each(struct survey *survey, struct survey_program *programs, size_t count)
{
	int error = 0;

	for (size_t i = 0; i < count && !error; i++)
		error = describe(survey, &programs[i]);
	return error;
}

static int describe_all(struct survey *survey, struct survey_interface *interface)
{
	int error = describe(survey, &interface->xdp);

	for (enum filter_side side = FILTER_INGRESS; side <= FILTER_EGRESS && !error; side++) {
		error = describe_each(survey, interface->tc[side].programs,
				      interface->tc[side].count);
		if (!error)
			error = describe_each(survey, interface->tcx[side].programs,
					      interface->tcx[side].count);
	}
	return error;
}

int survey_judge(struct survey *survey, struct survey_netns *namespace)
{
	int error = 0;

	for (size_t i = 0; i < namespace->count && !error; i++) {
		error = describe_all(survey, &namespace->interfaces[i]);
		if (!error)
			survey_meter(survey, &namespace->netns, &namespace->interfaces[i]);
	}
	return error;
}
