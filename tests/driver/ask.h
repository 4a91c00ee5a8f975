/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ucg_ask.ko: the same questions to the kernel's own check and to the guard.
 */
#ifndef _ASK_H
#define _ASK_H

#include <linux/sched.h>
#include <linux/types.h>

/**
 * struct ask_place - memory that copies are made up for
 * @start:	first address
 * @size:	bytes
 */
struct ask_place {
	unsigned long start;
	unsigned long size;
};

#define ASK_PLACES_MAX	32

/**
 * struct ask_kind - places of one kind
 * @name:	what it is
 * @ram_map:	vm_map_ram() has mapped it
 * @nr:		how many
 * @places:	they
 */
struct ask_kind {
	const char *name;
	bool ram_map;
	unsigned int nr;
	struct ask_place places[ASK_PLACES_MAX];
};

#define ASK_KINDS_MAX	96

extern struct ask_kind ask_kinds[ASK_KINDS_MAX];
extern unsigned int ask_nr_kinds;

/* Memory of ours, and what others have. */
int ask_memory_make(void);
void ask_memory_free(void);
void ask_places_of_others(struct task_struct *asker);
void ask_let_others_go(void);
struct ask_kind *ask_place(const char *name, const void *start, unsigned long size);

/**
 * struct ask_question - a copy
 * @kind:	which kind of memory it was made up for
 * @place:	which of its places
 * @ptr:	kernel address
 * @n:		bytes
 * @to_user:	direction
 * @no_faults:	asked with page faults disabled
 */
struct ask_question {
	const struct ask_kind *kind;
	const struct ask_place *place;
	unsigned long ptr;
	unsigned long n;
	bool to_user;
	bool no_faults;
};

bool ask_behind_text(unsigned long addr);
void ask_make_up(u64 seed, u32 number, struct ask_question *q);

/* ask_call.S */
bool ask_check(const void *ptr, unsigned long n, bool to_user, unsigned long *sp);
extern const char ask_killed[];

/* In the asker's own context. */
int ask_kernel_init(void);
void ask_kernel_exit(void);
unsigned long ask_stack_pointer(void);

int ask_guard_init(void);
void ask_guard_exit(void);
/* Is it good? *@guard is what the guard says, if it is there: a kind of violation, or 0. */
bool ask_check_or_guard(const struct ask_question *q, unsigned int *guard);
bool ask_guard_is_there(void);

#endif /* _ASK_H */
