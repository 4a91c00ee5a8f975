// SPDX-License-Identifier: GPL-2.0-only
/*
 * Ranges of bytes that violations touched: exact, whoever adds, and said when they are too many.
 */
#include <kunit/test.h>
#include <linux/completion.h>
#include <linux/kthread.h>
#include <linux/random.h>

#include "usercopy/ranges.h"

/* Bytes of the object that the model keeps one by one. */
#define BYTES	64

struct model {
	struct ucg_ranges ranges;
	bool touched[BYTES];
};

static void add(struct model *m, unsigned int first, unsigned int n)
{
	unsigned int i;

	ucg_ranges_add(&m->ranges, first, n);
	for (i = first; i < first + n; i++)
		WRITE_ONCE(m->touched[i], true);
}

static unsigned int count_ranges(const struct model *m)
{
	unsigned int i, nr = 0;

	for (i = 0; i < BYTES; i++)
		nr += m->touched[i] && (!i || !m->touched[i - 1]);
	return nr;
}

/* As many ranges as there are, sorted, and not a byte more or less. */
static void expect_exact(struct kunit *test, const struct model *m)
{
	bool read[BYTES] = {};
	struct ucg_region at[UCG_RANGES];
	int nr = ucg_ranges_read(&m->ranges, at), i;
	u32 byte;

	KUNIT_ASSERT_EQ(test, nr, (int)count_ranges(m));
	for (i = 0; i < nr; i++) {
		KUNIT_EXPECT_TRUE(test, !i || at[i - 1].last + 1 < at[i].first);
		for (byte = at[i].first; byte <= at[i].last && byte < BYTES; byte++)
			read[byte] = true;
	}
	KUNIT_EXPECT_EQ(test, memcmp(read, m->touched, sizeof(read)), 0);
}

static void ranges_are_exact(struct kunit *test)
{
	struct model *m = kunit_kzalloc(test, sizeof(*m), GFP_KERNEL);
	struct rnd_state random;
	unsigned int round, i;

	KUNIT_ASSERT_NOT_NULL(test, m);
	prandom_seed_state(&random, 13);
	for (round = 0; round < 2000; round++) {
		memset(m, 0, sizeof(*m));
		for (i = 0; i < 12; i++) {
			unsigned int first = prandom_u32_state(&random) % BYTES;
			struct model before = *m;

			add(m, first, 1 + prandom_u32_state(&random) % min(6U, BYTES - first));
			if (count_ranges(m) > UCG_RANGES) {
				/* One too many: said, and for good. */
				struct ucg_region at[UCG_RANGES];

				KUNIT_EXPECT_EQ(test, ucg_ranges_read(&m->ranges, at), -1);
				*m = before;
			}
			expect_exact(test, m);
		}
	}
}

static void two_parts_are_two_ranges(struct kunit *test)
{
	struct ucg_region at[UCG_RANGES];
	struct ucg_ranges ranges = {};
	unsigned int i;

	ucg_ranges_add(&ranges, 100, 8);
	ucg_ranges_add(&ranges, 0, 8);
	KUNIT_ASSERT_EQ(test, ucg_ranges_read(&ranges, at), 2);
	KUNIT_EXPECT_EQ(test, at[0].first, 0U);
	KUNIT_EXPECT_EQ(test, at[0].last, 7U);
	KUNIT_EXPECT_EQ(test, at[1].first, 100U);
	KUNIT_EXPECT_EQ(test, at[1].last, 107U);
	for (i = 2; i < UCG_RANGES + 1; i++)
		ucg_ranges_add(&ranges, 100 * i, 8);
	KUNIT_EXPECT_EQ(test, ucg_ranges_read(&ranges, at), -1);
}

static void the_last_byte_there_is(struct kunit *test)
{
	struct ucg_region at[UCG_RANGES];
	struct ucg_ranges ranges = {};

	ucg_ranges_add(&ranges, U32_MAX - 1, 1);
	KUNIT_ASSERT_EQ(test, ucg_ranges_read(&ranges, at), 1);
	KUNIT_EXPECT_EQ(test, at[0].first, U32_MAX - 1);
	/* What 32 bits cannot say is too much. */
	ucg_ranges_add(&ranges, U32_MAX - 1, 3);
	KUNIT_EXPECT_EQ(test, ucg_ranges_read(&ranges, at), -1);
}

struct adder {
	struct model *m;
	struct completion done;
	unsigned int seed;
};

/* Single bytes of the first quarter, which come to one range in the end, and eight more bytes. */
static int add_many(void *arg)
{
	struct adder *a = arg;
	struct rnd_state random;
	unsigned int i;

	prandom_seed_state(&random, a->seed);
	for (i = 0; i < 400; i++) {
		u32 value = prandom_u32_state(&random);

		add(a->m, value % 16, 1);
		if (i > 300)
			add(a->m, 20 + value % 4 * 8, 2);
		if (!(i % 64))
			cond_resched();
	}
	complete(&a->done);
	return 0;
}

static void whoever_adds_at_once_loses_nothing(struct kunit *test)
{
	struct adder *adders = kunit_kcalloc(test, 4, sizeof(*adders), GFP_KERNEL);
	struct model *m = kunit_kzalloc(test, sizeof(*m), GFP_KERNEL);
	unsigned int round, i, read, nr, exact = 0;
	struct ucg_region at[UCG_RANGES];

	KUNIT_ASSERT_NOT_NULL(test, adders);
	KUNIT_ASSERT_NOT_NULL(test, m);
	for (round = 0; round < 200; round++) {
		memset(m, 0, sizeof(*m));
		/* Few gaps, so that more than fit are never there at once. */
		for (i = 0; i < 16; i += 4)
			add(m, i, 3);
		for (i = 0; i < 4; i++) {
			adders[i].m = m;
			adders[i].seed = 4 * round + i;
			init_completion(&adders[i].done);
			KUNIT_ASSERT_FALSE(test, IS_ERR(kthread_run(add_many, &adders[i],
								    "ucg_add")));
		}
		for (i = 0; i < 4; i++)
			wait_for_completion(&adders[i].done);
		nr = count_ranges(m);
		read = ucg_ranges_read(&m->ranges, at);
		/* Too many for a moment is possible, a wrong set is not. */
		if (read == -1U)
			continue;
		KUNIT_EXPECT_EQ(test, read, nr);
		expect_exact(test, m);
		exact++;
	}
	KUNIT_EXPECT_GT(test, exact, 100U);
}

static struct kunit_case ranges_cases[] = {
	KUNIT_CASE(ranges_are_exact),
	KUNIT_CASE(two_parts_are_two_ranges),
	KUNIT_CASE(the_last_byte_there_is),
	KUNIT_CASE(whoever_adds_at_once_loses_nothing),
	{}
};

static struct kunit_suite ranges_suite = {
	.name = "usercopy_guard_ranges",
	.test_cases = ranges_cases,
};

kunit_test_suite(ranges_suite);
