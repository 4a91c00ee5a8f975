// SPDX-License-Identifier: GPL-2.0-only
/*
 * Policy: every cell of the table from violation to action, in both directions,
 * by what the caller gets to see. The calling task lives through all of them.
 */
#include <linux/uaccess.h>
#include <linux/uio.h>

#include "fixture.h"
#include "usercopy/policy.h"

/* What the project promises; written here once more, not read from the guard. */
static const bool refused[UCG_NR_KINDS][UCG_NR_POLICIES] = {
	/*			 warn	fallback enforce */
	[UCG_WHITELIST]		= { false, false, true },
	[UCG_OBJECT]		= { false, true,  true },
	[UCG_REDZONE]		= { false, true,  true },
	[UCG_VMALLOC]		= { false, true,  true },
	[UCG_PAGE]		= { false, true,  true },
	[UCG_KMAP]		= { false, true,  true },
	[UCG_STACK]		= { false, true,  true },
	[UCG_TEXT]		= { false, true,  true },
	[UCG_MODULE_TEXT]	= { false, true,  true },
	[UCG_WRAP]		= { false, true,  true },
	[UCG_NULL]		= { false, true,  true },
};

static const char * const kind_text[UCG_NR_KINDS] = {
	[UCG_WHITELIST]		= "leaves the whitelisted region",
	[UCG_OBJECT]		= "leaves its slab object",
	[UCG_REDZONE]		= "starts in a red zone",
	[UCG_VMALLOC]		= "leaves its vmalloc area",
	[UCG_PAGE]		= "leaves its compound page",
	[UCG_KMAP]		= "leaves its kmap page",
	[UCG_STACK]		= "overlaps the end of the stack",
	[UCG_TEXT]		= "touches kernel text",
	[UCG_MODULE_TEXT]	= "touches module text",
	[UCG_WRAP]		= "wraps",
	[UCG_NULL]		= "starts at NULL",
};

struct cell {
	enum ucg_kind kind;
	enum ucg_policy policy;
	bool to_user;
};

/* Each cell is a test case of its own in the output, known by its place. */
static const char cells[(UCG_NR_KINDS - 1) * UCG_NR_POLICIES * 2];

static struct cell cell_at(const char *place)
{
	unsigned int i = place - cells;

	return (struct cell){
		.kind		= UCG_FINE + 1 + i / (UCG_NR_POLICIES * 2),
		.policy		= i / 2 % UCG_NR_POLICIES,
		.to_user	= i % 2 == 0,
	};
}

static void write_cell(const char *place, char *text, const char *refusal)
{
	struct cell cell = cell_at(place);

	snprintf(text, KUNIT_PARAM_DESC_SIZE, "%s: a copy %s user space that %s is %s",
		 ucg_policy_words[cell.policy], cell.to_user ? "to" : "from",
		 kind_text[cell.kind],
		 refused[cell.kind][cell.policy] ? refusal : "let through");
}

static void cell_text(const char *place, char *text)
{
	write_cell(place, text, "refused");
}

KUNIT_ARRAY_PARAM(cell, cells, cell_text);

static void killing_cell_text(const char *place, char *text)
{
	write_cell(place, text, "killed (kill=1)");
}

KUNIT_ARRAY_PARAM(killing_cell, cells, killing_cell_text);

/* The bytes of a copy, before and after. */
struct copy {
	char __user *user;
	u8 kernel_before[UCG_TEST_COPY_MAX];
	u8 user_before[UCG_TEST_COPY_MAX];
	u8 after[UCG_TEST_COPY_MAX];
};

static void copy_to(struct kunit *test, struct copy *c, const struct ucg_test_bad *bad,
		    bool is_refused)
{
	unsigned long n = ucg_test_hide(bad->n);

	memset(c->user_before, 'u', bad->n);
	KUNIT_ASSERT_EQ(test, 0, copy_to_user(c->user, c->user_before, bad->n));
	if (is_refused) {
		KUNIT_EXPECT_EQ(test, n, copy_to_user(c->user, bad->ptr, n));
		KUNIT_ASSERT_EQ(test, 0, copy_from_user(c->after, c->user, bad->n));
		KUNIT_EXPECT_EQ_MSG(test, 0, memcmp(c->after, c->user_before, bad->n),
				    "a refused copy changed user memory");
		return;
	}
	memcpy(c->kernel_before, bad->ptr, bad->n);
	KUNIT_EXPECT_EQ(test, 0, copy_to_user(c->user, bad->ptr, n));
	KUNIT_ASSERT_EQ(test, 0, copy_from_user(c->after, c->user, bad->n));
	KUNIT_EXPECT_EQ_MSG(test, 0, memcmp(c->after, c->kernel_before, bad->n),
			    "a copy that was let through did not arrive");
}

static void copy_from(struct kunit *test, struct copy *c, const struct ucg_test_bad *bad,
		      bool is_refused)
{
	unsigned long n = ucg_test_hide(bad->n);

	memset(c->user_before, 'f', bad->n);
	KUNIT_ASSERT_EQ(test, 0, copy_to_user(c->user, c->user_before, bad->n));
	if (bad->readable)
		memcpy(c->kernel_before, bad->ptr, bad->n);
	if (is_refused) {
		KUNIT_EXPECT_EQ(test, n, copy_from_user(bad->ptr, c->user, n));
		if (bad->readable)
			KUNIT_EXPECT_EQ_MSG(test, 0, memcmp(bad->ptr, c->kernel_before, bad->n),
					    "a refused copy changed kernel memory");
		return;
	}
	KUNIT_EXPECT_EQ(test, 0, copy_from_user(bad->ptr, c->user, n));
	KUNIT_EXPECT_EQ_MSG(test, 0, memcmp(bad->ptr, c->user_before, bad->n),
			    "a copy that was let through did not arrive");
}

static void a_cell_of_the_table(struct kunit *test)
{
	const struct cell cell = cell_at(test->param_value);
	bool is_refused = refused[cell.kind][cell.policy];
	enum ucg_test_verdict verdict;
	struct ucg_test_bad bad;
	struct copy *c;

	/* Also where this kernel has no memory of that kind: to skip would hide a failure. */
	KUNIT_ASSERT_EQ(test, (int)ucg_policy_action(cell.kind, cell.policy),
			(int)(is_refused ? UCG_ACTION_REFUSE : UCG_ACTION_ALLOW));

	c = kunit_kzalloc(test, sizeof(*c), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, c);
	c->user = ucg_test_user_memory(test);
	ucg_test_make_bad(test, &bad, cell.kind);
	KUNIT_ASSERT_LE(test, bad.n, UCG_TEST_COPY_MAX);
	KUNIT_ASSERT_EQ(test, 0, ucg_policy_set(cell.policy));

	/* First whether the copy may be made at all: not all memory bears it. */
	verdict = ucg_test_guard_verdict(bad.ptr, bad.n, cell.to_user);
	KUNIT_EXPECT_EQ(test, verdict, is_refused ? UCG_TEST_REFUSED : UCG_TEST_GO);
	if (verdict == UCG_TEST_REFUSED ||
	    (verdict == UCG_TEST_GO && (cell.to_user ? bad.readable : bad.writable))) {
		if (cell.to_user)
			copy_to(test, c, &bad, verdict == UCG_TEST_REFUSED);
		else
			copy_from(test, c, &bad, verdict == UCG_TEST_REFUSED);
	}
	ucg_test_free_bad(&bad);
}

/* The kill switch turns refusals, and nothing else, into usercopy_abort(). */
static void a_cell_with_the_kill_switch_on(struct kunit *test)
{
	const struct cell cell = cell_at(test->param_value);
	bool is_killed = refused[cell.kind][cell.policy];
	struct ucg_test_bad bad;

	KUNIT_ASSERT_EQ(test, 0, ucg_policy_set_kill(true));
	KUNIT_ASSERT_EQ(test, (int)ucg_policy_action(cell.kind, cell.policy),
			(int)(is_killed ? UCG_ACTION_KILL : UCG_ACTION_ALLOW));

	ucg_test_make_bad(test, &bad, cell.kind);
	KUNIT_ASSERT_EQ(test, 0, ucg_policy_set(cell.policy));
	KUNIT_EXPECT_EQ(test, ucg_test_guard_verdict(bad.ptr, bad.n, cell.to_user),
			is_killed ? UCG_TEST_ABORTED : UCG_TEST_GO);
	ucg_test_free_bad(&bad);
}

/* No policy, and no change of policy, turns the kill switch on. */
static void no_policy_kills(struct kunit *test)
{
	enum ucg_policy policy;

	for (policy = UCG_WARN; policy < UCG_NR_POLICIES; policy++) {
		KUNIT_ASSERT_EQ(test, 0, ucg_policy_set(policy));
		KUNIT_EXPECT_FALSE(test, ucg_policy_kills());
	}
}

static int policy_init(struct kunit *test)
{
	test->priv = (void *)(unsigned long)ucg_policy_get();
	return 0;
}

static void policy_exit(struct kunit *test)
{
	ucg_policy_set_kill(false);
	ucg_policy_set((enum ucg_policy)(unsigned long)test->priv);
}

static struct kunit_case policy_cases[] = {
	KUNIT_CASE_PARAM(a_cell_of_the_table, cell_gen_params),
	KUNIT_CASE_PARAM(a_cell_with_the_kill_switch_on, killing_cell_gen_params),
	KUNIT_CASE(no_policy_kills),
	{}
};

static struct kunit_suite policy_suite = {
	.name = "usercopy_guard_policy",
	.init = policy_init,
	.exit = policy_exit,
	.test_cases = policy_cases,
};

kunit_test_suite(policy_suite);
