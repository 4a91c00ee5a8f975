// SPDX-License-Identifier: GPL-2.0-only
/*
 * What drivers call (include/linux/usercopy_guard.h). Their rules go with their module: whitelist.c
 * hears of that.
 */
#include <linux/module.h>
#include <linux/string.h>

/* The functions are here, whoever else can reach them. */
#define USERCOPY_GUARD_EXTERNAL
#include "../include/linux/usercopy_guard.h"
#include "edit.h"
#include "rule.h"
#include "ruleset.h"
#include "whitelist.h"

struct driver_change {
	const char *name;
	struct ucg_driver_rule rule;
};

static int allow_for_driver(struct ucg_ruleset *set, void *arg)
{
	struct driver_change *d = arg;

	return ucg_ruleset_add_driver(set, d->name, &d->rule);
}

static int disallow_for_driver(struct ucg_ruleset *set, void *arg)
{
	struct driver_change *d = arg;

	return ucg_ruleset_drop_driver(set, d->name, &d->rule);
}

static int change_for_driver(int (*apply)(struct ucg_ruleset *set, void *arg),
			     struct module *owner, const char *name, u32 offset, u32 len,
			     unsigned int dirs)
{
	struct driver_change d = {
		.name		= name,
		.rule.owner	= owner,
		.rule.region	= { offset, offset + (len - 1) },
		.rule.dirs	= dirs,
	};
	const struct ucg_change change = { .apply = apply, .arg = &d };

	BUILD_BUG_ON(USERCOPY_GUARD_TO_USER != UCG_TO_USER);
	BUILD_BUG_ON(USERCOPY_GUARD_FROM_USER != UCG_FROM_USER);
	if (!name || !name[0] || strlen(name) > UCG_NAME_MAX || !len ||
	    (u64)offset + len > UCG_REGION_MAX || !dirs || (dirs & ~UCG_BOTH))
		return -EINVAL;
	strscpy(d.rule.owner_name, module_name(owner), sizeof(d.rule.owner_name));
	return ucg_whitelist_change(&change);
}

/**
 * __usercopy_guard_allow - usercopy_guard_allow() for a given module
 * @owner: the driver's module, NULL when it is built in
 * @cache_name: see there
 * @offset: see there
 * @len: see there
 * @dirs: see there
 *
 * Not subject to the lock: a driver could as well have created its cache with this region.
 *
 * Context: process; may sleep.
 * Return: see there.
 */
int __usercopy_guard_allow(struct module *owner, const char *cache_name, u32 offset, u32 len,
			   unsigned int dirs)
{
	return change_for_driver(allow_for_driver, owner, cache_name, offset, len, dirs);
}
EXPORT_SYMBOL_GPL(__usercopy_guard_allow);

/**
 * __usercopy_guard_disallow - usercopy_guard_disallow() for a given module
 * @owner: the driver's module, NULL when it is built in
 * @cache_name: see there
 * @offset: see there
 * @len: see there
 * @dirs: see there
 *
 * Context: process; may sleep.
 * Return: see there.
 */
int __usercopy_guard_disallow(struct module *owner, const char *cache_name, u32 offset, u32 len,
			      unsigned int dirs)
{
	return change_for_driver(disallow_for_driver, owner, cache_name, offset, len, dirs);
}
EXPORT_SYMBOL_GPL(__usercopy_guard_disallow);
