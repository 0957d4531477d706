/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The server of the collector's socket, with an answer of the test's own. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <netacct/cleanup.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>

#include "../../src/collector/frame.h"
#include "../../src/collector/socket.h"

struct place {
	char folder[64], path[96];
	struct signals signals;
	struct server server;
	struct voice voice;
	struct server_host host;
	char said[512];
};

/* Heard in the child only; it goes to the client's stderr to be seen. */
static void say(void *context, enum voice_level level, const char *what, const char *sentence)
{
	(void)context;
	(void)level;
	(void)what;
	(void)sentence;
}

/* How the process that answers can be ended, and what goes first where memory runs out. */
static int print_process(void)
{
	struct sigaction action;
	sigset_t blocked;
	char score[8] = "";
	FILE *file = fopen("/proc/self/oom_score_adj", "re");

	sigaction(SIGALRM, NULL, &action);
	sigprocmask(SIG_BLOCK, NULL, &blocked);
	if (file && fgets(score, sizeof(score), file))
		score[strcspn(score, "\n")] = '\0';
	printf("%d %d %s", action.sa_handler == SIG_DFL, sigismember(&blocked, SIGALRM), score);
	return 0;
}

static int answer(int argc, char **argv, const char *history)
{
	int i;

	if (argc > 1 && !strcmp(argv[1], "-v"))
		return print_process();
	for (i = 0; i < argc; i++)
		printf("%s,", argv[i]);
	printf("%s\n", history);
	fprintf(stderr, "a warning\n");
	if (argc > 1 && !strcmp(argv[1], "-p")) /* more than a frame holds */
		for (i = 0; i < 100000; i++)
			printf("%09d\n", i);
	return 3;
}

static void place_make(struct place *place)
{
	memset(place, 0, sizeof(*place));
	snprintf(place->folder, sizeof(place->folder), "/tmp/netacct-socket-%d", getpid());
	snprintf(place->path, sizeof(place->path), "%s/a.sock", place->folder);
	place->voice.say = say;
	assert_int_equal(signals_open(&place->signals), 0);
	assert_int_equal(server_open(&place->server, place->path), 0);
	place->host = (struct server_host){&place->voice, &place->signals, "/h.db", answer};
}

static void place_clear(struct place *place)
{
	server_close(&place->server);
	signals_close(&place->signals);
	while (waitpid(-1, NULL, 0) > 0)
		;
	assert_int_equal(access(place->path, F_OK), -1);
	assert_int_equal(rmdir(place->folder), 0);
}

static int connect_to(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	assert_int_equal(connect(fd, (const struct sockaddr *)&address, sizeof(address)), 0);
	return fd;
}

static void serve(struct place *place)
{
	struct pollfd fd = {.fd = server_descriptor(&place->server), .events = POLLIN};

	assert_int_equal(poll(&fd, 1, 5000), 1);
	server_accept(&place->server, &place->host);
}

static void reap(struct place *place)
{
	int status;
	pid_t pid = waitpid(-1, &status, 0);

	assert_true(pid > 0);
	assert_true(server_reaped(&place->server, pid));
	assert_false(server_reaped(&place->server, pid));
}

struct heard {
	char out[2000000], err[1024];
	size_t out_length, err_length;
	int status;
};

static void hear(int fd, struct heard *heard)
{
	static char bytes[FRAME_MAX];
	enum frame_kind kind = FRAME_OUT;
	size_t length;

	memset(heard, 0, sizeof(*heard));
	while (kind != FRAME_STATUS) {
		assert_int_equal(frame_read(fd, &kind, bytes, &length), 0);
		if (kind == FRAME_OUT) {
			assert_true(heard->out_length + length < sizeof(heard->out));
			memcpy(heard->out + heard->out_length, bytes, length);
			heard->out_length += length;
		} else if (kind == FRAME_ERR) {
			assert_true(heard->err_length + length < sizeof(heard->err));
			memcpy(heard->err + heard->err_length, bytes, length);
			heard->err_length += length;
		}
	}
	heard->status = (unsigned char)bytes[0];
	close(fd);
}

static void request(struct place *place, int argc, char *const *argv, struct heard *heard)
{
	int fd = connect_to(place->path);

	serve(place);
	assert_int_equal(request_write(fd, argc, argv), 0);
	hear(fd, heard);
	reap(place);
}

static void answers(void **state)
{
	static struct heard heard;
	char *dump[] = {"dump", "-j", "x"}, *more[] = {"dump", "-p"};
	char *refused[] = {"report", "--history=/x"};
	struct place place;

	(void)state;
	place_make(&place);
	request(&place, 3, dump, &heard);
	assert_string_equal(heard.out, "dump,-j,x,/h.db\n");
	assert_string_equal(heard.err, "a warning\n");
	assert_int_equal(heard.status, 3);
	request(&place, 2, more, &heard);
	assert_int_equal(heard.out_length, strlen("dump,-p,/h.db\n") + 1000000);
	assert_string_equal(heard.out + heard.out_length - 10, "000099999\n");
	request(&place, 2, refused, &heard);
	assert_int_equal(heard.out_length, 0);
	assert_int_equal(heard.status, 2);
	assert_non_null(strstr(heard.err, "--history=/x"));
	place_clear(&place);
}

static void modes(void **state)
{
	struct place place;
	struct stat status;
	mode_t before = umask(077);

	(void)state;
	place_make(&place);
	assert_int_equal(umask(before), 077);
	assert_int_equal(stat(place.path, &status), 0);
	assert_int_equal(status.st_mode, S_IFSOCK | 0660);
	assert_int_equal(stat(place.folder, &status), 0);
	assert_int_equal(status.st_mode, S_IFDIR | 0755);
	place_clear(&place);
}

/* Whoever says nothing takes a place, and no more than that; the eighth closes the door. */
static void eight_at_most(void **state)
{
	static struct heard heard;
	char *dump[] = {"dump"};
	int fds[SERVER_CLIENTS], ninth, i;
	struct place place;

	(void)state;
	place_make(&place);
	for (i = 0; i < SERVER_CLIENTS; i++) {
		fds[i] = connect_to(place.path);
		serve(&place);
	}
	assert_int_equal(server_descriptor(&place.server), -1);
	ninth = connect_to(place.path);
	server_accept(&place.server, &place.host); /* takes nobody in */
	close(fds[3]);
	reap(&place);
	serve(&place);
	assert_int_equal(request_write(ninth, 1, dump), 0);
	hear(ninth, &heard);
	assert_string_equal(heard.out, "dump,/h.db\n");
	for (i = 0; i < SERVER_CLIENTS; i++)
		if (i != 3)
			close(fds[i]);
	place_clear(&place);
}

/* Also where whoever started the collector ignored or blocked the clock's signal. */
static void the_clock_ends_it(void **state)
{
	static struct heard heard;
	char *dump[] = {"dump", "-v"};
	sigset_t clock;
	struct place place;

	(void)state;
	sigemptyset(&clock);
	sigaddset(&clock, SIGALRM);
	sigprocmask(SIG_BLOCK, &clock, NULL);
	signal(SIGALRM, SIG_IGN);
	place_make(&place);
	request(&place, 2, dump, &heard);
	place_clear(&place);
	signal(SIGALRM, SIG_DFL);
	sigprocmask(SIG_UNBLOCK, &clock, NULL);
	assert_string_equal(heard.out, "1 0 1000");
}

static void say_to_nobody(void *context, enum voice_level level, const char *what,
			  const char *sentence)
{
	(void)context;
	(void)level;
	(void)what;
	if (write(STDERR_FILENO, sentence, strlen(sentence)) < 0)
		return;
}

/* The collector's messages go into a pipe that nobody reads any more. */
static void answers_where_nobody_hears(void **state)
{
	static struct heard heard;
	char *dump[] = {"dump"};
	int saved = dup(STDERR_FILENO), ends[2], fd;
	struct place place;

	(void)state;
	place_make(&place);
	place.voice.say = say_to_nobody;
	fd = connect_to(place.path);
	assert_int_equal(request_write(fd, 1, dump), 0);
	assert_int_equal(pipe(ends), 0);
	dup2(ends[1], STDERR_FILENO);
	close(ends[0]);
	close(ends[1]);
	serve(&place);
	dup2(saved, STDERR_FILENO);
	close(saved);
	hear(fd, &heard);
	reap(&place);
	assert_string_equal(heard.out, "dump,/h.db\n");
	place_clear(&place);
}

/* A request that claims too much, and one that breaks off. */
static void bad_requests(void **state)
{
	static struct heard heard;
	struct place place;
	int fd;

	(void)state;
	place_make(&place);
	fd = connect_to(place.path);
	serve(&place);
	assert_int_equal(send(fd, "\1\20\0\0", 4, 0), 4);
	hear(fd, &heard);
	assert_int_equal(heard.status, 2);
	reap(&place);
	fd = connect_to(place.path);
	serve(&place);
	assert_int_equal(send(fd, "\5\0\0\0du", 6, 0), 6);
	shutdown(fd, SHUT_WR);
	assert_int_equal(recv(fd, heard.out, 1, 0), 0);
	close(fd);
	reap(&place);
	place_clear(&place);
}

static void takes_the_place_of_a_stale_one(void **state)
{
	struct server second = SERVER_NONE;
	struct place place;
	FILE *file;

	(void)state;
	place_make(&place);
	assert_int_equal(server_open(&second, place.path), -EADDRINUSE);
	assert_int_equal(unlink(place.path), 0);
	assert_int_equal(server_open(&second, place.path), 0);
	server_close(&place.server); /* what stands there is another's by now: it stays */
	assert_int_equal(access(second.path, F_OK), 0);
	cleanup_close(&second.fd); /* as a crash leaves it */
	assert_int_equal(server_open(&place.server, place.path), 0);
	server_close(&place.server);
	assert_int_equal(access(second.path, F_OK), -1);
	server_close(&second);
	file = fopen(place.path, "we");
	assert_non_null(file);
	fclose(file);
	assert_int_equal(server_open(&second, place.path), -EEXIST);
	unlink(place.path);
	place_clear(&place);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers),
		cmocka_unit_test(modes),
		cmocka_unit_test(eight_at_most),
		cmocka_unit_test(the_clock_ends_it),
		cmocka_unit_test(answers_where_nobody_hears),
		cmocka_unit_test(bad_requests),
		cmocka_unit_test(takes_the_place_of_a_stale_one),
	};

	return cmocka_run_group_tests_name("collector socket", tests, NULL, NULL);
}
