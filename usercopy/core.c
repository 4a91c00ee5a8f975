// SPDX-License-Identifier: GPL-2.0-only
/*
 * usercopy_guard: the usercopy check with a choice of consequences. Warn first.
 *
 * This file brings the parts up in order and takes them down in reverse. The hook comes when all is
 * there that it needs, and goes before any of that; the files are there while it is.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/init.h>
#include <linux/module.h>
#include <linux/string.h>

#include "whitelist/whitelist.h"

#include "files.h"
#include "hook.h"
#include "layout.h"
#include "limits.h"
#include "object.h"
#include "policy.h"
#include "report.h"
#include "use.h"
#include "violation.h"

static unsigned int max_violations = UCG_VIOLATIONS_DEFAULT;
module_param(max_violations, uint, 0444);
MODULE_PARM_DESC(max_violations, "distinct violations kept, 16 to 65536 (default 512)");

#ifdef CONFIG_USERCOPY_GUARD_DEFAULT_ENFORCE
#define UCG_DEFAULT	UCG_ENFORCE
#elif defined(CONFIG_USERCOPY_GUARD_DEFAULT_FALLBACK)
#define UCG_DEFAULT	UCG_FALLBACK
#else
#define UCG_DEFAULT	UCG_WARN
#endif

/* What the parameters said; later changes go by sysctl. */
static int start_policy = UCG_DEFAULT;
static bool start_kill;

static int set_start_policy(const char *value, const struct kernel_param *param)
{
	int policy;
	char word[UCG_WORD_LEN] = "";

	/* A newline at the end is no part of the word; what is too long is none. */
	if (value && strscpy(word, value, sizeof(word)) >= 0)
		strim(word);
	policy = ucg_policy_parse(word);
	if (policy < 0) {
		pr_err("policy= must be warn, fallback or enforce\n");
		return -EINVAL;
	}
	start_policy = policy;
	return 0;
}

static int get_start_policy(char *buffer, const struct kernel_param *param)
{
	return sysfs_emit(buffer, "%s\n", ucg_policy_words[ucg_policy_get()]);
}

static const struct kernel_param_ops policy_ops = {
	.set = set_start_policy,
	.get = get_start_policy,
};

module_param_cb(policy, &policy_ops, NULL, 0444);
MODULE_PARM_DESC(policy, "warn: report, refuse nothing; fallback: refuse what leaves its object; enforce: refuse what leaves the whitelist, too (default warn)");

module_param_named(kill, start_kill, bool, 0);
MODULE_PARM_DESC(kill, "1: hand what the policy refuses to the kernel's check, which kills the process (default 0)");

static void exit_stores(void)
{
	ucg_whitelist_stop();
	ucg_report_exit();
	ucg_use_exit();
	ucg_violation_exit();
}

/* What is seen, what is told of it, and the rules: all that copies are judged by, and end up in. */
static int __init init_stores(void)
{
	int err = ucg_violation_init(max_violations);

	if (err)
		return err;
	err = ucg_use_init();
	if (err)
		goto no_use;
	err = ucg_report_init();
	if (err)
		goto no_report;
	err = ucg_whitelist_start();
	if (err)
		goto no_whitelist;
	ucg_policy_offer_evidence(ucg_use_wanted, ucg_use_want);
	return 0;

no_whitelist:
	ucg_report_exit();
no_report:
	ucg_use_exit();
no_use:
	ucg_violation_exit();
	return err;
}

static int __init usercopy_guard_init(void)
{
	int err;

	if (max_violations < UCG_VIOLATIONS_MIN || max_violations > UCG_VIOLATIONS_MAX) {
		pr_err("max_violations= must be %d to %d\n", UCG_VIOLATIONS_MIN,
		       UCG_VIOLATIONS_MAX);
		return -EINVAL;
	}
	err = ucg_layout_verify();
	if (err)
		return err;
	err = ucg_object_init();
	if (err)
		return err;
	err = init_stores();
	if (err)
		goto no_stores;
	ucg_policy_start(start_policy, start_kill);
	err = ucg_policy_init();
	if (err) {
		pr_err("no sysctl kernel.usercopy_guard (error %d); not loaded\n", err);
		goto no_policy;
	}
	err = ucg_hook_attach();
	if (err)
		goto no_hook;
	/* At last: who opens one keeps a module that is loaded, but not one that turns out not to be. */
	err = ucg_files_init();
	if (err) {
		pr_err("no files in securityfs (error %d); not loaded\n", err);
		goto no_files;
	}
	pr_info("watching copies to and from user space; policy %s, kill %d\n",
		ucg_policy_words[start_policy], start_kill);
	return 0;

no_files:
	ucg_hook_detach();
no_hook:
	ucg_policy_exit();
no_policy:
	exit_stores();
no_stores:
	ucg_object_exit();
	return err;
}

static void __exit usercopy_guard_exit(void)
{
	/*
	 * First of all: nobody has one open, and until they are no files of the module's any more the VFS warns
	 * of who tries. Taking the hook off takes a while, and the rules hold for as long as that.
	 */
	ucg_files_exit();
	ucg_hook_detach();
	ucg_policy_exit();
	exit_stores();
	ucg_object_exit();
	pr_info("unloaded; the kernel's own check is back\n");
}

ucg_initcall(usercopy_guard_init);
module_exit(usercopy_guard_exit);

MODULE_DESCRIPTION("Checks copies to and from user space against slab cache whitelists: warn first");
MODULE_AUTHOR("The usercopy_guard developers");
MODULE_VERSION(UCG_VERSION);
MODULE_LICENSE("GPL");
