/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A small part of an x86-64 CPU: enough to follow compiled C from a check to the copy that it was
 * made for. It knows a closed list of instructions and no memory but one stack; whatever else it
 * meets ends it, with nothing done.
 *
 * Nothing is written but the registers in struct ucg_cpu and a log of what the code would have
 * written to its stack. Who follows the code decides at the end: ucg_cpu_commit(), or forget it.
 *
 * Also compiled into the programs that hold it against the CPU itself (tests/interpret/).
 */
#ifndef _UCG_INTERPRET_H
#define _UCG_INTERPRET_H

#include "cpu.h"

enum ucg_step ucg_cpu_step(struct ucg_cpu *cpu);
bool ucg_cpu_load(const struct ucg_cpu *cpu, unsigned long address, unsigned int size, u64 *value);
void ucg_cpu_commit(const struct ucg_cpu *cpu);

#endif /* _UCG_INTERPRET_H */
