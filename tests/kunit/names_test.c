// SPDX-License-Identifier: GPL-2.0-only
/*
 * Names: rules know caches by nothing else, through the caches' own coming and going, and when SLUB
 * makes one cache of many.
 */
#include <linux/delay.h>
#include <linux/fs.h>
#include <linux/init_syscalls.h>
#include <linux/namei.h>
#include <linux/rcupdate.h>

#include "fixture.h"
#include "rules_fixture.h"
#include "whitelist/alias.h"
#include "whitelist/rule.h"
#include "whitelist/whitelist.h"

/* Rules know caches by name, and by nothing else. */
static void a_rule_waits_for_its_cache_and_survives_it(struct kunit *test)
{
	struct ucg_test_rules *w = test->priv;
	int i;

	KUNIT_ASSERT_EQ(test, 0, ucg_test_load("allow " NAME " 0 8\n"));
	for (i = 0; i < 3; i++) {
		EXPECT_GO(test, ucg_test_make_cache(test), 8);
		EXPECT_REFUSED(test, w->object + 8, 8);
		ucg_test_cache_destroy(&w->c);
		w->c.s = NULL;
	}
}

static void another_cache_at_the_same_address_has_no_rule(struct kunit *test)
{
	struct ucg_test_rules *w = test->priv;
	struct ucg_test_cache other;
	const struct kmem_cache *was;
	bool met = false;
	int tries;

	KUNIT_ASSERT_EQ(test, 0, ucg_test_load("allow " NAME " 0 8\npolicy " NAME " warn\n"));
	for (tries = 0; tries < 64 && !met; tries++) {
		EXPECT_GO(test, ucg_test_make_cache(test), SIZE);
		was = w->c.s;
		ucg_test_cache_destroy(&w->c);
		w->c.s = NULL;
		/* What is destroyed is freed somewhat later. */
		rcu_barrier();
		msleep(20);
		ucg_test_cache_create(test, &other, "ucg_rules_other", SIZE, 0, USEROFFSET,
				      USERSIZE);
		met = other.s == was;
		EXPECT_REFUSED(test, other.objects[0], 8);
		ucg_test_cache_destroy(&other);
	}
	if (!met)
		kunit_skip(test, "in %d tries no cache got the address of another", tries);
}

/*
 * Names of merged caches are links in /sys/kernel/slab. Suites run before there
 * is a user space that could have mounted it; __ref: before memory of __init is
 * freed, too.
 */
static __ref bool mount_sysfs(void)
{
	struct path path;

	if (!kern_path("/sys/kernel/slab", LOOKUP_FOLLOW, &path)) {
		path_put(&path);
		return true;
	}
	if (system_state >= SYSTEM_FREEING_INITMEM)
		return false;
	init_mkdir("/sys", 0755);
	return !init_mount("sysfs", "/sys", "sysfs", 0, NULL);
}

/* Two caches that SLUB makes one, or a reason why not. */
static struct kmem_cache *make_merged(struct kunit *test, const char *one, const char *two)
{
	struct kmem_cache *a, *b;

	if (!IS_ENABLED(CONFIG_SYSFS) || !mount_sysfs())
		kunit_skip(test, "no /sys to read names of merged caches from");
	a = kmem_cache_create(one, 1160, 0, 0, NULL);
	KUNIT_ASSERT_NOT_NULL(test, a);
	b = kmem_cache_create(two, 1160, 0, 0, NULL);
	KUNIT_ASSERT_NOT_NULL(test, b);
	if (a != b) {
		kmem_cache_destroy(a);
		kmem_cache_destroy(b);
		kunit_skip(test, "this kernel merges no slab caches");
	}
	return a;
}

static void a_rule_for_one_name_reaches_the_merged_cache(struct kunit *test)
{
	struct kmem_cache *s = make_merged(test, "ucg_alias_one", "ucg_alias_two");
	char *object = kmem_cache_alloc(s, GFP_KERNEL);
	struct ucg_whitelist_stats stats;

	KUNIT_ASSERT_NOT_NULL(test, object);
	KUNIT_EXPECT_EQ(test, 0, ucg_test_load("allow ucg_alias_two 8 8\n"));
	EXPECT_GO(test, object + 8, 8);
	EXPECT_REFUSED(test, object, 8);
	/* The rules of all its names hold together. */
	KUNIT_EXPECT_EQ(test, 0, ucg_test_load("allow ucg_alias_one 0 8\n"));
	EXPECT_GO(test, object, 16);
	/* Openly: the file says what else a rule reaches. */
	KUNIT_EXPECT_NOT_NULL(test,
			      strstr(ucg_test_file(test), "# ucg_alias_one is merged into :"));
	KUNIT_EXPECT_NOT_NULL(test,
			      strstr(ucg_test_file(test), "# ucg_alias_two is merged into :"));
	ucg_whitelist_stats(&stats);
	KUNIT_EXPECT_EQ(test, stats.merged, 1U);

	KUNIT_EXPECT_EQ(test, 0, ucg_test_load("flush\npolicy ucg_alias_two warn\n"));
	EXPECT_GO(test, object, 1160);
	KUNIT_EXPECT_EQ(test, 0, ucg_test_load("flush\n"));
	EXPECT_REFUSED(test, object + 8, 8);

	kmem_cache_free(s, object);
	kmem_cache_destroy(s);
	kmem_cache_destroy(s);
}

/* The first copy that a rule may be about has names followed anew, a second later. */
static void a_rule_finds_a_cache_that_is_merged_later(struct kunit *test)
{
	struct kmem_cache *s;
	char *object;
	int tries;

	KUNIT_ASSERT_EQ(test, 0, ucg_test_load("allow ucg_alias_late 8 8\n"));
	s = make_merged(test, "ucg_alias_early", "ucg_alias_late");
	object = kmem_cache_alloc(s, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, object);
	EXPECT_REFUSED(test, object + 8, 8);
	for (tries = 0; tries < 100 && !ucg_test_goes(object + 8, 8, true); tries++)
		msleep(100);
	EXPECT_GO(test, object + 8, 8);
	EXPECT_REFUSED(test, object, 8);

	kmem_cache_free(s, object);
	kmem_cache_destroy(s);
	kmem_cache_destroy(s);
}

/* What the file and a report have room for; the rest is said to be there. */
static void names_without_room_are_dots(struct kunit *test)
{
	struct kmem_cache *s = make_merged(test, "ucg_alias_many", "ucg_alias_more");
	static char name[30][32];
	char names[UCG_MERGED_NAMES], merge_id[UCG_MERGE_ID_MAX + 1] = "";
	const char *file, *into;
	int i, nr;

	for (i = 0; i < ARRAY_SIZE(name); i++) {
		snprintf(name[i], sizeof(name[i]), "ucg_alias_many_more_%d", i);
		KUNIT_EXPECT_PTR_EQ(test, kmem_cache_create(name[i], 1160, 0, 0, NULL), s);
	}
	KUNIT_EXPECT_EQ(test, 0, ucg_test_load("allow ucg_alias_many 8 8\n"));
	file = ucg_test_file(test);
	KUNIT_EXPECT_NOT_NULL(test, strstr(file, ", ...\nallow ucg_alias_many 8 8 both\n"));
	into = strstr(file, "is merged into ");
	if (into)
		strscpy(merge_id, into + strlen("is merged into "),
			min(sizeof(merge_id), strcspn(into + strlen("is merged into "), ",") + 1));

	/* Links of tests before may be there still. */
	nr = ucg_aliases_of(merge_id, names, sizeof(names));
	KUNIT_EXPECT_GE(test, nr, 32);
	KUNIT_EXPECT_STREQ(test, ", ...", names + strlen(names) - strlen(", ..."));
	KUNIT_EXPECT_EQ(test, nr, ucg_aliases_of(merge_id, names, 8));
	KUNIT_EXPECT_STREQ(test, "...", names);
	snprintf(names, sizeof(names), ", which %d names share:\n#   ucg_alias_", nr);
	KUNIT_EXPECT_NOT_NULL(test, strstr(file, names));
	KUNIT_EXPECT_EQ(test, 0, ucg_aliases_of(":none", names, sizeof(names)));
	KUNIT_EXPECT_STREQ(test, "", names);

	KUNIT_EXPECT_EQ(test, 0, ucg_test_load("flush\n"));
	for (i = 0; i < ARRAY_SIZE(name) + 2; i++)
		kmem_cache_destroy(s);
}

static struct kunit_case names_cases[] = {
	KUNIT_CASE(a_rule_waits_for_its_cache_and_survives_it),
	KUNIT_CASE(another_cache_at_the_same_address_has_no_rule),
	KUNIT_CASE(a_rule_for_one_name_reaches_the_merged_cache),
	KUNIT_CASE(a_rule_finds_a_cache_that_is_merged_later),
	KUNIT_CASE(names_without_room_are_dots),
	{}
};

static struct kunit_suite names_suite = {
	.name = "usercopy_guard_names",
	.init = ucg_test_rules_init,
	.exit = ucg_test_rules_exit,
	.test_cases = names_cases,
};

kunit_test_suite(names_suite);
