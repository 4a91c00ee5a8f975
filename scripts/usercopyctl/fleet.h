/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What all machines have seen, by way of a Prometheus server.
 *
 * What no machine says is not known, and what is not known is not clean: a machine that is silent, or
 * whose clock is wrong, keeps what it uses from being promoted.
 */
#ifndef CTL_FLEET_H
#define CTL_FLEET_H

#include "series.h"
#include "subject.h"

/**
 * enum machine_state - is what a machine says to be relied upon?
 */
enum machine_state {
	/** @MACHINE_FINE: yes */
	MACHINE_FINE,
	/** @MACHINE_SILENT: it has not exported for more than a day */
	MACHINE_SILENT,
	/** @MACHINE_AHEAD: it has exported in the future */
	MACHINE_AHEAD,
	/** @MACHINE_GONE: it violated, and the server does not see it any more */
	MACHINE_GONE,
};

/**
 * struct machine - one that has a guard
 * @key: what tells it apart; owned
 * @name: for people; owned
 * @state: is it to be relied upon?
 * @written: when it exported last, seconds since 1970
 * @evidence: does it sample good copies?
 * @listed: machine-days since the kernel had no room to list a violation; -1: it always had
 */
struct machine {
	char *key, *name;
	enum machine_state state;
	int64_t written, listed;
	bool evidence;
};

/**
 * struct fleet - all of them
 * @m: the machines
 * @n: how many
 */
struct fleet {
	struct machine *m;
	size_t n;
};

/**
 * fleet_read() - ask a server for the evidence of all machines
 * @url: where it is
 * @days: violations of machines that are gone count for so long
 * @rules: the rules in force here
 * @fleet: filled in
 * @set: filled in, with no policies
 *
 * Says what is wrong, and what to do.
 *
 * Return: an enum ctl_exit; then nothing of it must be used.
 */
int fleet_read(const char *url, unsigned int days, const struct active *rules, struct fleet *fleet,
	       struct subject_set *set);

/**
 * fleet_judge() - the part of fleet_read() behind the server
 * @now: what the machines say now
 * @gone: what violated within the days before, and is not below @now
 * @real: this machine's clock, milliseconds since 1970
 * @rules: the rules in force here: what others have mended by rules is mended where they are in force
 * @fleet: filled in; to be freed whatever is returned
 * @set: filled in; likewise
 *
 * Return: NULL, or what is wrong, the caller's to free().
 */
char *fleet_judge(const struct series_set *now, const struct series_set *gone, int64_t real,
		  const struct active *rules, struct fleet *fleet, struct subject_set *set);

/**
 * machine_word() - a state for programs
 * @state: the state
 *
 * Return: a word.
 */
const char *machine_word(enum machine_state state);

/**
 * fleet_free() - give back what a fleet owns
 * @fleet: the fleet
 */
void fleet_free(struct fleet *fleet);

#endif
