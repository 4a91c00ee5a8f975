// SPDX-License-Identifier: GPL-2.0-only
/* usercopyctl record: what the kernel has seen goes into the history. */
#include <stdio.h>

#include "command.h"
#include "exit.h"
#include "history.h"
#include "option.h"
#include "source.h"

int cmd_record(int argc, char **argv)
{
	bool quiet = false;
	const struct option_word known[] = {
		{ "--quiet", .on = &quiet, .help = "say nothing when all is well" },
		{ .word = NULL },
	};
	struct sql history;
	int64_t sites = 0, days = 0;
	int ret;

	if (options_take(argc, argv, known, 0) < 0)
		return CTL_USAGE;
	ret = history_open(&history, HISTORY_WRITE);
	if (!ret)
		ret = source_record(&history);
	if (!ret && !quiet &&
	    sql_number(&history, &sites, "SELECT COUNT(*) FROM site", "") &&
	    sql_number(&history, &days, "SELECT value FROM meta WHERE key = 'watched'", ""))
		printf("%lld distinct violations, %.1f days watched\n", (long long)sites,
		       (double)days / (double)USEC_PER_DAY);
	history_close(&history);
	return ret;
}
