// SPDX-License-Identifier: GPL-2.0-only
/*
 * usercopyctl: the administrator's command for usercopy_guard.
 *
 * It reads what the kernel shows in securityfs and sysctl, and writes rules and the
 * policy there. It decides nothing about copies.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "array.h"
#include "command.h"
#include "complete.h"
#include "exit.h"
#include "option.h"
#include "place.h"
#include "say.h"

static const struct command commands[] = {
	{ "status", cmd_status, "[--json]", "what the guard is doing now" },
	{ "violations", cmd_violations, "[--json] [--follow] [FILE]", "what was seen" },
	{ "explain", cmd_explain, "[--json] ID [FILE]", "one violation, and what to do" },
	{ "record", cmd_record, "[--quiet]", "keep what was seen for the time after a reboot" },
	{ "suggest", cmd_suggest, "[--json|--driver] [-o FILE] [FILE]", "rules, or a driver's fix, from it" },
	{ "graduate", cmd_graduate, "[--prometheus URL] [--apply] ...", "what may go to enforce" },
	{ "report", cmd_report, "[-o FILE]", "a page about all of it" },
	{ "export", cmd_export, "--prometheus [-o FILE]", "what is known of it, for a fleet" },
	{ "rules", cmd_rules, "[list|add|delete|diff|check|load|save]", "the rules in force" },
	{ "check", cmd_check, "[--json] FILE|DIR...", "are these good rules?" },
	{ "load", cmd_load, "[--replace] [--quiet] [FILE|DIR...]", "load rules, all or nothing" },
	{ "policy", cmd_policy, "[--json] [TARGET] [WORD]", "show or set a policy" },
	{ "lock", cmd_lock, "", "nothing can be loosened any more, until the next boot" },
	{ "boot", cmd_boot, "[--reload]", "rules, policy and lock, as configured" },
	{ "caches", cmd_caches, "[--json]", "what is known of each slab cache" },
	{ "aliases", cmd_aliases, "[--json] [CACHE]", "caches that share memory" },
};

static void print_help(FILE *f)
{
	fputs("usage: usercopyctl [--root DIR] COMMAND ...\n\n", f);
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
		fprintf(f, "  %-10s %-35s %s\n", commands[i].name, commands[i].words,
			commands[i].help);
	fputs("\n\"man usercopyctl\" has the whole story and the exit codes.\n", f);
}

static int run(int argc, char **argv)
{
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
		int ret;

		if (strcmp(argv[0], commands[i].name))
			continue;
		options_introduce(commands[i].words, commands[i].help);
		ret = commands[i].run(argc, argv);
		return options_answered() ? CTL_OK : ret;
	}
	say("no command \"%s\"", argv[0]);
	print_help(stderr);
	return CTL_USAGE;
}

int main(int argc, char **argv)
{
	int at = 1, ret;

	if (argc > 2 && !strcmp(argv[1], "--root")) {
		place_set_root(argv[2]);
		at = 3;
	}
	if (argc > at && (!strcmp(argv[at], "--help") || !strcmp(argv[at], "-h"))) {
		print_help(stdout);
		return CTL_OK;
	}
	if (argc > at && (!strcmp(argv[at], "--version") || !strcmp(argv[at], "-V"))) {
		puts("usercopyctl " USERCOPYCTL_VERSION);
		return CTL_OK;
	}
	if (argc <= at) {
		print_help(stderr);
		return CTL_USAGE;
	}
	if (!strcmp(argv[at], "--complete") && argc > at + 1)
		ret = complete(commands, ARRAY_SIZE(commands), argc - at - 1, argv + at + 1);
	else
		ret = run(argc - at, argv + at);
	if (fflush(stdout) || ferror(stdout)) {
		say("standard output: %s", strerror(errno));
		return CTL_NO_FILE;
	}
	return ret;
}
