// SPDX-License-Identifier: GPL-2.0-only
/*
 * The whole whitelist in a program: what is written to its file, what drivers say, names that lead
 * to merged caches, modules that come and go, the lock; with each allocation failing in turn, and
 * whatever else a kernel may answer (standin.h). What is asked after each is the effect: may the
 * bytes be copied, what does the file show, what was said.
 *
 * Prints a line "ok - ..." or "not ok - ..." for each; the exit status is 1 if any was not ok.
 */
#include "whole.h"

#define USERCOPY_GUARD_EXTERNAL
#include "../../include/linux/usercopy_guard.h"
#include "../../whitelist/file.h"
#include "../../whitelist/judge.h"
#include "../../whitelist/rule.h"
#include "../../whitelist/whitelist.h"

#include <unistd.h>

#define TO	UCG_TO_USER

static bool failed;
unsigned int until_failure;
static struct module driver = { "driver" }, stranger = { "stranger" };

bool fuzz_alloc_fails(void)
{
	return until_failure && !--until_failure;
}

void ok(bool good, const char *what)
{
	printf("%s - %s\n", good ? "ok" : "not ok", what);
	if (!good)
		printf("# the last message: %s\n", standin.log);
	failed |= !good;
}

/* What the file shows. */
static char shown[8192];

static void put(void *unused, const char *line)
{
	size_t n = strlen(shown);

	snprintf(shown + n, sizeof(shown) - n, "%s;", line);
}

static const char *rules(void)
{
	*shown = '\0';
	return ucg_whitelist_print(put, NULL) ? "no memory" : shown;
}

bool are(const char *expected)
{
	bool good = !strcmp(rules(), expected);

	if (!good)
		printf("# the rules: %.400s\n", shown);
	return good;
}

int write_rules(const char *text)
{
	*standin.log = *standin.told = '\0';
	return ucg_whitelist_write(text, strlen(text));
}

bool says(const char *part)
{
	return strstr(standin.log, part);
}

/* May bytes 0 to 7 of a cache without a region of its own be copied to user space? */
bool allowed(const char *name, const char *merge_id)
{
	const struct ucg_cache_id id = { .name = name, .merge_id = merge_id };

	/* As for any violation. */
	if (ucg_whitelist_judge(&id, 0, 8, true) == UCG_RULE_VERDICT_ALLOW)
		return true;
	ucg_whitelist_missed(&id);
	return false;
}

static void clear(void)
{
	standin = (struct standin){ .init_fs = true, .may = true, .opener_may = true };
	until_failure = 0;
}

void begin(void)
{
	clear();
	if (ucg_whitelist_start())
		exit(2);
}

static bool have_a_set(void)
{
	bool have;

	rcu_read_lock();
	have = ucg_whitelist_current();
	rcu_read_unlock();
	return have;
}

/* Nothing is left: no set, no key; for memory the sanitizers look at the end. */
void stop(void)
{
	until_failure = 0;
	ucg_whitelist_stop();
	if (ucg_look_closer.enabled || have_a_set())
		ok(false, "something is left behind the end");
}

/*
 * Each allocation fails in turn, until there is none left that could: then it is done. Until then
 * nothing is changed, and @what says -ENOMEM.
 */
bool all_or_nothing(int (*what)(void), const char *before, const char *after)
{
	unsigned int nth;
	int err = -ENOMEM;

	for (nth = 1; err == -ENOMEM; nth++) {
		until_failure = nth;
		err = what();
		until_failure = 0;
		if (!are(err ? before : after))
			return false;
	}
	/* The first one that fails is the set's own at the latest. */
	return !err && nth > 3;
}

static int allow_early(void)
{
	return __usercopy_guard_allow(NULL, "early", 0, 8, TO);
}

/* Drivers that are built in may call before anything has started. */
static void early(void)
{
	const struct ucg_cache_id merged = { .name = "other", .merge_id = ":0000064" };
	struct ucg_whitelist_stats stats;

	clear();
	ucg_whitelist_stats(&stats);
	ok(!stats.rules && !stats.bytes && are(""), "before the start there are no rules");
	ok(all_or_nothing(allow_early, "", "# allow early 0 8 to (by driver kernel);"),
	   "a driver allows before the start, or memory is short and nothing is changed");
	ok(!__usercopy_guard_allow(NULL, "soon", 0, 8, TO) && allowed("early", NULL) &&
	   allowed("soon", NULL), "... and another, which takes the first set's place");
	ucg_whitelist_missed(&merged);
	ok(!standin_time_passes(), "names are not followed before the start");

	until_failure = 1;
	ok(ucg_whitelist_start() == -ENOMEM, "the start fails without memory");
	until_failure = 0;
	standin.notifier_error = -EEXIST;
	ok(ucg_whitelist_start() == -EEXIST, "... and when modules cannot be listened to");
	standin.notifier_error = 0;
	ok(!ucg_whitelist_start() && allowed("early", NULL),
	   "... and then it starts, with what was allowed");
	ucg_whitelist_stats(&stats);
	ok(stats.rules == 2 && stats.driver_rules == 2 && stats.caches == 2 && stats.bytes,
	   "and counts that");
	stop();
	begin();
	ok(are(""), "stopped and started, there are no rules");
	stop();
}

static int write_allow(void)
{
	return write_rules("deny d\nallow c 0 8 to\n");
}

static void writes(void)
{
	static const struct {
		const char *text;
		int err;
		const char *says;
	} bad[] = {
		{ "allow c 0 8", -EINVAL, "does not end with a newline" },
		{ "allow e 0 8\nallow c 0\n", -EINVAL, "line 2: " },
		{ "allow e 0 8\n\nnonsense of no\tend and even more than an excerpt has\n",
		  -EINVAL, "line 3: " },
		{ "allow e 0 8\ndelete deny c\n",
		  -EINVAL, "line 2: there is no such rule to delete" },
		{ "policy e warn\npolicy e enforce\n",
		  -EINVAL, "line 2: another policy for the same" },
	};
	unsigned int i;

	begin();
	ok(!write_rules("") && !write_rules("# nothing\n\n") && !have_a_set() && !*standin.told,
	   "empty lines and comments change nothing");
	ok(all_or_nothing(write_allow, "", "deny d;allow c 0 8 to;"),
	   "rules are written, or memory is short");
	ok(allowed("c", NULL) && !allowed("d", NULL) && ucg_look_closer.enabled == 1,
	   "they are in force");
	ok(!strcmp(standin.told, "whitelist: 0 rules, 2 rules"), "and told of");
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		ok(write_rules(bad[i].text) == bad[i].err && says(bad[i].says) &&
		   says("no rule was changed") && are("deny d;allow c 0 8 to;") &&
		   !*standin.told, bad[i].says);
	until_failure = 1;
	ok(write_rules("flush\n") == -ENOMEM && says("out of memory; no rule was changed"),
	   "short memory is said");
	until_failure = 0;
	ok(!write_rules("deny e\n") && ucg_look_closer.enabled == 1, "a second deny rule, one key");
	ok(!write_rules("delete deny d\ndelete deny e\n") && !ucg_look_closer.enabled &&
	   allowed("c", NULL), "none left, and no key");
	ok(!write_rules("flush\n") && are("") && !allowed("c", NULL), "flushed");
	stop();
}

/* Of what has been replaced nothing is freed, as long as somebody may still read it. */
static void readers(void)
{
	const struct ucg_cache_id c = { .name = "c" };
	const struct ucg_ruleset *set;

	begin();
	ok(!write_rules("allow c 0 8 to\n"), "a set is read");
	rcu_read_lock();
	set = ucg_whitelist_current();
	ok(!write_rules("flush\n") && !write_rules("deny c\n"), "and replaced, twice");
	ok(ucg_ruleset_judge(set, &c, 0, 8, true) == UCG_RULE_VERDICT_ALLOW,
	   "who reads it still reads what was there");
	rcu_read_unlock();
	ok(!allowed("c", NULL), "who comes after that does not");
	stop();
}

/* What rules have for a violation of a cache. */
static int policy_for(const char *name)
{
	const struct ucg_cache_id id = { .name = name };
	struct ucg_policy_query query = { .cache = &id, .kind = UCG_WHITELIST };
	enum ucg_subject by;

	return ucg_whitelist_policy(&query, &by);
}

static void policies(void)
{
	begin();
	ok(policy_for("c") == -1, "no rules, no policy");
	ok(!write_rules("policy c enforce\npolicy kind:whitelist fallback\n") &&
	   policy_for("c") == UCG_ENFORCE && policy_for("d") == UCG_FALLBACK,
	   "a cache's, and a kind's");
	stop();
}

static void limits(void)
{
	size_t size = UCG_RULES_MAX * 32;
	char *text = calloc(1, size), *at = text;
	unsigned int i;

	begin();
	for (i = 0; i < UCG_RULES_MAX; i++)
		at += sprintf(at, "allow c%u 0 8 to\n", i);
	ok(!write_rules(text) && allowed("c16383", NULL), "as many rules as there may be");
	ok(write_rules("allow one-more 0 8 to\n") == -ENOSPC && says("more than 16384 rules") &&
	   !allowed("one-more", NULL), "and not one more");
	/* Readers who stay: the sets wait for them, until there are too many. */
	for (i = 0; i < 2 * UCG_RETIRED_MAX; i++)
		if (write_rules(i % 2 ? "allow c0 0 9 to\n" : "delete allow c0 0 9 to\n") && i % 2)
			break;
	ok(i == 2 * UCG_RETIRED_MAX, "a flood of writes");
	stop();
	free(text);
}

static struct file opened;
static struct inode inode;

static int open_file(unsigned int mode)
{
	opened = (struct file){ .f_mode = mode };
	return ucg_whitelist_fops.open(&inode, &opened);
}

static ssize_t write_file(const char *text, loff_t *pos)
{
	*standin.log = '\0';
	return ucg_whitelist_fops.write(&opened, text, strlen(text), pos);
}

static void close_file(void)
{
	ucg_whitelist_fops.release(&inode, &opened);
}

static void file_opens(void)
{
	unsigned int nth;
	int err = -ENOMEM;
	char text[256];
	loff_t pos = 0;

	for (nth = 1; err == -ENOMEM; nth++) {
		until_failure = nth;
		err = open_file(FMODE_READ);
		until_failure = 0;
	}
	ok(!err && nth == 4 && standin.seq_size == 4096, "the file opens, or memory is short");
	ok(!write_rules("allow c 0 8 to\ndeny d\n") &&
	   ucg_whitelist_fops.read(&opened, text, sizeof(text), &pos) > 0 &&
	   !strcmp(text, "allow c 0 8 to\ndeny d\n"), "... and shows what is in force now");
	until_failure = 1;
	ok(ucg_whitelist_fops.read(&opened, text, sizeof(text), &pos) == -ENOMEM,
	   "... or that memory is short");
	until_failure = 0;
	close_file();
}

static void file_writes(void)
{
	static char long_text[UCG_WRITE_MAX + 2];
	loff_t pos = 0, end_of_first, elsewhere = 5;

	begin();
	file_opens();
	if (open_file(0))
		exit(2);
	standin.may = false;
	ok(write_file("flush\n", &pos) == -EPERM && !pos, "who may not write, does not");
	standin.may = true;
	standin.opener_may = false;
	ok(write_file("flush\n", &pos) == -EPERM && !pos,
	   "nor who was handed a file by one who may not");
	standin.opener_may = true;
	standin.bad_address = true;
	ok(write_file("flush\n", &pos) == -EFAULT && !pos, "what cannot be read is not written");
	standin.bad_address = false;
	until_failure = 1;
	ok(write_file("flush\n", &pos) == -ENOMEM && !pos && are("allow c 0 8 to;deny d;"),
	   "nor without memory");
	until_failure = 0;
	ok(write_file("nonsense\n", &pos) == -EINVAL && !pos, "nor nonsense");
	ok(write_file("", &pos) == 0 && !pos, "nothing is written, and that is all");
	ok(write_file("allow e 0 8\n", &elsewhere) == -EINVAL && says("write at an offset"),
	   "nor in the middle");
	memset(long_text, '\n', sizeof(long_text) - 1);
	ok(write_file(long_text, &pos) == -E2BIG && says("write of more than"),
	   "nor too much at once");
	ok(write_file("deny e\n", &pos) == 7 && pos == 7, "a good write is counted");
	end_of_first = pos;
	ok(write_file("deny f\n", &pos) == 7 && pos == 14 && end_of_first == 7 &&
	   are("allow c 0 8 to;deny d;deny e;deny f;"), "and another behind it");
	close_file();
	stop();
}

static int flush_all(void)
{
	return write_rules("flush\n");
}

static void drivers(void)
{
	char name[UCG_NAME_MAX + 2];

	begin();
	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	ok(__usercopy_guard_allow(&driver, NULL, 0, 8, TO) == -EINVAL &&
	   __usercopy_guard_allow(&driver, "", 0, 8, TO) == -EINVAL &&
	   __usercopy_guard_allow(&driver, name, 0, 8, TO) == -EINVAL,
	   "a driver's cache has a name");
	ok(__usercopy_guard_allow(&driver, "c", 0, 0, TO) == -EINVAL &&
	   __usercopy_guard_allow(&driver, "c", 1, U32_MAX, TO) == 0 &&
	   __usercopy_guard_allow(&driver, "c", 2, U32_MAX, TO) == -EINVAL,
	   "and a region that can be");
	ok(__usercopy_guard_allow(&driver, "c", 0, 8, 0) == -EINVAL &&
	   __usercopy_guard_allow(&driver, "c", 0, 8, 4) == -EINVAL, "and a direction");
	ok(!__usercopy_guard_allow(&driver, name + 1, 0, 8, TO) && allowed(name + 1, NULL),
	   "the longest name");
	ok(__usercopy_guard_disallow(&driver, "d", 0, 8, TO) == -ENOENT &&
	   !__usercopy_guard_disallow(&driver, name + 1, 0, 8, TO) && !allowed(name + 1, NULL),
	   "what is taken back is not allowed");
	ok(!write_rules("deny c\n") && !allowed("c", NULL),
	   "an administrator denies what a driver allows");
	ok(all_or_nothing(flush_all, "deny c;# allow c 1 4294967295 to (by driver driver);",
			  "# allow c 1 4294967295 to (by driver driver);"),
			   "flushed, a driver's rules stay");
	stop();
}

static int driver_goes(void)
{
	*standin.log = '\0';
	standin_module(MODULE_STATE_GOING, &driver);
	return says("out of memory: what module driver allowed stays allowed") ? -ENOMEM : 0;
}

static void modules_go(void)
{
	begin();
	standin_module(MODULE_STATE_LIVE, &driver);
	standin_module(MODULE_STATE_GOING, &driver);
	ok(!have_a_set(), "modules come and go without any rules");
	ok(!__usercopy_guard_allow(&driver, "c", 0, 8, TO) && !write_rules("allow d 0 8 to\n"),
	   "then with some");
	standin_module(MODULE_STATE_COMING, &stranger);
	standin_module(MODULE_STATE_GOING, &stranger);
	ok(allowed("c", NULL), "another module's end is nothing to a driver's rules");
	ok(all_or_nothing(driver_goes, "# allow c 0 8 to (by driver driver);allow d 0 8 to;",
			  "allow d 0 8 to;"),
	   "its own is, or memory is short, which is said");
	ok(!allowed("c", NULL) && allowed("d", NULL), "and the administrator's rules stay");
	stop();
}

int main(void)
{
	alarm(300);
	early();
	writes();
	readers();
	policies();
	limits();
	file_writes();
	drivers();
	modules_go();
	merged_caches();
	followed_names();
	locked_names();
	folders();
	names();
	return failed;
}
