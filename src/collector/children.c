/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <netacct/cleanup.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "running.h"

/* Without memory for its name it runs all the same, and nothing is said of its end. */
static void remember(struct collector *collector, pid_t pid, const char *name)
{
	struct running_child *grown =
		realloc(collector->children, (collector->child_count + 1) * sizeof(*grown));

	if (!grown)
		return;
	collector->children = grown;
	grown += collector->child_count++;
	grown->pid = pid;
	snprintf(grown->name, sizeof(grown->name), "%s", name);
}

void children_crossed(void *context, const struct limit_state *state)
{
	struct collector *collector = context;
	char text[256];
	int pid, error;

	limit_sentence(state, text);
	voice_say(collector->voice, VOICE_WARNING, "limit", "%s", text);
	if (!state->limit->command)
		return;
	error = limit_run(state, &pid);
	if (error)
		voice_say(collector->voice, VOICE_ERROR, state->limit->command[0],
			  "cannot run it: %s", strerror(-error));
	else
		remember(collector, pid, state->limit->name);
}

static void say_end(const struct collector *collector, const char *name, int status)
{
	if (WIFSIGNALED(status))
		voice_say(collector->voice, VOICE_WARNING, name, "its command was ended by %s",
			  strsignal(WTERMSIG(status)));
	else if (WEXITSTATUS(status))
		voice_say(collector->voice, VOICE_WARNING, name,
			  "its command ended with exit status %d", WEXITSTATUS(status));
}

static void forget(struct collector *collector, pid_t pid, int status)
{
	size_t i;

	for (i = 0; i < collector->child_count; i++) {
		if (collector->children[i].pid != pid)
			continue;
		say_end(collector, collector->children[i].name, status);
		collector->children[i] = collector->children[--collector->child_count];
		return;
	}
}

void children_reap(struct collector *collector)
{
	pid_t pid;
	int status;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
		if (!server_reaped(&collector->server, pid))
			forget(collector, pid, status);
}
