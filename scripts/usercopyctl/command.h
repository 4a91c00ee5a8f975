/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The sub-commands. Each takes its own words (argv[0] is its name) and returns
 * one of enum ctl_exit.
 */
#ifndef CTL_COMMAND_H
#define CTL_COMMAND_H

int cmd_status(int argc, char **argv);
int cmd_violations(int argc, char **argv);
int cmd_suggest(int argc, char **argv);
int cmd_record(int argc, char **argv);
int cmd_explain(int argc, char **argv);
int cmd_rules(int argc, char **argv);
int cmd_graduate(int argc, char **argv);
int cmd_boot(int argc, char **argv);
int cmd_caches(int argc, char **argv);
int cmd_lock(int argc, char **argv);
int cmd_load(int argc, char **argv);
int cmd_policy(int argc, char **argv);
int cmd_check(int argc, char **argv);
int cmd_aliases(int argc, char **argv);

#endif
