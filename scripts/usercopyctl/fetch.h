/* SPDX-License-Identifier: GPL-2.0-only */
/* Something from a server that nobody vouches for: bounded in size and time, and from nowhere else. */
#ifndef CTL_FETCH_H
#define CTL_FETCH_H

#include "place.h"

/* The largest answer: some hundred machines with a hundred caches each. */
#define FETCH_MAX	(16u << 20)

/* How long it may take, in seconds, and how long to be connected. */
#define FETCH_SECONDS	30
#define FETCH_CONNECT	10

/**
 * fetch_query() - ask a Prometheus server
 * @url: where it is, http:// or https://
 * @query: in PromQL
 * @b: set to its answer on success
 *
 * Says what is wrong, and what to do. A server that sends elsewhere is not followed.
 *
 * Return: an enum ctl_exit.
 */
int fetch_query(const char *url, const char *query, struct blob *b);

#endif
