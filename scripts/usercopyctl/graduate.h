/* SPDX-License-Identifier: GPL-2.0-only */
/* What the parts of "usercopyctl graduate" share. */
#ifndef CTL_GRADUATE_H
#define CTL_GRADUATE_H

#include "active.h"
#include "exception.h"
#include "fleet.h"
#include "graduated.h"
#include "subject.h"

/**
 * struct graduation - what is decided from
 * @terms: what "safe" means
 * @subjects: the evidence
 * @fleet: the machines that it is the evidence of; none: this machine
 * @exceptions: what is not to be promoted yet
 * @graduated: what was promoted before
 * @now: microseconds since 1970
 * @word: the policy to promote to
 */
struct graduation {
	struct terms terms;
	struct subject_set subjects;
	struct fleet fleet;
	struct exception_set exceptions;
	struct graduated graduated;
	int64_t now;
	const char *word;
};

/**
 * graduation_gather() - take the evidence of a history
 * @history: open
 * @set: filled in
 *
 * Return: an enum ctl_exit; what went wrong has been said.
 */
int graduation_gather(struct sql *history, struct subject_set *set);

/**
 * graduation_gather_here() - take this machine's evidence
 * @set: filled in
 *
 * Return: an enum ctl_exit; what went wrong has been said.
 */
int graduation_gather_here(struct subject_set *set);

/**
 * graduation_gather_fleet() - take that of all machines, and of this one what they have not heard of
 * @g: its fleet and subjects are filled in
 * @url: where the Prometheus server is
 *
 * Return: an enum ctl_exit; what went wrong has been said.
 */
int graduation_gather_fleet(struct graduation *g, const char *url);

/**
 * graduation_judge() - judge each of its subjects
 * @g: what is decided from
 */
void graduation_judge(struct graduation *g);

/**
 * graduation_promotes() - is it to be promoted now?
 * @g: what is decided from
 * @s: one of its subjects, judged
 *
 * Return: true when its evidence is good, no exception holds, and it is not that strict already.
 */
bool graduation_promotes(const struct graduation *g, const struct subject *s);

/**
 * graduation_hold() - hold what something else than its own evidence keeps from being promoted
 * @g: what is decided from; each subject has been judged
 *
 * A merged cache is one with all whose memory it shares: what holds one of them holds all. What was
 * taken back stays so until its evidence says what has been mended. A rule of an administrator's
 * own is stronger than any evidence.
 */
void graduation_hold(struct graduation *g);

/**
 * graduation_own_rules() - the rules that administrators have written
 * @rules: filled in, from all files of rules but the one that graduate writes; see active_free()
 */
void graduation_own_rules(struct active *rules);

/**
 * graduation_word() - what is shown of a subject
 * @g: what is decided from
 * @s: one of its subjects, judged
 *
 * Return: "promote", "promoted", "own rule", "exception", "hold" or "not enough evidence".
 */
const char *graduation_word(const struct graduation *g, const struct subject *s);

/**
 * graduation_policy() - what is promoted to
 * @g: what is decided from
 *
 * Return: enum ucg_policy.
 */
int graduation_policy(const struct graduation *g);

/**
 * graduation_why() - say in one line what a judgement is made of
 * @g: what is decided from
 * @s: one of its subjects, judged
 *
 * Return: the line, the caller's to free().
 */
char *graduation_why(const struct graduation *g, const struct subject *s);

/**
 * graduation_apply() - promote what is to be promoted
 * @g: what is decided from
 *
 * The kernel first, then the file: a file is never ahead of the kernel that refused it. When the file
 * cannot be written the kernel's policies are taken back: nobody would watch over them.
 *
 * Return: an enum ctl_exit.
 */
int graduation_apply(struct graduation *g);

/**
 * graduation_watch() - take back what violates after it was promoted, until a signal comes
 * @seconds: how often to look
 * @per_hour: how many are taken back in an hour at the most
 *
 * Return: an enum ctl_exit.
 */
int graduation_watch(unsigned int seconds, unsigned int per_hour);

#endif
