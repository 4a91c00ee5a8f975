// SPDX-License-Identifier: GPL-2.0-only
/*
 * The module's hook: a direct ftrace call at the entry of __check_object_size(),
 * by exported functions alone. The kernel's function goes on to run, with a
 * length of 0: it has nothing to check, and returns as it would without us. Only where a copy is
 * refused does it not run: the caller goes on behind the copy (x86/refuse.c).
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/err.h>
#include <linux/fs.h>
#include <linux/ftrace.h>
#include <linux/ptrace.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include <asm/setup.h>

#include "usercopy/compat.h"
#include "usercopy/hook.h"
#include "usercopy/pass.h"
#include "usercopy/verdict.h"

#include "refuse.h"

#include "x86/caller.h"

#ifndef CONFIG_HARDENED_USERCOPY
#error \
	"usercopy_guard: this kernel has no CONFIG_HARDENED_USERCOPY: there is no check to take the place of"
#endif
#ifndef CONFIG_DYNAMIC_FTRACE_WITH_DIRECT_CALLS
#error \
	"usercopy_guard: this kernel has no CONFIG_DYNAMIC_FTRACE_WITH_DIRECT_CALLS, which the hook needs"
#endif

extern void ucg_trampoline(void);

static struct ftrace_ops hook_ops;

/* Why the kernel's check lets everything pass; NULL if it does not. */
static const char *check_off;
static const char by_boot_line[] = "hardened_usercopy=off on the boot line";
static const char not_known[] = "perhaps: /proc/cmdline cannot be read";

/* Longer than any boot line: COMMAND_LINE_SIZE is the boot loader's part, boot configuration adds. */
#define BOOT_LINE_MAX	(4 * COMMAND_LINE_SIZE)

/* The value of the option, if @word is it: "-" is as good as "_" there. */
static const char *value_of(const char *word)
{
	static const char option[] = "hardened_usercopy=";
	unsigned int i;

	for (i = 0; option[i]; i++)
		if (word[i] != option[i] && !(option[i] == '_' && word[i] == '-'))
			return NULL;
	word += sizeof(option) - 1;
	return *word == '"' ? word + 1 : word;
}

/*
 * The last word on the command line counts, as it does for the kernel; without one, how the kernel
 * was configured.
 */
static const char *read_boot_line(char *line)
{
	const char *off = UCG_CHECK_BY_DEFAULT ? NULL :
			  "CONFIG_HARDENED_USERCOPY_DEFAULT_ON is not set";
	const char *value;
	char *word;
	bool on;

	/* What is behind "--" is the first process's. */
	while ((word = strsep(&line, " \t\n")) && strcmp(word, "--")) {
		value = value_of(word);
		/* What cannot be read leaves it as it was. */
		if (value && !kstrtobool(value, &on))
			off = on ? NULL : by_boot_line;
	}
	return off;
}

/* Unless it is known that the kernel's check would kill, nothing is handed to it. */
static const char *why_check_is_off(void)
{
	struct file *file = filp_open("/proc/cmdline", O_RDONLY, 0);
	char *line = kzalloc(BOOT_LINE_MAX + 1, GFP_KERNEL);
	const char *off = not_known;
	loff_t pos = 0;

	if (line && !IS_ERR(file) && kernel_read(file, line, BOOT_LINE_MAX, &pos) > 0)
		off = read_boot_line(line);
	if (!IS_ERR(file))
		filp_close(file, NULL);
	kfree(line);
	return off;
}

/**
 * ucg_check - the check that takes the place of the kernel's
 * @ptr:	kernel address of the copy
 * @n:		its length in bytes
 * @dx:		not used; it and the next one have @way in a register that nothing else is
 *		computed in
 * @cx:		not used
 * @way:	stack pointer of the trampoline before it called, plus 1 for copy_to_user(), plus 0
 *		for copy_from_user(): in one register, of which there are few
 *
 * Called by the trampoline for each copy of which the length is not constant, but for those
 * that it has found in live frames of the stack.
 *
 * Context: any, NMI too; runs in a trampoline. Takes no lock, stores nothing
 * when the copy is good.
 * Return: there for a good copy; any other returns to another place, see ucg_suspect().
 */
unsigned long ucg_check(const void *ptr, unsigned long n, unsigned long dx, unsigned long cx,
			unsigned long way)
{
	/*
	 * What a frame of this stack holds has passed before; without pages of its own, say
	 * so here.
	 */
	if (ucg_frames_are_known() && !IS_ENABLED(CONFIG_VMAP_STACK) &&
	    ((unsigned long)ptr ^ way) < THREAD_SIZE)
		return ucg_suspect(ptr, n, way);
	return ucg_pass(ptr, n, way);
}

/**
 * ucg_suspect - have the trampoline go on with a copy that could not be passed at once
 * @ptr:	kernel address of the copy
 * @n:		its length in bytes
 * @way:	as ucg_check() was told
 *
 * What the trampoline is to do then, it is not told by a result, at which it would have to look
 * for each good copy; the address that it has put on its stack to be returned to is changed. It
 * does not matter how many functions are between here and there, nor how the compiler ends them:
 * all have returned and given back what registers they saved when that address is reached.
 *
 * Context: any, NMI too; runs in a trampoline.
 * Return: @ptr, for the trampoline; @n is in the place that it has for it.
 */
noinline unsigned long ucg_suspect(const void *ptr, unsigned long n, unsigned long way)
{
	unsigned long *frame = (unsigned long *)(way & ~1UL);

	frame[0] = n;
	WRITE_ONCE(frame[-1],
		   (unsigned long)(way & 1 ? ucg_suspect_to_user : ucg_suspect_from_user));
	return (unsigned long)ptr;
}

static unsigned long hook_target(void)
{
	return (unsigned long)__check_object_size;
}

/**
 * ucg_hook_suspect - what becomes of a copy that ucg_check() could not pass
 * @regs:	the caller behind its check, but for the first three arguments of a function: those
 *		are the check's. Left as the trampoline shall go on with them
 *
 * Context: any, NMI too; runs in a trampoline.
 */
void ucg_hook_suspect(struct pt_regs *regs)
{
	struct ucg_caller caller = {
		.site = regs->ip, .sp = regs->sp, .frame = regs->bp, .regs = regs,
	};
	/* Where the kernel's check goes on, below where the caller does. */
	unsigned long check_sp = regs->sp - sizeof(long);
	unsigned long check = ((unsigned long *)check_sp)[-1];

	/*
	 * Who steps through this sets it anew at each step, and would find it set when
	 * he is gone.
	 */
	regs->flags &= ~X86_EFLAGS_TF;
	switch (ucg_verdict((void *)regs->di, regs->si, regs->dx, &caller)) {
	case UCG_VERDICT_REFUSED:
		return;
	case UCG_VERDICT_GO:
		regs->si = 0;
		break;
	case UCG_VERDICT_KILL_SURELY:
		/* The guard is stricter here; NULL is what no kernel lets pass. */
		regs->di = 0;
		break;
	case UCG_VERDICT_KILL:
		break;
	}
	ucg_caller_resume(regs, check, check_sp);
}

/**
 * ucg_hook_attach - take the place of the kernel's check
 *
 * Context: process, may sleep.
 * Return: 0 or an error, which has been told in the log; nothing is hooked then.
 */
int ucg_hook_attach(void)
{
	int err;

	check_off = why_check_is_off();
	if (!ucg_callers_reach_hook()) {
		pr_err("this kernel's check is off (%s), and so no copy comes to where the hook is; boot with hardened_usercopy=on; not loaded\n",
		       check_off ?: by_boot_line);
		return -ENODEV;
	}
	err = ftrace_set_filter_ip(&hook_ops, hook_target(), 0, 0);
	if (err) {
		pr_err("ftrace cannot reach __check_object_size in this kernel (error %d); not loaded\n",
		       err);
		return err;
	}

	ucg_refuse_init();
	err = ucg_register_direct(&hook_ops, (unsigned long)ucg_trampoline);
	if (!err)
		goto attached;

	if (err == -EBUSY)
		pr_err("another direct ftrace hook or a live patch holds __check_object_size (see enabled_functions in tracefs); not loaded\n");
	else
		pr_err("the direct ftrace hook on __check_object_size failed (error %d); not loaded\n",
		       err);
	ftrace_free_filter(&hook_ops);
	return err;

attached:
	if (!ucg_verdict_reached(__check_object_size)) {
		pr_err("the hook is there, but ftrace does not call it: kernel.ftrace_enabled must be 1; not loaded\n");
		ucg_hook_detach();
		return -EBUSY;
	}
	/* From now on kernel.ftrace_enabled cannot be set to 0. */
	hook_ops.flags |= FTRACE_OPS_FL_PERMANENT;

	if (check_off) {
		ucg_verdict_no_kill();
		pr_info("the kernel's own check is off (%s): the guard checks all the same, but cannot kill; with kill=1 it refuses\n",
			check_off);
	}
	return 0;
}

/*
 * ftrace leaves the kernel's text as it is once it has met something there that it did not expect,
 * and the hook with it. What copies still call cannot be freed, and nobody who unloads a module can
 * be told that it is to stay: who does, waits.
 */
static void stay(int err)
{
	pr_err("ftrace cannot take the hook off any more (error %d); the guard stays in force as it is, and this process waits for ever; reboot when you can\n",
	       err);
	for (;;)
		schedule_timeout_idle(MAX_SCHEDULE_TIMEOUT);
}

/**
 * ucg_hook_detach - give the kernel its check back
 *
 * Context: process, may sleep.
 * Return: when no CPU and no task is in the hook or in anything it calls; never if the hook
 * cannot be taken off.
 */
void ucg_hook_detach(void)
{
	ftrace_func_t func = hook_ops.func;
	int err = ucg_unregister_direct(&hook_ops, (unsigned long)ucg_trampoline);

	if (err) {
		/*
		 * Taken from it all the same; but who traces the check as well has
		 * ftrace call it.
		 */
		hook_ops.func = func;
		stay(err);
	}
	/*
	 * Tasks that were preempted in the trampoline or in the check have left
	 * them when they next sleep of their own accord or run in user space; none
	 * of that code sleeps. The second wait is for interrupts on an idle CPU.
	 */
	synchronize_rcu_tasks();
	synchronize_rcu();
}

/**
 * ucg_hook_describe - lines about the hook for the status file
 * @m:	where to print
 *
 * Context: process.
 */
void ucg_hook_describe(struct seq_file *m)
{
	seq_puts(m, "hook: ftrace direct call on __check_object_size\n");
	seq_puts(m, "coverage: every copy whose length is not constant\n");
	if (check_off)
		seq_printf(m, "the kernel's own check: off (%s); kill=1 refuses\n", check_off);
	ucg_refuse_describe(m);
}
