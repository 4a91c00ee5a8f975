/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The sub-commands. Each takes its own words (argv[0] is its name) and returns
 * one of enum ctl_exit. First of all it calls options_take(), since it may be asked for its options alone.
 */
#ifndef CTL_COMMAND_H
#define CTL_COMMAND_H

#include <stddef.h>

/**
 * struct command - a sub-command
 * @name: its name
 * @run: does it
 * @words: what it takes, for people
 * @help: what it is for
 */
struct command {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *words, *help;
};

int cmd_status(int argc, char **argv);
int cmd_violations(int argc, char **argv);
int cmd_suggest(int argc, char **argv);
int cmd_record(int argc, char **argv);
int cmd_explain(int argc, char **argv);
int cmd_rules(int argc, char **argv);
/* The words that may stand behind "rules", by number, and what each is for; NULL behind the last. */
const char *rules_part(size_t i, const char **help);
int cmd_graduate(int argc, char **argv);
int cmd_export(int argc, char **argv);
int cmd_report(int argc, char **argv);
int cmd_boot(int argc, char **argv);
int cmd_caches(int argc, char **argv);
int cmd_lock(int argc, char **argv);
int cmd_load(int argc, char **argv);
int cmd_policy(int argc, char **argv);
int cmd_check(int argc, char **argv);
int cmd_aliases(int argc, char **argv);

#endif
