// SPDX-License-Identifier: GPL-2.0-only
/* usercopyctl export: what is known of this machine, for those who watch many. */
#include "command.h"
#include "exit.h"
#include "export.h"
#include "history.h"
#include "option.h"
#include "output.h"
#include "say.h"
#include "source.h"

/* Half of it would be worse than what was there before. */
static int write_out(struct sql *history, bool loaded, const char *file)
{
	struct output output;
	int ret;

	if (!output_begin(&output, file))
		return CTL_NO_FILE;
	ret = export_prometheus(history, loaded);
	if (!output_end(&output, !ret) && !ret)
		ret = CTL_NO_FILE;
	return ret;
}

int cmd_export(int argc, char **argv)
{
	bool prometheus = false, loaded = source_loaded();
	const char *file = NULL;
	const struct option_word known[] = {
		{ "--prometheus", .on = &prometheus, .help = "in Prometheus's text format" },
		{ "-o", .value = &file, .takes = WORD_FILE, .help = "into this file, whole or not at all" },
		{ .word = NULL },
	};
	struct sql history;
	int ret, err;

	if (options_take(argc, argv, known, 0) < 0)
		return CTL_USAGE;
	if (!prometheus) {
		say("export: in which form? There is --prometheus");
		return CTL_USAGE;
	}
	if (source_copy(&history, &ret)) {
		err = write_out(&history, loaded, file);
		ret = err ? err : ret;
	}
	history_close(&history);
	return ret;
}
