/* SPDX-License-Identifier: GPL-2.0-only */
/* Commands that go on until somebody ends them. */
#ifndef CTL_STOP_H
#define CTL_STOP_H

#include <stdbool.h>

/**
 * stop_begin() - from now on SIGINT and SIGTERM are for stop_wait()
 *
 * They are taken between two looks, never in the middle of one.
 */
void stop_begin(void);

/**
 * stop_wait() - wait for the next look
 * @seconds: how long
 *
 * Return: true when it is to stop.
 */
bool stop_wait(double seconds);

#endif
