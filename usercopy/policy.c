// SPDX-License-Identifier: GPL-2.0-only
/*
 * Policy: the table from violation to action, and the switches an administrator
 * has: kernel.usercopy_guard.{policy,available_policies,kill,locked,evidence}.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/capability.h>
#include <linux/kernel.h>
#include <linux/kstrtox.h>
#include <linux/lockdep.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/string.h>
#include <linux/sysctl.h>

#include "change.h"
#include "compat.h"
#include "limits.h"
#include "policy.h"

/* The loosest policy that refuses a kind of violation. */
static const u8 refused_from[UCG_NR_KINDS] = {
	[UCG_WHITELIST]		= UCG_ENFORCE,
	[UCG_OBJECT]		= UCG_FALLBACK,
	[UCG_REDZONE]		= UCG_FALLBACK,
	[UCG_VMALLOC]		= UCG_FALLBACK,
	[UCG_PAGE]		= UCG_FALLBACK,
	[UCG_KMAP]		= UCG_FALLBACK,
	[UCG_STACK]		= UCG_FALLBACK,
	[UCG_TEXT]		= UCG_FALLBACK,
	[UCG_MODULE_TEXT]	= UCG_FALLBACK,
	[UCG_WRAP]		= UCG_FALLBACK,
	[UCG_NULL]		= UCG_FALLBACK,
};

/* Writers take switches_lock; copies read the three without. */
static DEFINE_MUTEX(switches_lock);
static int global_policy __guarded_by(&switches_lock);
static bool kill_switch __guarded_by(&switches_lock);
static bool locked __guarded_by(&switches_lock);

static struct ctl_table_header *sysctl_header;

/**
 * ucg_policy_parse - a policy by its word
 * @word:	the word, NUL-terminated
 *
 * Context: any.
 * Return: enum ucg_policy, or -EINVAL.
 */
int ucg_policy_parse(const char *word)
{
	return match_string(ucg_policy_words, UCG_NR_POLICIES, word);
}

/**
 * ucg_policy_action - what a violation calls for
 * @kind:	the violation
 * @policy:	the policy to go by
 *
 * Context: any, NMI too.
 * Return: UCG_ACTION_ALLOW or UCG_ACTION_REFUSE, and with the kill switch on UCG_ACTION_KILL in
 * place of the latter.
 */
enum ucg_action ucg_policy_action(enum ucg_kind kind, enum ucg_policy policy)
{
	if (policy < refused_from[kind])
		return UCG_ACTION_ALLOW;
	return READ_ONCE(kill_switch) ? UCG_ACTION_KILL : UCG_ACTION_REFUSE;
}

/**
 * ucg_policy_get - the global policy
 *
 * Context: any, NMI too.
 */
enum ucg_policy ucg_policy_get(void)
{
	return READ_ONCE(global_policy);
}

/**
 * ucg_policy_locked - has the administrator locked everything against loosening?
 *
 * Context: any.
 */
bool ucg_policy_locked(void)
{
	return READ_ONCE(locked);
}

/**
 * ucg_policy_kills - is the kill switch on?
 *
 * Context: any.
 */
bool ucg_policy_kills(void)
{
	return READ_ONCE(kill_switch);
}

/**
 * ucg_policy_hold - let nobody turn a switch, until ucg_policy_release()
 *
 * Context: process, may sleep.
 */
void ucg_policy_hold(void)
{
	mutex_lock(&switches_lock);
}

/**
 * ucg_policy_release - let switches be turned again
 *
 * Context: process.
 */
void ucg_policy_release(void)
{
	mutex_unlock(&switches_lock);
}

/*
 * Verdicts are given with preemption off: when this returns, every copy that is
 * judged from now on, on any CPU, sees what was written before. One writer at a time.
 */
static void settle(void)
{
	lockdep_assert_held(&switches_lock);
	synchronize_rcu();
}

/**
 * ucg_policy_set - set the global policy
 * @policy:	the new one
 *
 * Context: process, may sleep.
 * Return: 0, once all CPUs go by it; -EPERM if that would be looser and all is
 * locked.
 */
int ucg_policy_set(enum ucg_policy policy)
{
	int err = 0, before;

	mutex_lock(&switches_lock);
	if (locked && policy < global_policy) {
		pr_warn_ratelimited("locked: policy stays %s, it cannot be loosened to %s before the next boot\n",
				    ucg_policy_words[global_policy], ucg_policy_words[policy]);
		err = -EPERM;
	} else if (policy != global_policy) {
		before = global_policy;
		WRITE_ONCE(global_policy, policy);
		settle();
		ucg_change_tell("policy", ucg_policy_words[before], ucg_policy_words[policy]);
	}
	mutex_unlock(&switches_lock);
	return err;
}

/**
 * ucg_policy_set_kill - turn the kill switch
 * @on:	true: what the policy refuses is handed to the kernel's usercopy_abort()
 *
 * Context: process, may sleep.
 * Return: 0, once all CPUs go by it; -EPERM if that would be looser and all is
 * locked.
 */
int ucg_policy_set_kill(bool on)
{
	int err = 0;

	mutex_lock(&switches_lock);
	if (locked && kill_switch && !on) {
		pr_warn_ratelimited("locked: kill stays 1 until the next boot\n");
		err = -EPERM;
	} else if (on != kill_switch) {
		WRITE_ONCE(kill_switch, on);
		settle();
		ucg_change_tell("kill", on ? "0" : "1", on ? "1" : "0");
	}
	mutex_unlock(&switches_lock);
	return err;
}

/*
 * One way: what is locked stays so until the next boot, and the module stays
 * loaded with it.
 */
static int lock_switches(bool on)
{
	int err = 0;

	mutex_lock(&switches_lock);
	if (locked && !on) {
		pr_warn_ratelimited("locked stays 1 until the next boot\n");
		err = -EPERM;
	} else if (on && !locked) {
		/* Unless it is being unloaded: then nothing would be locked for long. */
		if (!try_module_get(THIS_MODULE)) {
			err = -ENODEV;
		} else {
			WRITE_ONCE(locked, true);
			pr_info("locked: nothing can be loosened before the next boot\n");
			ucg_change_tell("locked", "0", "1");
		}
	}
	mutex_unlock(&switches_lock);
	return err;
}

/*
 * Sysctl files. A write is one whole word, at the start of the file, with at most
 * one newline behind it; anything else changes nothing.
 */

static int read_text(const char *text, char *buffer, size_t *lenp, loff_t *ppos)
{
	size_t len = strlen(text);

	if (*ppos >= len) {
		*lenp = 0;
		return 0;
	}
	*lenp = min_t(size_t, *lenp, len - *ppos);
	memcpy(buffer, text + *ppos, *lenp);
	*ppos += *lenp;
	return 0;
}

static int written_word(char *word, const char *buffer, size_t len, loff_t pos)
{
	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	if (len && buffer[len - 1] == '\n')
		len--;
	if (pos || !len || len >= UCG_WORD_LEN || memchr(buffer, '\0', len))
		return -EINVAL;
	memcpy(word, buffer, len);
	word[len] = '\0';
	return 0;
}

static int policy_handler(UCG_CTL_TABLE *table, int write, void *buffer, size_t *lenp, loff_t *ppos)
{
	char word[UCG_WORD_LEN + 1];
	int policy, err;

	if (!write) {
		scnprintf(word, sizeof(word), "%s\n", ucg_policy_words[ucg_policy_get()]);
		return read_text(word, buffer, lenp, ppos);
	}
	err = written_word(word, buffer, *lenp, *ppos);
	if (err == -EPERM)
		return err;
	policy = err ?: ucg_policy_parse(word);
	if (policy < 0) {
		pr_warn_ratelimited("kernel.usercopy_guard.policy: that is no policy; there are warn, fallback and enforce\n");
		return -EINVAL;
	}
	err = ucg_policy_set(policy);
	if (!err)
		*ppos += *lenp;
	return err;
}

static int available_handler(UCG_CTL_TABLE *table, int write, void *buffer, size_t *lenp,
			     loff_t *ppos)
{
	char words[UCG_NR_POLICIES * UCG_WORD_LEN];
	size_t len = 0;
	int i;

	if (write)
		return -EPERM;
	for (i = 0; i < UCG_NR_POLICIES; i++)
		len += scnprintf(words + len, sizeof(words) - len, "%s%s", i ? " " : "",
				 ucg_policy_words[i]);
	scnprintf(words + len, sizeof(words) - len, "\n");
	return read_text(words, buffer, lenp, ppos);
}

/* .extra1 is what reads the switch, .extra2 what sets it. */
static int switch_handler(UCG_CTL_TABLE *table, int write, void *buffer, size_t *lenp, loff_t *ppos)
{
	bool (*get)(void) = table->extra1;
	int (*set)(bool on) = table->extra2;
	char word[UCG_WORD_LEN + 1];
	int err;

	if (!write)
		return read_text(get() ? "1\n" : "0\n", buffer, lenp, ppos);
	err = written_word(word, buffer, *lenp, *ppos);
	if (err)
		return err;
	if (strcmp(word, "0") && strcmp(word, "1"))
		return -EINVAL;
	err = set(word[0] == '1');
	if (!err)
		*ppos += *lenp;
	return err;
}

/* Its place in the table. */
#define UCG_SWITCH_EVIDENCE	4

static struct ctl_table switches[] = {
	{
		.procname	= "policy",
		.mode		= 0644,
		.proc_handler	= policy_handler,
	},
	{
		.procname	= "available_policies",
		.mode		= 0444,
		.proc_handler	= available_handler,
	},
	{
		.procname	= "kill",
		.mode		= 0644,
		.proc_handler	= switch_handler,
		.extra1		= ucg_policy_kills,
		.extra2		= ucg_policy_set_kill,
	},
	{
		.procname	= "locked",
		.mode		= 0644,
		.proc_handler	= switch_handler,
		.extra1		= ucg_policy_locked,
		.extra2		= lock_switches,
	},
	{
		/* The rest comes by ucg_policy_offer_evidence(). */
		.procname	= "evidence",
		.mode		= 0644,
		.proc_handler	= switch_handler,
	},
	UCG_CTL_SENTINEL
};

/**
 * ucg_policy_start - set policy and kill switch to begin with
 * @policy:	the policy
 * @kill:	the switch
 *
 * Context: before the hook is attached.
 */
void ucg_policy_start(enum ucg_policy policy, bool kill)
{
	global_policy = policy;
	kill_switch = kill;
}

/**
 * ucg_policy_offer_evidence - how the switch "evidence" is read and turned, by those who know it
 * @get:	reads it
 * @set:	turns it, and returns an error or 0
 *
 * Context: before ucg_policy_init().
 */
void ucg_policy_offer_evidence(bool (*get)(void), int (*set)(bool on))
{
	struct ctl_table *evidence = &switches[UCG_SWITCH_EVIDENCE];

	evidence->extra1 = get;
	evidence->extra2 = set;
}

/**
 * ucg_policy_init - offer the switches
 *
 * Context: process, may sleep.
 * Return: 0 or -ENOMEM.
 */
int ucg_policy_init(void)
{
	sysctl_header = register_sysctl("kernel/usercopy_guard", switches);
	return sysctl_header ? 0 : -ENOMEM;
}

/**
 * ucg_policy_exit - take the switches away
 *
 * Context: process, may sleep.
 */
void ucg_policy_exit(void)
{
	unregister_sysctl_table(sysctl_header);
}
