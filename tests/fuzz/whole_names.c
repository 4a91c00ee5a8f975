// SPDX-License-Identifier: GPL-2.0-only
/*
 * The whole whitelist in a program (whole.c): names that lead to merged caches, the lock with them.
 */
#include "whole.h"

#define USERCOPY_GUARD_EXTERNAL
#include "../../include/linux/usercopy_guard.h"
#include "../../whitelist/alias.h"
#include "../../whitelist/rule.h"
#include "../../whitelist/whitelist.h"

#define ID	":0000064"

static struct module stranger = { "stranger" };

static void links(const struct standin_link *links, unsigned int nr)
{
	standin.links = links;
	standin.nr_links = nr;
}

#define LINKS(...) do {								\
	static const struct standin_link these[] = { __VA_ARGS__ };		\
										\
	links(these, sizeof(these) / sizeof(*these));				\
} while (0)

static int module_comes(void)
{
	*standin.log = '\0';
	standin_module(MODULE_STATE_LIVE, &stranger);
	return says("out of memory: names of merged caches not followed") ? -ENOMEM : 0;
}

static int time_passes(void)
{
	*standin.log = '\0';
	/* It asks for it again. */
	allowed("b", ID);
	standin_time_passes();
	return says("out of memory: names of merged caches not followed") ? -ENOMEM : 0;
}

static int write_for_a(void)
{
	return write_rules("allow a 0 8 to\n");
}

#define SHARED(nr, by)	\
	"# a is merged into " ID ", which " nr " names share:;#   " by ";allow a 0 8 to;"
#define SHARED_BY_TWO	SHARED("2", "a, b")
#define SHARED_BY_THREE	SHARED("3", "a, b, c")
#define SHARED_BY_D	SHARED("3", "a, b, d")

void merged_caches(void)
{
	begin();
	LINKS({ ID }, { "own", "own" }, { "b", ID }, { "gone", "" }, { "far", "/" }, { "a", ID },
	      { "p", ":9" }, { "q", ":9" });
	ok(all_or_nothing(write_for_a, "", SHARED_BY_TWO),
	   "a rule for a merged cache, or memory is short");
	ok(says("rules for 'a' reach all of merged slab cache " ID ": a, b"),
	   "it is said whom it reaches");
	ok(allowed("b", ID) && !standin_time_passes() && !allowed("b", NULL),
	   "and reaches them all, known by the merged cache alone");
	ok(!write_rules("allow z 0 8 to\n") && !*standin.log &&
	   !write_rules("delete allow z 0 8 to\n"),
	   "that is said once");
	*standin.told = '\0';
	ok(!module_comes() && are(SHARED_BY_TWO) && !*standin.told,
	   "a module comes, and nothing has changed");

	LINKS({ ID }, { "a", ID }, { "b", ID }, { "c", ID });
	ok(allowed("c", ID), "allowed before it is known by name");
	ok(all_or_nothing(module_comes, SHARED_BY_TWO, SHARED_BY_THREE),
	   "a third name is followed, or memory is short");
	ok(!*standin.log && !*standin.told, "whom the rule reaches was said, and nobody wrote it");
	LINKS({ ID }, { "a", ID }, { "b", ID }, { "d", ID });
	ok(!module_comes() && are(SHARED_BY_D), "another third name");
	LINKS({ ID }, { "a", ID }, { "b", ID });
	ok(!module_comes() && are(SHARED_BY_TWO), "a name goes");
	LINKS({ ID }, { "a", ID });
	ok(!module_comes() && are("allow a 0 8 to;") && allowed("a", ID), "the last but one");
	ok(!module_comes() && are("allow a 0 8 to;"), "one name alone, as before");
	LINKS({ ID }, { "a", ID }, { "b", ID });
	ok(!module_comes() && says("rules for 'a' reach all of merged slab cache " ID ": a, b"),
	   "no longer alone: that is said");
	LINKS({ ":1" }, { "a", ":1" });
	ok(!module_comes() && allowed("x", ":1") && !allowed("x", ID),
	   "the name leads elsewhere");
	LINKS({ ":2" }, { "a", ":2" }, { "b", ":2" });
	ok(!module_comes() && allowed("b", ":2") &&
	   says("reach all of merged slab cache :2: a, b"), "with another");
	LINKS({ ":3" }, { "a", ":3" }, { "b", ":3" });
	ok(!module_comes() && allowed("b", ":3") &&
	   says("reach all of merged slab cache :3: a, b"),
	   "and once more, which is said again");
	links(NULL, 0);
	ok(!module_comes() && !allowed("x", ":1"), "the name leads nowhere");
	stop();
}

/* Caches come without any module. */
void followed_names(void)
{
	const struct ucg_cache_id third = { .name = "b", .merge_id = ID };

	begin();
	LINKS({ ID }, { "b", ID });
	ok(!write_for_a() && !allowed("b", ID), "a rule for a cache that is not there yet");
	standin_time_passes();
	LINKS({ ID }, { "a", ID }, { "b", ID });
	ok(!allowed("b", ID) && all_or_nothing(time_passes, "allow a 0 8 to;", SHARED_BY_TWO),
	   "it comes, a copy of it is judged, and the name is followed, or memory is short");
	ok(allowed("b", ID), "and the rule holds");
	LINKS({ ID }, { "a", ID }, { "b", ID }, { "c", ID });
	ucg_whitelist_missed(&third);
	ok(!write_rules("flush\n"),
	   "a copy of a third one is judged, and then there are no rules");
	until_failure = 1;
	ok(standin_time_passes() && !module_comes(), "without rules nothing is followed");
	ok(until_failure == 1, "nor is anything allocated for it");
	stop();
}

void locked_names(void)
{
	begin();
	LINKS({ ID }, { "a", ID });
	ok(!write_rules("allow a 0 8 to\ndeny b\n"), "rules before the lock");
	standin.locked = true;
	ok(write_rules("allow a 8 8 to\n") == -EPERM &&
	   says("locked: the write would loosen something") &&
	   are("allow a 0 8 to;deny b;") && !*standin.told, "locked, nothing is loosened");
	ok(write_rules("delete deny b\n") == -EPERM && ucg_look_closer.enabled == 1,
	   "nor is a deny rule taken back");
	LINKS({ ID }, { "a", ID }, { "b", ID });
	ok(!write_rules("delete allow a 0 8 to\n") && !allowed("a", ID), "it may be stricter");
	ok(write_rules("nonsense\n") == -EINVAL, "nonsense is nonsense");
	until_failure = 1;
	ok(write_rules("deny c\n") == -ENOMEM, "and memory may be short");
	until_failure = 0;
	ok(!__usercopy_guard_allow(NULL, "c", 0, 8, UCG_TO_USER) && allowed("c", NULL),
	   "drivers are not asked");
	stop();
}

/* Whatever may be where SLUB's folder should be. */
void folders(void)
{
	static const struct standin_link merged_ab[] = { { ID }, { "b", ID }, { "a", ID } };
	static const struct {
		const char *what;
		int err;
		bool known;
		struct standin machine;
	} cases[] = {
		{ "a folder", 0, true, { .init_fs = true } },
		{ "no file systems yet", 0, false, {} },
		{ "no folder", 0, false, { .init_fs = true, .open_error = -ENOENT } },
		{ "no memory to open it", -ENOMEM, false,
		  { .init_fs = true, .open_error = -ENOMEM } },
		{ "another file system", 0, false, { .init_fs = true, .other_fs = true } },
		{ "one that cannot be read", -EIO, false, { .init_fs = true, .list_error = -EIO } },
		{ "one whose links lead nowhere", 0, false,
		  { .init_fs = true, .follow_error = -ELOOP } },
		{ "no memory to follow them", -ENOMEM, false,
		  { .init_fs = true, .follow_error = -ENOMEM } },
		{ "links to another mount", 0, false, { .init_fs = true, .elsewhere = true } },
	};
	unsigned int i;

	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		begin();
		standin = cases[i].machine;
		links(merged_ab, 3);
		ok(write_rules("allow a 0 8 to\n") == cases[i].err &&
		   allowed("b", ID) == cases[i].known,
		   cases[i].what);
		stop();
	}
}

/* Names that are too long, too many, or no names. */
void names(void)
{
	static struct standin_link many[UCG_ALIASES_MAX + 1];
	static char spelled[UCG_ALIASES_MAX + 1][8];
	char longest[UCG_NAME_MAX + 2], buf[64];
	struct standin_link odd[] = {
		{ longest, ID }, { "long-id", ":0123456789012345678901234567890123" },
		{ "plain", "plain" }, { "a", ID }, { ":1" }, { "b", ":1" },
	};
	unsigned int i;

	begin();
	memset(longest, 'n', UCG_NAME_MAX + 1);
	longest[UCG_NAME_MAX + 1] = '\0';
	links(odd, 6);
	ok(ucg_aliases_of(ID, buf, sizeof(buf)) == 1 && !strcmp(buf, "a"),
	   "a name that is no cache's is passed over");
	ok(ucg_aliases_of(":0123456789012345678901234567890", buf, sizeof(buf)) == 0 &&
	   ucg_aliases_of(":2", buf, sizeof(buf)) == 0 && !*buf,
	   "and a folder that is no merged cache's");
	longest[UCG_NAME_MAX] = '\0';
	ok(ucg_aliases_of(ID, buf, sizeof(buf)) == 2 && !strcmp(buf, "a, ..."),
	   "the longest name has no room");
	odd[3].to = ":1";
	ok(ucg_aliases_of(ID, buf, sizeof(buf)) == 1 && !strcmp(buf, "..."), "nor has it alone");
	until_failure = 1;
	ok(ucg_aliases_of(":1", buf, sizeof(buf)) == 0, "no memory, no names");
	until_failure = 0;
	for (i = 0; i <= UCG_ALIASES_MAX; i++) {
		sprintf(spelled[i], "%u", i);
		many[i] = (struct standin_link){ spelled[i], "" };
	}
	links(many, UCG_ALIASES_MAX);
	ok(!write_rules("allow c 0 8 to\n"), "as many names as there may be");
	links(many, UCG_ALIASES_MAX + 1);
	ok(write_rules("allow d 0 8 to\n") == -E2BIG && are("allow c 0 8 to;"), "and one more");
	stop();
}
