// SPDX-License-Identifier: GPL-2.0-only
/* usercopyctl lock: from now on nothing can be loosened. */
#include <string.h>

#include "command.h"
#include "exit.h"
#include "option.h"
#include "place.h"
#include "say.h"

int cmd_lock(int argc, char **argv)
{
	const struct option_word known[] = { { .word = NULL } };
	int err;

	if (options_take(argc, argv, known, 0) < 0)
		return CTL_USAGE;
	err = place_write(PLACE_LOCKED, "1\n", 2);
	if (exit_of_write(err) == CTL_NO_FILE)
		say_unreadable(PLACE_LOCKED, -err);
	else if (err)
		say("lock refused by the kernel: %s: see the log (dmesg)", strerror(-err));
	return exit_of_write(err);
}
