/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What rules come to: those that overlap are one, and some take others back. Found out by the module's
 * own sets of rules (whitelist/ruleset.h), so that it is what the kernel would make of them.
 */
#ifndef CTL_EFFECT_H
#define CTL_EFFECT_H

#include <stdbool.h>
#include <stddef.h>

#include "rules.h"

/**
 * struct effect - rules as the kernel shows them
 * @rule: one each, in the order of their bytes; owned
 * @n: how many
 */
struct effect {
	char **rule;
	size_t n;
};

/**
 * effect_of() - work out what rules come to, written into a kernel that has none
 * @text: the rules, as one write
 * @alone: what is to be deleted must be among them; false: it may be in the kernel
 * @effect: filled in on success
 *
 * Says what the kernel would not take, with file and line.
 *
 * Return: an enum ctl_exit.
 */
int effect_of(struct rule_text *text, bool alone, struct effect *effect);

/**
 * effect_free() - give back everything an effect owns
 * @effect: the effect
 */
void effect_free(struct effect *effect);

#endif
