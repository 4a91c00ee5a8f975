// SPDX-License-Identifier: GPL-2.0-only
/*
 * Report: the very sentences that an administrator reads. The tests listen on the
 * tracepoint through which every line of the log goes.
 */
#include <linux/ctype.h>
#include <linux/mm.h>
#include <linux/spinlock.h>
#include <linux/stacktrace.h>
#include <linux/uaccess.h>
#include <trace/events/printk.h>

#include "fixture.h"
#include "usercopy/layout.h"
#include "usercopy/report.h"
#include "usercopy/violation.h"
#include "whitelist/file.h"

/* Ours begin with this; nothing else is listened to. */
#define PREFIX		"usercopy_guard: "
#define TO		"exposure of kernel memory to user space: "
#define FROM		"overwrite of kernel memory from user space: "

#define LINE_SIZE	400
#define LINES_MAX	512

/* Reports that are told at once; what is beyond is in the summary (report.c). */
#define BURST		20

/* What was logged since listen(), without the prefix. */
static struct {
	raw_spinlock_t lock;
	unsigned int nr;
	char lines[LINES_MAX][LINE_SIZE];
} heard = {
	.lock = __RAW_SPIN_LOCK_UNLOCKED(heard.lock),
};

/* The text is not terminated. */
static void hear(void *unused, const char *text, size_t len)
{
	unsigned long flags;

	if (len < sizeof(PREFIX) - 1 || memcmp(text, PREFIX, sizeof(PREFIX) - 1))
		return;
	text += sizeof(PREFIX) - 1;
	len -= sizeof(PREFIX) - 1;
	if (len && text[len - 1] == '\n')
		len--;
	raw_spin_lock_irqsave(&heard.lock, flags);
	if (heard.nr < LINES_MAX) {
		len = min_t(size_t, len, LINE_SIZE - 1);
		memcpy(heard.lines[heard.nr], text, len);
		heard.lines[heard.nr++][len] = '\0';
	}
	raw_spin_unlock_irqrestore(&heard.lock, flags);
}

/* What came before is told and forgotten. */
static void listen(void)
{
	ucg_report_settle();
	heard.nr = 0;
}

/* Lines that begin with this, once all there is to tell is told. */
static unsigned int count_heard(const char *start)
{
	unsigned int i, n = 0;

	ucg_report_settle();
	for (i = 0; i < heard.nr; i++)
		n += !strncmp(heard.lines[i], start, strlen(start));
	return n;
}

static unsigned int count_reports(void)
{
	return count_heard(TO) + count_heard(FROM);
}

/* The report, of which there must be one. */
static char *the_report(struct kunit *test)
{
	unsigned int i;

	KUNIT_ASSERT_EQ(test, count_reports(), 1U);
	for (i = 0; i < heard.nr; i++)
		if (!strncmp(heard.lines[i], TO, sizeof(TO) - 1) ||
		    !strncmp(heard.lines[i], FROM, sizeof(FROM) - 1))
			break;
	return heard.lines[i];
}

/* "+0x1c/0x40" behind a function depends on the compiler: leave it out. */
static void leave_out_offsets(char *line)
{
	char *from, *to;

	while ((from = strstr(line, "+0x"))) {
		for (to = from + 3; isxdigit(*to) || *to == '/' || *to == 'x'; to++)
			;
		memmove(from, to, strlen(to) + 1);
	}
}

/* Eight hexadecimal digits and nothing else: there are no such words in a report. */
static bool has_address(const char *line)
{
	unsigned int digits = 0;
	bool hex = true;

	for (;; line++) {
		if (isalnum(*line) || *line == '_') {
			hex = hex && (isxdigit(*line) || (*line == 'x' && digits == 1));
			digits++;
			continue;
		}
		if (hex && digits >= 8)
			return true;
		if (!*line)
			return false;
		digits = 0;
		hex = true;
	}
}

/*
 * Two places that copy. A violation is known by the place as well, so what was
 * reported from the one can be reported from the other.
 */
static noinline __noclone bool first_copier(const void *ptr, unsigned long n, bool to_user)
{
	bool verdict = check_object_size(ptr, n, to_user);

	/* Not a jump to it: then this would be no caller. */
	barrier();
	return verdict;
}

static noinline __noclone bool second_copier(const void *ptr, unsigned long n, bool to_user)
{
	bool verdict = check_object_size(ptr, n, to_user);

	barrier();
	/* Else the compiler would see that the two are one. */
	OPTIMIZER_HIDE_VAR(n);
	return verdict && n;
}

/**
 * struct sentence - a bad copy, and how its report reads
 * @kind:	what is wrong with it
 * @to_user:	direction
 * @policy:	global policy
 * @refused:	what becomes of it
 * @object:	what was hit
 * @wrong:	what is wrong with that
 */
struct sentence {
	enum ucg_kind kind;
	bool to_user;
	enum ucg_policy policy;
	bool refused;
	const char *object;
	const char *wrong;
};

static const struct sentence sentences[] = {
	{ UCG_WHITELIST, true, UCG_WARN, false,
	  "slab object 'ucg_test_bad' (object size 256, whitelist 64-127)",
	  "outside the whitelist" },
	{ UCG_WHITELIST, false, UCG_ENFORCE, true,
	  "slab object 'ucg_test_bad' (object size 256, whitelist 64-127)",
	  "outside the whitelist" },
	{ UCG_OBJECT, true, UCG_WARN, false,
	  "slab object 'ucg_test_bad' (object size 256, whitelist 64-127)", "beyond the object" },
	{ UCG_OBJECT, false, UCG_FALLBACK, true,
	  "slab object 'ucg_test_bad' (object size 256, whitelist 64-127)", "beyond the object" },
	{ UCG_REDZONE, true, UCG_FALLBACK, true,
	  "slab object 'ucg_test_bad' (object size 256, whitelist 64-127)",
	  "in the red zone before the object" },
	{ UCG_REDZONE, false, UCG_WARN, false,
	  "slab object 'ucg_test_bad' (object size 256, whitelist 64-127)",
	  "in the red zone before the object" },
	{ UCG_VMALLOC, true, UCG_WARN, false, "vmalloc area (size PAGE)", "beyond the area" },
	{ UCG_VMALLOC, false, UCG_ENFORCE, true, "vmalloc area (size PAGE)", "beyond the area" },
	{ UCG_PAGE, true, UCG_WARN, false,
	  "compound page (size TWO)", "beyond the compound page" },
	{ UCG_PAGE, false, UCG_FALLBACK, true,
	  "compound page (size TWO)", "beyond the compound page" },
	{ UCG_STACK, true, UCG_ENFORCE, true, "the process stack (size STACK)",
	  "beyond the stack, or in no live frame" },
	{ UCG_STACK, false, UCG_WARN, false, "the process stack (size STACK)",
	  "beyond the stack, or in no live frame" },
	{ UCG_TEXT, true, UCG_WARN, false, "kernel text", "kernel code" },
	{ UCG_TEXT, false, UCG_FALLBACK, true, "kernel text", "kernel code" },
	{ UCG_WRAP, true, UCG_WARN, false, "a wrapped address",
	  "past the end of the address space" },
	{ UCG_WRAP, false, UCG_ENFORCE, true, "a wrapped address",
	  "past the end of the address space" },
	{ UCG_NULL, true, UCG_WARN, false, "a null address", "no object" },
	{ UCG_NULL, false, UCG_FALLBACK, true, "a null address", "no object" },
};

static void sentence_text(const struct sentence *s, char *text)
{
	snprintf(text, KUNIT_PARAM_DESC_SIZE, "a copy %s user space that is %s under %s: %s",
		 s->to_user ? "to" : "from", s->refused ? "refused" : "allowed",
		 ucg_policy_words[s->policy], s->wrong);
}

KUNIT_ARRAY_PARAM(sentence, sentences, sentence_text);

/* Where the bad copies of fixture.c begin, in bytes from the start of what they hit. */
static unsigned long offset_of(const struct ucg_test_bad *bad)
{
	switch (bad->kind) {
	case UCG_WHITELIST:
		return 32;
	case UCG_OBJECT:
		return 64;
	case UCG_REDZONE:
		return ucg_cache_red_left_pad(bad->cache.s) - 8;
	case UCG_VMALLOC:
		return PAGE_SIZE - 8;
	case UCG_PAGE:
		return 2 * PAGE_SIZE - 64;
	case UCG_STACK:
		return THREAD_SIZE - 8;
	default:
		return 0;
	}
}

/* The sizes that depend on the architecture. */
static void put_size(char *text, size_t size, const char *object)
{
	static const struct {
		const char *word;
		unsigned long size;
	} sizes[] = {
		{ "PAGE)", PAGE_SIZE }, { "TWO)", 2 * PAGE_SIZE }, { "STACK)", THREAD_SIZE },
	};
	unsigned int i;

	strscpy(text, object, size);
	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		char *word = strstr(text, sizes[i].word);

		if (word)
			snprintf(word, text + size - word, "%lu)", sizes[i].size);
	}
}

static void the_sentence_says_what_happened(struct kunit *test)
{
	const struct sentence *s = test->param_value;
	char expected[LINE_SIZE], object[128], *line;
	struct ucg_test_bad bad;

	ucg_test_given(test, s->kind, s->policy, s->refused ? UCG_ACTION_REFUSE : UCG_ACTION_ALLOW);
	ucg_test_make_bad(test, &bad, s->kind);
	KUNIT_ASSERT_EQ(test, 0, ucg_policy_set(s->policy));
	listen();
	KUNIT_EXPECT_EQ(test, first_copier(bad.ptr, ucg_test_hide(bad.n), s->to_user), !s->refused);
	line = the_report(test);
	KUNIT_EXPECT_FALSE_MSG(test, has_address(line), "%s", line);
	leave_out_offsets(line);

	put_size(object, sizeof(object), s->object);
	snprintf(expected, sizeof(expected),
		 "%s%lu bytes at offset %lu of %s: %s; by first_copier, process %s[%d]; %s (policy %s)",
		 s->to_user ? TO : FROM, bad.n, offset_of(&bad), object, s->wrong, current->comm,
		 current->pid, s->refused ? "refused" : "allowed", ucg_policy_words[s->policy]);
	KUNIT_EXPECT_STREQ(test, line, expected);
	ucg_test_free_bad(&bad);
}

#define OF_NONE "8 bytes at offset 0 of slab object 'ucg_report_none' (object size 128, no whitelist): outside the whitelist;"
#define OF_WHOLE "'ucg_report_whole' (object size 128, whitelist 0-127 narrowed by a rule): outside the whitelist;"

/* What the sentence says of a slab cache that is not as the others. */
static void the_sentence_knows_caches(struct kunit *test)
{
	static const char rules[] = "deny ucg_report_whole 8 8\npolicy ucg_report_whole fallback\n";
	struct ucg_test_cache c;

	ucg_test_cache_create(test, &c, "ucg_report_none", 128, 0, 0, 0);
	listen();
	KUNIT_EXPECT_TRUE(test, first_copier(c.objects[1], ucg_test_hide(8), true));
	KUNIT_EXPECT_NOT_NULL(test, strstr(the_report(test), OF_NONE));
	ucg_test_cache_destroy(&c);

	ucg_test_cache_create(test, &c, "ucg_report_whole", 128, 0, 0, 128);
	KUNIT_EXPECT_EQ(test, 0, ucg_whitelist_write(rules, strlen(rules)));
	listen();
	KUNIT_EXPECT_TRUE(test, first_copier(c.objects[1], ucg_test_hide(16), true));
	KUNIT_EXPECT_NOT_NULL(test, strstr(the_report(test), OF_WHOLE));
	/* The policy that it was judged by is the cache's own. */
	KUNIT_EXPECT_NOT_NULL(test,
			      strstr(the_report(test),
				     "; allowed (policy fallback by cache:ucg_report_whole)"));
	KUNIT_EXPECT_EQ(test, 0, ucg_whitelist_write("flush\n", 6));
	ucg_test_cache_destroy(&c);
}

static void a_kill_is_announced(struct kunit *test)
{
	struct ucg_test_cache c;
	const char *line;

	ucg_test_cache_create(test, &c, "ucg_report_kill", 128, 0, 0, 0);
	KUNIT_ASSERT_EQ(test, 0, ucg_policy_set(UCG_ENFORCE));
	KUNIT_ASSERT_EQ(test, 0, ucg_policy_set_kill(true));
	listen();
	KUNIT_EXPECT_EQ(test, (int)ucg_test_guard_verdict(c.objects[1], 8, true),
			(int)UCG_TEST_ABORTED);
	KUNIT_EXPECT_EQ(test, 0, ucg_policy_set_kill(false));
	line = the_report(test);
	KUNIT_EXPECT_NOT_NULL_MSG(test,
				  strstr(line, "; handed to the kernel (kill=1) (policy enforce)"),
				  "%s", line);
	ucg_test_cache_destroy(&c);
}

static void each_violation_is_reported_once_and_counted(struct kunit *test)
{
	struct ucg_violation *v;
	struct ucg_test_cache c;
	int i;

	ucg_test_cache_create(test, &c, "ucg_report_once", 256, 0, 0, 0);
	listen();
	for (i = 0; i < 50; i++)
		KUNIT_EXPECT_TRUE(test, first_copier(c.objects[i], ucg_test_hide(8), true));
	KUNIT_EXPECT_EQ(test, count_reports(), 1U);

	/* Further out, and under another policy, it is the same one. */
	KUNIT_EXPECT_TRUE(test, first_copier(c.objects[0] + 100, ucg_test_hide(100), true));
	KUNIT_ASSERT_EQ(test, 0, ucg_policy_set(UCG_ENFORCE));
	KUNIT_EXPECT_FALSE(test, first_copier(c.objects[0] + 40, ucg_test_hide(4), true));
	KUNIT_EXPECT_FALSE(test, first_copier(c.objects[0] + 40, ucg_test_hide(8), true));
	KUNIT_EXPECT_EQ(test, count_reports(), 1U);
	/* Refused for the first time: that is said, once. */
	KUNIT_EXPECT_EQ(test, count_heard("now also: " TO), 1U);
	v = ucg_test_record("ucg_report_once", "first_copier", true);
	KUNIT_ASSERT_NOT_NULL(test, v);
	KUNIT_EXPECT_GE(test, atomic64_read(&v->outcome_ns[UCG_OUTCOME_REFUSED]), (s64)v->first_ns);
	KUNIT_EXPECT_EQ(test, atomic64_read(&v->outcome_ns[UCG_OUTCOME_KILLED]), 0LL);
	KUNIT_EXPECT_EQ(test, ucg_violation_count(v), 53ULL);
	KUNIT_EXPECT_EQ(test, atomic64_read(&v->outcomes[UCG_OUTCOME_ALLOWED]), 51LL);
	KUNIT_EXPECT_EQ(test, atomic64_read(&v->outcomes[UCG_OUTCOME_REFUSED]), 2LL);
	KUNIT_EXPECT_EQ(test, atomic_long_read(&v->min), 0L);
	KUNIT_EXPECT_EQ(test, atomic_long_read(&v->max), 200L);
	KUNIT_EXPECT_EQ(test, atomic_long_read(&v->min_n), 4L);
	KUNIT_EXPECT_EQ(test, atomic_long_read(&v->max_n), 100L);

	/* Another direction, kind or place is another one. */
	KUNIT_EXPECT_FALSE(test, first_copier(c.objects[0], ucg_test_hide(8), false));
	KUNIT_EXPECT_EQ(test, count_reports(), 2U);
	KUNIT_EXPECT_FALSE(test, first_copier(c.objects[0], ucg_test_hide(257), true));
	KUNIT_EXPECT_EQ(test, count_reports(), 3U);
	KUNIT_EXPECT_FALSE(test, second_copier(c.objects[0], ucg_test_hide(8), true));
	KUNIT_EXPECT_EQ(test, count_reports(), 4U);
	KUNIT_EXPECT_EQ(test, ucg_violation_count(v), 53ULL);
	ucg_test_cache_destroy(&c);
}

static void a_good_copy_is_not_mentioned(struct kunit *test)
{
	struct ucg_test_cache c;
	char buffer[64] = "";

	ucg_test_cache_create(test, &c, "ucg_report_good", 256, 0, 64, 64);
	listen();
	KUNIT_EXPECT_TRUE(test, first_copier(c.objects[0] + 64, ucg_test_hide(64), true));
	KUNIT_EXPECT_TRUE(test, first_copier(c.objects[0] + 64, ucg_test_hide(64), false));
	KUNIT_EXPECT_TRUE(test, first_copier(buffer, ucg_test_hide(sizeof(buffer)), true));
	KUNIT_EXPECT_TRUE(test, first_copier(NULL, ucg_test_hide(0), true));
	KUNIT_EXPECT_EQ(test, count_heard(""), 0U);
	ucg_test_cache_destroy(&c);
}

/* Below the sentence: the way to the copy, by names, from the function that copies on. */
static void the_stack_is_told_by_names(struct kunit *test)
{
	unsigned long entries[4];
	struct ucg_test_cache c;
	unsigned int i, frames = 0;

	/* User Mode Linux sees only frames with frame pointers. */
	if (stack_trace_save(entries, ARRAY_SIZE(entries), 0) < 2)
		kunit_skip(test, "this kernel cannot unwind its stack");
	ucg_test_cache_create(test, &c, "ucg_report_stack", 256, 0, 0, 0);
	listen();
	KUNIT_EXPECT_TRUE(test, first_copier(c.objects[0], ucg_test_hide(8), true));
	ucg_report_settle();
	for (i = 0; i < heard.nr; i++) {
		KUNIT_EXPECT_FALSE_MSG(test, has_address(heard.lines[i]), "%s", heard.lines[i]);
		if (strncmp(heard.lines[i], "  ", 2))
			continue;
		if (!frames)
			KUNIT_EXPECT_EQ_MSG(test, 0,
					    strncmp(heard.lines[i], "  first_copier+0x", 17),
					    "%s", heard.lines[i]);
		frames++;
	}
	/* The test itself, at least, has called it. */
	KUNIT_EXPECT_GE(test, frames, 2U);
	ucg_test_cache_destroy(&c);
}

/* Code that has no symbol has no name, and its address is no substitute. */
static void code_without_a_name_is_unknown(struct kunit *test)
{
	char symbol[UCG_SYMBOL_LEN];

	KUNIT_EXPECT_STREQ(test, ucg_symbol(symbol, (unsigned long)test), "unknown code");
	KUNIT_EXPECT_STREQ(test, ucg_symbol(symbol, 16), "unknown code");
}

#define SEVEN_MORE "7 further violations in the last 60 s, 0 of them distinct and new; see usercopy_guard/violations in securityfs"
#define ONE_MORE "1 further violations in the last 60 s, 0 of them distinct and new;"
#define FIVE_NEW "5 further violations in the last 60 s, 5 of them distinct and new; see usercopy_guard/violations in securityfs"

static void what_is_known_already_is_summed_up(struct kunit *test)
{
	struct ucg_test_cache c;
	int i;

	ucg_test_cache_create(test, &c, "ucg_report_sum", 256, 0, 0, 0);
	listen();
	for (i = 0; i < 8; i++)
		KUNIT_EXPECT_TRUE(test, first_copier(c.objects[i], ucg_test_hide(8), true));
	KUNIT_EXPECT_EQ(test, count_heard(SEVEN_MORE), 1U);

	/* Once, and only if there is something to say. */
	listen();
	KUNIT_EXPECT_EQ(test, count_heard(""), 0U);
	KUNIT_EXPECT_TRUE(test, first_copier(c.objects[0], ucg_test_hide(8), true));
	KUNIT_EXPECT_EQ(test, count_heard(ONE_MORE), 1U);
	KUNIT_EXPECT_EQ(test, count_heard(""), 1U);
	ucg_test_cache_destroy(&c);
}

/* Many distinct ones at once do not fill the log, and none of them is passed over. */
static void what_the_log_has_no_room_for_is_summed_up(struct kunit *test)
{
	static const unsigned int beyond = 5;
	struct ucg_test_cache c;
	unsigned int i;
	char name[32];

	listen();
	for (i = 0; i < BURST + beyond; i++) {
		snprintf(name, sizeof(name), "ucg_report_burst_%u", i);
		ucg_test_cache_create(test, &c, name, 256, 0, 0, 0);
		KUNIT_EXPECT_TRUE(test, first_copier(c.objects[0], ucg_test_hide(8), true));
		ucg_test_cache_destroy(&c);
	}
	KUNIT_EXPECT_EQ(test, count_reports(), (unsigned int)BURST);
	KUNIT_EXPECT_EQ(test, count_heard(FIVE_NEW), 1U);
	KUNIT_EXPECT_NOT_NULL(test, ucg_test_record(name, "first_copier", true));
}

static int report_init(struct kunit *test)
{
	test->priv = (void *)(unsigned long)ucg_policy_get();
	ucg_test_given_slab(test);
	return ucg_policy_set(UCG_WARN);
}

static void report_exit(struct kunit *test)
{
	ucg_policy_set_kill(false);
	ucg_policy_set((enum ucg_policy)(unsigned long)test->priv);
}

static int report_suite_init(struct kunit_suite *suite)
{
	return register_trace_console(hear, NULL);
}

static void report_suite_exit(struct kunit_suite *suite)
{
	unregister_trace_console(hear, NULL);
	tracepoint_synchronize_unregister();
}

static struct kunit_case report_cases[] = {
	KUNIT_CASE_PARAM(the_sentence_says_what_happened, sentence_gen_params),
	KUNIT_CASE(the_sentence_knows_caches),
	KUNIT_CASE(a_kill_is_announced),
	KUNIT_CASE(each_violation_is_reported_once_and_counted),
	KUNIT_CASE(a_good_copy_is_not_mentioned),
	KUNIT_CASE(the_stack_is_told_by_names),
	KUNIT_CASE(code_without_a_name_is_unknown),
	KUNIT_CASE(what_is_known_already_is_summed_up),
	KUNIT_CASE(what_the_log_has_no_room_for_is_summed_up),
	{}
};

static struct kunit_suite report_suite = {
	.name = "usercopy_guard_report",
	.suite_init = report_suite_init,
	.suite_exit = report_suite_exit,
	.init = report_init,
	.exit = report_exit,
	.test_cases = report_cases,
};

kunit_test_suite(report_suite);
