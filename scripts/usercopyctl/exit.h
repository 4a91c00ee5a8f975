/* SPDX-License-Identifier: GPL-2.0-only */
/* What usercopyctl's exit status means; the manual page has the same table. */
#ifndef CTL_EXIT_H
#define CTL_EXIT_H

enum ctl_exit {
	CTL_OK = 0,
	CTL_LOOK = 1,		/* done, but somebody must look: something was pointed out, or differs */
	CTL_USAGE = 2,		/* the command line is wrong */
	CTL_NO_FILE = 3,	/* a file cannot be read or written, or what was named is not there */
	CTL_BAD_INPUT = 4,	/* what was read is malformed; what could be read was shown */
	CTL_REFUSED = 5,	/* the kernel refused what was written */
};

#endif
