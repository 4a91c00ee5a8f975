// SPDX-License-Identifier: GPL-2.0-only
/*
 * messages: send and receive System V messages of every length up to a page's, again and again for
 * three seconds. The kernel keeps each in an object that is as long as the message, of caches that
 * let its text be copied and not the header in front of it. Exits with 0 if all came through.
 */
#include <stdio.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <time.h>

#define LONGEST	4000

struct message {
	long type;
	char text[LONGEST];
};

static int send_and_receive(int queue, int length)
{
	static struct message out = { .type = 1 }, in;

	memset(out.text, length, length);
	if (msgsnd(queue, &out, length, 0)) {
		perror("msgsnd");
		return 1;
	}
	if (msgrcv(queue, &in, length, 0, 0) != length) {
		perror("msgrcv");
		return 1;
	}
	return memcmp(out.text, in.text, length) != 0;
}

int main(void)
{
	int queue = msgget(IPC_PRIVATE, 0600), failed = 0, length;
	time_t end = time(NULL) + 3;

	if (queue < 0) {
		perror("msgget");
		return 1;
	}
	while (!failed && time(NULL) < end)
		for (length = 1; !failed && length <= LONGEST; length++)
			failed = send_and_receive(queue, length);
	if (failed)
		fprintf(stderr, "messages: one of %d bytes did not come through\n", length - 1);
	msgctl(queue, IPC_RMID, NULL);
	return failed;
}
