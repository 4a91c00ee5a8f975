// SPDX-License-Identifier: GPL-2.0-only
/*
 * stepper SECONDS COMMAND... - single-step a command over and over, as a debugger
 * does, for so many seconds; then let it run
 *
 * Prints how many steps it took and how the last run ended. Exit status: 0 if every
 * run ended with the status of the first.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int step_through(char **argv, long *steps, time_t end)
{
	int status;
	pid_t pid = fork();

	if (!pid) {
		ptrace(PTRACE_TRACEME, 0, 0, 0);
		execv(argv[0], argv);
		_exit(127);
	}
	while (waitpid(pid, &status, 0) == pid && WIFSTOPPED(status)) {
		++*steps;
		if (time(NULL) < end)
			ptrace(PTRACE_SINGLESTEP, pid, 0, 0);
		else
			ptrace(PTRACE_CONT, pid, 0, 0);
	}
	return status;
}

int main(int argc, char **argv)
{
	int first = -1, runs = 0, status = 0;
	long steps = 0;
	time_t end;

	if (argc < 3)
		return 2;
	end = time(NULL) + atoi(argv[1]);
	while (!runs || time(NULL) < end) {
		status = step_through(argv + 2, &steps, end);
		if (first < 0)
			first = status;
		if (status != first)
			break;
		runs++;
	}
	printf("stepper: %d runs, %ld steps, status %#x\n", runs, steps, status);
	return status != first;
}
