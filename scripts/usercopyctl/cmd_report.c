// SPDX-License-Identifier: GPL-2.0-only
/* usercopyctl report: a page to be looked at, sent, and kept. */
#include "command.h"
#include "exit.h"
#include "history.h"
#include "option.h"
#include "output.h"
#include "report.h"
#include "source.h"
#include "when.h"

static int gather(struct sql *history, struct graduation *g)
{
	struct moment now;
	int ret = graduation_gather(history, &g->subjects);

	when_now(&now);
	g->now = now.real;
	if (!exceptions_read(&g->exceptions) && !ret)
		ret = CTL_BAD_INPUT;
	if (!graduated_read(&g->graduated) && !ret)
		ret = CTL_BAD_INPUT;
	graduation_judge(g);
	return ret;
}

static int report(struct sql *history, const char *file)
{
	struct graduation g = { .word = "enforce", .terms = terms_make(TERMS_RISK, TERMS_WINDOW) };
	struct output output;
	int ret = gather(history, &g);

	if (!ret && !output_begin(&output, file))
		ret = CTL_NO_FILE;
	else if (!ret) {
		ret = report_print(history, &g);
		if (!output_end(&output, !ret) && !ret)
			ret = CTL_NO_FILE;
	}
	subjects_free(&g.subjects);
	exceptions_free(&g.exceptions);
	graduated_free(&g.graduated);
	return ret;
}

int cmd_report(int argc, char **argv)
{
	const char *file = NULL;
	const struct option_word known[] = {
		{ "-o", .value = &file, .takes = WORD_FILE, .help = "into this file, whole or not at all" },
		{ .word = NULL },
	};
	struct sql history;
	int ret, err;

	if (options_take(argc, argv, known, 0) < 0)
		return CTL_USAGE;
	if (source_copy(&history, &ret)) {
		err = report(&history, file);
		ret = err ? err : ret;
	}
	history_close(&history);
	return ret;
}
