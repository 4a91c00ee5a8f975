// SPDX-License-Identifier: GPL-2.0-only
/*
 * All at once: copies that violate, for the first time and again, while rules and policies change
 * and somebody reads. Run on a kernel with KCSAN, this is where it has something to see
 * (tests/kunit/run --kcsan).
 */
#include <kunit/test.h>
#include <linux/completion.h>
#include <linux/cpumask.h>
#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/random.h>
#include <linux/uaccess.h>

#include "fixture.h"
#include "usercopy/policy.h"
#include "usercopy/ranges.h"
#include "usercopy/report.h"
#include "usercopy/trace.h"
#include "usercopy/use.h"
#include "usercopy/violation.h"
#include "whitelist/file.h"

#define SIZE		256U
#define USEROFFSET	64U
#define USERSIZE	64U
/* What the rules that come and go are about. */
#define RULED		128U
#define RULED_SIZE	16U

/* Each cache lives for so long, and there is a first violation of it by everybody. */
#define CACHE_MS	100
#define ROUNDS		(IS_ENABLED(CONFIG_KCSAN) ? 60 : 20)
#define COPIERS		3

/**
 * struct all - what everybody knows
 * @c:		the cache
 * @name:	its name
 * @stop:	it is enough
 * @seed:	for what is random
 */
struct all {
	struct ucg_test_cache c;
	char name[24];
	bool stop;
	unsigned int seed;
};

/**
 * struct copier - one that copies until it is told to stop
 * @all:	what all know
 * @done:	it has stopped
 * @allowed:	bad copies that went ahead
 * @refused:	bad copies that did not
 * @stopped:	good copies that did not
 */
struct copier {
	struct all *all;
	struct completion done;
	u64 allowed;
	u64 refused;
	u64 stopped;
};

static noinline __noclone bool copy_ruled(const void *ptr, unsigned long n)
{
	bool verdict = check_object_size(ptr, n, true);

	/* Not a jump to it: then this would be no caller. Below likewise. */
	barrier();
	return verdict;
}

static noinline __noclone bool copy_at_once(const void *ptr, unsigned long n, bool to_user)
{
	bool verdict = check_object_size(ptr, n, to_user);

	barrier();
	OPTIMIZER_HIDE_VAR(n);
	return verdict && n;
}

static int copy_on(void *arg)
{
	struct copier *c = arg;
	struct rnd_state random;

	prandom_seed_state(&random, c->all->seed + hash_ptr(c, 16));
	while (!READ_ONCE(c->all->stop)) {
		u32 value = prandom_u32_state(&random);
		char *object = c->all->c.objects[value % UCG_TEST_OBJECTS];
		bool to_user = value & 0x100;
		/* In front of the region: rules have nothing to say there. */
		unsigned int first = (value >> 9) % 32, n = 1 + (value >> 14) % 8;

		if (copy_at_once(object + first, ucg_test_hide(n), to_user))
			c->allowed++;
		else
			c->refused++;
		c->stopped += !copy_at_once(object + USEROFFSET + (value >> 17) % 32,
					    ucg_test_hide(1 + (value >> 22) % 32), to_user);
		/* Good and bad in turn, as the rules are. */
		copy_ruled(object + RULED, ucg_test_hide(RULED_SIZE));
		if (!(value % 64))
			cond_resched();
	}
	complete(&c->done);
	return 0;
}

/* Policies and rules, one after the other, as fast as it goes. */
static int change_on(void *arg)
{
	struct copier *c = arg;
	char rule[64];
	int i;

	for (i = 0; !READ_ONCE(c->all->stop); i++) {
		if (ucg_policy_set(i & 1 ? UCG_ENFORCE : UCG_WARN))
			c->stopped++;
		snprintf(rule, sizeof(rule), "%s %s %u %u to\n", i & 1 ? "delete allow" : "allow",
			 c->all->name, RULED, RULED_SIZE);
		if (ucg_whitelist_write(rule, strlen(rule)))
			c->stopped++;
		cond_resched();
	}
	complete(&c->done);
	return 0;
}

/* Read all there is, as the files do. */
static int read_on(void *arg)
{
	struct copier *c = arg;
	struct ucg_region at[UCG_RANGES];
	char by[UCG_BY_LEN];

	while (!READ_ONCE(c->all->stop)) {
		unsigned int i;

		for (i = 0; i < ucg_violation_slots(); i++) {
			const struct ucg_violation *v = ucg_violation_at(i);
			struct ucg_decision d;

			if (!v)
				continue;
			ucg_ranges_read(&v->ranges, at);
			d = ucg_violation_decided(&v->decided);
			ucg_report_by(by, sizeof(by), v, &d);
			/* What a record says was counted before it is known. */
			c->stopped += !ucg_violation_count(v);
		}
		for (i = 0; i < UCG_USE_SLOTS; i++) {
			const struct ucg_use *use = ucg_use_at(i);

			if (use)
				ucg_ranges_read(&use->ranges[UCG_DIR_TO], at);
		}
		ucg_report_now();
		cond_resched();
	}
	complete(&c->done);
	return 0;
}

/* What decided when there was this outcome for the first time. */
static int policy_of(const struct ucg_violation *v, enum ucg_outcome outcome)
{
	return ucg_violation_decided(&v->decided_at[outcome]).policy;
}

/* What the records of this cache come to, where no rule was: each of them right in itself. */
static void expect_counts(struct kunit *test, const struct all *all, u64 allowed, u64 refused)
{
	u64 found[UCG_NR_OUTCOMES] = {};
	unsigned int i, o, records = 0;

	for (i = 0; i < ucg_violation_slots(); i++) {
		const struct ucg_violation *v = ucg_violation_at(i);

		if (!v || strcmp(v->cache, all->name) || v->offset >= USEROFFSET)
			continue;
		records++;
		for (o = 0; o < UCG_NR_OUTCOMES; o++)
			found[o] += atomic64_read(&v->outcomes[o]);
		if (atomic64_read(&v->outcomes[UCG_OUTCOME_ALLOWED]))
			KUNIT_EXPECT_EQ(test, policy_of(v, UCG_OUTCOME_ALLOWED), (int)UCG_WARN);
		if (atomic64_read(&v->outcomes[UCG_OUTCOME_REFUSED]))
			KUNIT_EXPECT_EQ(test, policy_of(v, UCG_OUTCOME_REFUSED),
					(int)UCG_ENFORCE);
	}
	KUNIT_EXPECT_LE(test, records, 2U);
	KUNIT_EXPECT_EQ(test, found[UCG_OUTCOME_ALLOWED], allowed);
	KUNIT_EXPECT_EQ(test, found[UCG_OUTCOME_REFUSED], refused);
}

static void start(struct kunit *test, struct copier *c, int (*what)(void *), struct all *all)
{
	*c = (struct copier){ .all = all };
	init_completion(&c->done);
	KUNIT_ASSERT_FALSE(test, IS_ERR(kthread_run(what, c, "ucg_race")));
}

static void nothing_is_lost_or_mixed(struct kunit *test)
{
	struct copier *who = kunit_kcalloc(test, COPIERS + 2, sizeof(*who), GFP_KERNEL);
	struct all *all = kunit_kzalloc(test, sizeof(*all), GFP_KERNEL);
	u64 copies = 0;
	int round, i;

	KUNIT_ASSERT_NOT_NULL(test, who);
	KUNIT_ASSERT_NOT_NULL(test, all);
	for (round = 0; round < ROUNDS; round++) {
		u64 allowed = 0, refused = 0;

		all->stop = false;
		all->seed = round;
		snprintf(all->name, sizeof(all->name), "ucg_race_%d", round);
		ucg_test_cache_create(test, &all->c, all->name, SIZE, 0, USEROFFSET, USERSIZE);
		for (i = 0; i < COPIERS; i++)
			start(test, &who[i], copy_on, all);
		start(test, &who[COPIERS], change_on, all);
		start(test, &who[COPIERS + 1], read_on, all);
		msleep(CACHE_MS);
		WRITE_ONCE(all->stop, true);
		for (i = 0; i < COPIERS + 2; i++) {
			wait_for_completion(&who[i].done);
			KUNIT_EXPECT_EQ(test, who[i].stopped, 0ULL);
			allowed += who[i].allowed;
			refused += who[i].refused;
		}
		expect_counts(test, all, allowed, refused);
		copies += allowed + refused;
		KUNIT_ASSERT_EQ(test, 0, ucg_whitelist_write("flush\n", 6));
		ucg_test_cache_destroy(&all->c);
	}
	KUNIT_EXPECT_GT(test, copies, (u64)ROUNDS * 100);
	kunit_info(test, "%llu bad copies in %d rounds", copies, ROUNDS);
}

/**
 * struct meanwhile - a copy that is decided about while another one is
 * @object:	what both are of
 * @now:	the first one is decided about
 * @begun:	that was seen
 * @allowed:	what became of the second one
 */
struct meanwhile {
	char *object;
	struct completion now;
	bool begun;
	bool allowed;
};

static int loosen(void *arg)
{
	struct meanwhile *m = arg;

	wait_for_completion(&m->now);
	ucg_policy_set(UCG_WARN);
	complete(&m->now);
	return 0;
}

/*
 * The first copy is to be refused, and nothing has been done about it yet: now there is one of the
 * same record that is decided about by a policy that another CPU has set.
 */
static void copy_meanwhile(void *arg, const struct ucg_finding *f, enum ucg_action action,
			   enum ucg_policy policy, const struct ucg_site *site,
			   unsigned long caller)
{
	struct meanwhile *m = arg;
	unsigned int tries = 1000000;

	if (m->begun)
		return;
	m->begun = true;
	complete(&m->now);
	while (ucg_policy_get() != UCG_WARN && tries--)
		udelay(1);
	m->allowed = copy_at_once(m->object, ucg_test_hide(8), true);
}

static void each_outcome_has_its_own_policy(struct kunit *test)
{
	struct meanwhile *m = kunit_kzalloc(test, sizeof(*m), GFP_KERNEL);
	struct ucg_test_cache *c = kunit_kzalloc(test, sizeof(*c), GFP_KERNEL);
	const struct ucg_violation *v;

	if (num_online_cpus() < 2)
		kunit_skip(test, "needs a CPU for who changes the policy");
	KUNIT_ASSERT_NOT_NULL(test, m);
	KUNIT_ASSERT_NOT_NULL(test, c);
	ucg_test_cache_create(test, c, "ucg_race_policy", SIZE, 0, USEROFFSET, USERSIZE);
	m->object = c->objects[0];
	init_completion(&m->now);
	KUNIT_ASSERT_EQ(test, 0, ucg_policy_set(UCG_ENFORCE));
	KUNIT_ASSERT_FALSE(test, IS_ERR(kthread_run(loosen, m, "ucg_loosen")));
	KUNIT_ASSERT_EQ(test, 0, register_trace_usercopy_violation(copy_meanwhile, m));
	KUNIT_EXPECT_FALSE(test, copy_at_once(m->object, ucg_test_hide(8), true));
	unregister_trace_usercopy_violation(copy_meanwhile, m);
	tracepoint_synchronize_unregister();
	wait_for_completion(&m->now);
	KUNIT_EXPECT_TRUE(test, m->allowed);
	v = ucg_test_record("ucg_race_policy", "copy_at_once", true);
	KUNIT_ASSERT_NOT_NULL(test, v);
	KUNIT_EXPECT_EQ(test, policy_of(v, UCG_OUTCOME_REFUSED), (int)UCG_ENFORCE);
	KUNIT_EXPECT_EQ(test, policy_of(v, UCG_OUTCOME_ALLOWED), (int)UCG_WARN);
	ucg_test_cache_destroy(c);
}

static int race_init(struct kunit *test)
{
	test->priv = (void *)(unsigned long)ucg_policy_get();
	ucg_test_given_slab(test);
	return ucg_policy_set(UCG_WARN);
}

static void race_exit(struct kunit *test)
{
	ucg_whitelist_write("flush\n", 6);
	ucg_policy_set((enum ucg_policy)(unsigned long)test->priv);
}

static struct kunit_case race_cases[] = {
	KUNIT_CASE(nothing_is_lost_or_mixed),
	KUNIT_CASE(each_outcome_has_its_own_policy),
	{}
};

static struct kunit_suite race_suite = {
	.name = "usercopy_guard_race",
	.init = race_init,
	.exit = race_exit,
	.test_cases = race_cases,
};

kunit_test_suite(race_suite);
