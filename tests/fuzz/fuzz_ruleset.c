// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzz sets of rules (whitelist/ruleset.h) and of bytes (region.h) against a model that knows no
 * regions: it keeps for each byte of an object and each name what the rules say.
 *
 * The input is a little program: rules of administrators and drivers, names that lead to merged
 * caches, commits, and memory that runs short somewhere. After each commit the published set is
 * asked about copies, and must say what the model says.
 */
#include "kernel.h"
#include "../../whitelist/compare.h"
#include "../../whitelist/edit.h"
#include "../../whitelist/judge.h"
#include "../../whitelist/print.h"
#include "../../whitelist/rule.h"
#include "../../whitelist/ruleset.h"
#include "../../whitelist/seal.h"

#define CELLS	48	/* bytes of the model's objects */
#define NAMES	4
#define OTHERS	6
#define DRIVER_RULES 4

static const char * const names[NAMES] = { "kmalloc-64", "b b", "a", ":0000064" };
static const char * const escaped[NAMES] = { "kmalloc-64", "b\\040b", "a", ":0000064" };
/* The last one is a merged cache that nothing leads to. */
static const char * const ids[] = { NULL, ":0000064", ":0000128", ":a-0000064" };

struct model_rule {
	const struct module *owner;
	u8 first, last, dirs;
};

struct model_entry {
	bool allow[2][CELLS], deny[CELLS];
	int policy;
	unsigned int nr_driver;
	struct model_rule driver[DRIVER_RULES];
	/* place in ids[], 0 for none */
	unsigned int leads_to;
};

/* Whom else a policy may be for, and as what a copy is asked about. */
static const struct {
	enum ucg_subject subject;
	const char *name;
} others[OTHERS] = {
	{ UCG_SUBJECT_CALLER, "f@m" }, { UCG_SUBJECT_CALLER, "f" }, { UCG_SUBJECT_MODULE, "m" },
	{ UCG_SUBJECT_MODULE, "a" }, { UCG_SUBJECT_KIND, "null" },
	{ UCG_SUBJECT_KIND, "whitelist" },
};

struct model {
	/* the last one is a name without rules */
	struct model_entry of[NAMES + 1];
	int policy[OTHERS];
	/* in the write that is being made: who was given a policy, caches first */
	bool said[NAMES + OTHERS];
};

static const uint8_t *input;
static size_t input_left;
static u32 base;
/* The policy of what has none of its own. */
static int global;
/* Allocations until one fails; 0 for never. */
static unsigned int until_failure;

bool fuzz_alloc_fails(void)
{
	return until_failure && !--until_failure;
}

static unsigned int next(unsigned int below)
{
	if (!input_left)
		return 0;
	input_left--;
	return *input++ % below;
}

static void must(bool good)
{
	if (!good)
		abort();
}

static void pick_range(unsigned int *first, unsigned int *last)
{
	*first = next(CELLS);
	*last = *first + next(CELLS - *first);
}

static bool drivers_allow(const struct model_entry *m, int dir, unsigned int cell)
{
	unsigned int i;

	for (i = 0; i < m->nr_driver; i++)
		if ((m->driver[i].dirs & (1 << dir)) && m->driver[i].first <= cell &&
		    cell <= m->driver[i].last)
			return true;
	return false;
}

static bool has_rules(const struct model_entry *m)
{
	unsigned int i;

	for (i = 0; i < CELLS; i++)
		if (m->allow[0][i] || m->allow[1][i] || m->deny[i])
			return true;
	return m->policy >= 0 || m->nr_driver;
}

static void flush(struct model_entry *m)
{
	memset(m->allow, 0, sizeof(m->allow));
	memset(m->deny, 0, sizeof(m->deny));
	m->policy = -1;
}

/* A rule as text, so that the parser takes part; must end as the model says, or memory is short. */
static int add_text(struct ucg_ruleset *set, const char *line, int wanted)
{
	struct ucg_rule rule;
	int err;

	must(!ucg_rule_parse(line, strlen(line), &rule));
	err = ucg_ruleset_add(set, &rule);
	must(err == wanted || err == -ENOMEM);
	return err;
}

static int add_policy(struct ucg_ruleset *set, struct model *model, bool remove)
{
	unsigned int n = next(NAMES + OTHERS), policy = next(UCG_NR_POLICIES);
	int *had = n < NAMES ? &model->of[n].policy : &model->policy[n - NAMES];
	bool other = n >= NAMES;
	char line[128];
	int wanted = 0;

	if (remove && *had != (int)policy)
		wanted = -ENOENT;
	else if (!remove && model->said[n] && *had != (int)policy)
		wanted = -EEXIST;
	*had = remove ? -1 : (int)policy;
	model->said[n] = !remove;
	snprintf(line, sizeof(line), "%spolicy %s%s%s %s", remove ? "delete " : "",
		 other ? ucg_subject_words[others[n - NAMES].subject] : "", other ? ":" : "",
		 other ? others[n - NAMES].name : escaped[n], ucg_policy_words[policy]);
	return add_text(set, line, wanted);
}

static int add_flush(struct ucg_ruleset *set, struct model *model)
{
	unsigned int i;

	for (i = 0; i < NAMES; i++)
		flush(&model->of[i]);
	for (i = 0; i < OTHERS; i++)
		model->policy[i] = -1;
	memset(model->said, 0, sizeof(model->said));
	return add_text(set, "flush", 0);
}

static int add_range(struct ucg_ruleset *set, struct model *model, bool deny, bool remove)
{
	static const char * const words[] = { "", "to", "from", "both" };
	unsigned int n = next(NAMES), first, last, dirs = next(3) + 1, i;
	struct model_entry *m = &model->of[n];
	char line[128];
	int wanted = 0;

	pick_range(&first, &last);
	for (i = first; i <= last; i++) {
		bool there = deny ? m->deny[i] : (!(dirs & 1) || m->allow[0][i]) &&
						 (!(dirs & 2) || m->allow[1][i]);

		if (remove && !there)
			wanted = -ENOENT;
		if (deny)
			m->deny[i] = !remove;
		if (!deny && dirs & 1)
			m->allow[0][i] = !remove;
		if (!deny && dirs & 2)
			m->allow[1][i] = !remove;
	}
	snprintf(line, sizeof(line), "%s%s %s %u %u %s", remove ? "delete " : "",
		 deny ? "deny" : "allow", escaped[n], base + first, last - first + 1,
		 deny ? "" : words[dirs]);
	return add_text(set, line, wanted);
}

static struct ucg_driver_rule driver_rule(const struct model_rule *r)
{
	return (struct ucg_driver_rule){
		.owner = r->owner, .owner_name = "driver", .dirs = r->dirs,
		.region = { base + r->first, base + r->last },
	};
}

static int driver_allows(struct ucg_ruleset *set, struct model *model)
{
	unsigned int n = next(NAMES), first, last;
	struct model_entry *m = &model->of[n];
	struct ucg_driver_rule rule;
	struct model_rule r;

	pick_range(&first, &last);
	r = (struct model_rule){ (void *)(uintptr_t)next(2), first, last, next(3) + 1 };
	if (m->nr_driver == DRIVER_RULES)
		return 0;
	m->driver[m->nr_driver++] = r;
	rule = driver_rule(&r);
	return ucg_ruleset_add_driver(set, names[n], &rule);
}

static void forget(struct model_entry *m, unsigned int i)
{
	m->nr_driver--;
	memmove(m->driver + i, m->driver + i + 1, (m->nr_driver - i) * sizeof(*m->driver));
}

static int driver_disallows(struct ucg_ruleset *set, struct model *model)
{
	unsigned int n = next(NAMES);
	struct model_entry *m = &model->of[n];
	struct model_rule r = { (void *)2, 1, 1, 1 };
	struct ucg_driver_rule rule;
	int err;

	if (m->nr_driver) {
		r = m->driver[0];
		forget(m, 0);
	}
	rule = driver_rule(&r);
	err = ucg_ruleset_drop_driver(set, names[n], &rule);
	must((err == -ENOENT) == (r.owner == (void *)2));
	return err == -ENOENT ? 0 : err;
}

static int driver_goes(struct ucg_ruleset *set, struct model *model)
{
	const struct module *owner = (void *)(uintptr_t)next(2);
	unsigned int n, i;

	for (n = 0; n < NAMES; n++)
		for (i = model->of[n].nr_driver; i--; )
			if (model->of[n].driver[i].owner == owner)
				forget(&model->of[n], i);
	return ucg_ruleset_drop_owner(set, owner);
}

static int link_names(struct ucg_ruleset *set, struct model *model)
{
	unsigned int links = next(256), n, to;
	int err = 0;

	for (n = 0; n < NAMES && !err; n++) {
		to = (links >> (2 * n)) % 3;
		/* A merge id leads to itself or, without /sys, nowhere. */
		if (n == NAMES - 1 && to)
			to = 1;
		model->of[n].leads_to = to;
		if (to)
			err = ucg_ruleset_link(set, names[n], ids[to], 2);
		if (to && !err)
			err = ucg_ruleset_name_merged(set, ids[to], "one, the\\040other");
	}
	return err;
}

static void add_entry(struct model_entry *all, const struct model_entry *m)
{
	unsigned int i, dir;

	for (i = 0; i < CELLS; i++) {
		for (dir = 0; dir < 2; dir++)
			all->allow[dir][i] |= m->allow[dir][i];
		all->deny[i] |= m->deny[i];
	}
	all->policy = max(all->policy, m->policy);
}

/* The rules for a cache, and what its drivers allow. */
static bool model_rules(const struct model *model, unsigned int n, unsigned int id,
			struct model_entry *all, bool driver[2][CELLS])
{
	const struct model_entry *of = model->of;
	bool found = false;
	unsigned int i, c;

	*all = (struct model_entry){ .policy = -1 };
	memset(driver, 0, 2 * CELLS);
	for (i = 0; i < NAMES; i++) {
		bool part = id && of[i].leads_to == id && has_rules(&of[i]);

		if (!part)
			continue;
		found = true;
		add_entry(all, &of[i]);
		for (c = 0; c < CELLS; c++) {
			driver[0][c] |= drivers_allow(&of[i], 0, c);
			driver[1][c] |= drivers_allow(&of[i], 1, c);
		}
	}
	if (found)
		return true;
	/* No name is known to lead there: the folder's own name, then the cache's. */
	if (id == 1 && has_rules(&of[NAMES - 1]))
		n = NAMES - 1;
	else if (id && of[n].leads_to)
		return false;
	if (!has_rules(&of[n]))
		return false;
	add_entry(all, &of[n]);
	for (c = 0; c < CELLS; c++) {
		driver[0][c] = drivers_allow(&of[n], 0, c);
		driver[1][c] = drivers_allow(&of[n], 1, c);
	}
	return true;
}

/* The first of these that there is, from particular to general; @cache is what the cache has. */
static int model_policy(const struct model *model, unsigned int caller, unsigned int module,
			int cache, unsigned int kind, enum ucg_subject *by)
{
	*by = UCG_SUBJECT_CALLER;
	if (caller == 2 && model->policy[0] >= 0)
		return model->policy[0];
	if (caller && model->policy[1] >= 0)
		return model->policy[1];
	*by = UCG_SUBJECT_MODULE;
	if (module && model->policy[1 + module] >= 0)
		return model->policy[1 + module];
	*by = UCG_SUBJECT_CACHE;
	if (cache >= 0)
		return cache;
	*by = UCG_SUBJECT_KIND;
	if (kind && model->policy[3 + kind] >= 0)
		return model->policy[3 + kind];
	*by = UCG_SUBJECT_ALL;
	return -1;
}

static void ask_policy(const struct ucg_ruleset *set, const struct model *model,
		       const struct ucg_cache_id *cache, int cache_policy)
{
	static const char * const modules[] = { NULL, "m", "a" };
	static const enum ucg_kind kinds[] = { UCG_OBJECT, UCG_NULL, UCG_WHITELIST };
	unsigned int caller = next(3), module = next(3), kind = next(3);
	struct ucg_policy_query query = {
		.cache = cache, .kind = kinds[kind], .module = modules[module],
		.function = caller ? "f" : NULL, .caller = caller == 2 ? "f@m" : NULL,
	};
	enum ucg_subject by, wanted_by;

	must(ucg_ruleset_policy(set, &query, &by) ==
	     model_policy(model, caller, module, cache_policy, kind, &wanted_by));
	must(by == wanted_by);
}

static void ask(const struct ucg_ruleset *set, const struct model *model)
{
	unsigned int n = next(NAMES - 1), id = next(4), first, last, own_first, own_last, i;
	bool own = next(4), driver[2][CELLS], all = true, all_without_deny = true;
	int dir = next(2);
	enum ucg_rule_verdict verdict;
	struct model_entry m;
	struct ucg_cache_id cache = { .name = names[n], .merge_id = ids[id] };

	pick_range(&first, &last);
	pick_range(&own_first, &own_last);
	cache.useroffset = own ? base + own_first : 0;
	cache.usersize = own ? own_last - own_first + 1 : 0;
	model_rules(model, n, id, &m, driver);

	for (i = first; i <= last; i++) {
		bool region = (own && own_first <= i && i <= own_last) || driver[dir][i];

		all &= (region && !m.deny[i]) || m.allow[dir][i];
		all_without_deny &= region || m.allow[dir][i];
	}
	verdict = ucg_ruleset_judge(set, &cache, base + first, last - first + 1, dir == 0);
	must(verdict == (all ? UCG_RULE_VERDICT_ALLOW :
			 all_without_deny ? UCG_RULE_VERDICT_DENY : UCG_RULE_VERDICT_NONE));
	ask_policy(set, model, &cache, m.policy);
}

/* What the rules make of a cache: of each byte in the kernel's region, and outside of it. */
struct effect {
	bool inside[2][CELLS], outside[2][CELLS];
	int policy;
};

static void model_effect(const struct model *model, unsigned int n, unsigned int id,
			 struct effect *effect)
{
	bool driver[2][CELLS];
	struct model_entry m;
	unsigned int c, dir;

	model_rules(model, n, id, &m, driver);
	effect->policy = m.policy;
	for (dir = 0; dir < 2; dir++) {
		for (c = 0; c < CELLS; c++) {
			effect->outside[dir][c] = (driver[dir][c] && !m.deny[c]) || m.allow[dir][c];
			effect->inside[dir][c] = !m.deny[c] || m.allow[dir][c];
		}
	}
}

static bool bytes_widen(const struct effect *old, const struct effect *new)
{
	unsigned int c, dir;

	for (dir = 0; dir < 2; dir++)
		for (c = 0; c < CELLS; c++)
			if ((new->inside[dir][c] && !old->inside[dir][c]) ||
			    (new->outside[dir][c] && !old->outside[dir][c]))
				return true;
	return false;
}

/* Is any copy from or to a cache with these policies (-1 for none) judged more loosely? */
static bool policies_widen(const struct model *old, const struct model *new, int cache_before,
			   int cache_now, bool is_slab)
{
	enum ucg_subject by;
	unsigned int i;

	for (i = 0; i < 3 * 3 * 3; i++) {
		unsigned int caller = i % 3, module = i / 3 % 3, kind = i / 9;
		int before = model_policy(old, caller, module, cache_before, kind, &by);
		int now = model_policy(new, caller, module, cache_now, kind, &by);

		/*
		 * f@m copies for module m. The kinds are object, null and whitelist: the second is
		 * of no slab cache, the first may be.
		 */
		if ((caller == 2 && module != 1) || kind == (is_slab ? 1 : 2))
			continue;
		if ((now < 0 ? global : now) < (before < 0 ? global : before))
			return true;
	}
	return false;
}

/* Every cache that there may be, every byte and direction, every copy: is any of it looser? */
static bool model_widens(const struct model *old, const struct model *new)
{
	struct effect before, now;
	unsigned int n, id;

	if (policies_widen(old, new, -1, -1, false))
		return true;
	for (n = 0; n <= NAMES; n++) {
		for (id = 0; id < 4; id++) {
			model_effect(old, n, id, &before);
			model_effect(new, n, id, &now);
			if (bytes_widen(&before, &now) ||
			    policies_widen(old, new, before.policy, now.policy, true))
				return true;
		}
	}
	return false;
}

struct copy {
	struct ucg_ruleset *set;
	int err;
	unsigned int lines;
};

static void add_line(void *ctx, const char *line)
{
	struct copy *copy = ctx;
	struct ucg_rule rule;

	must(strlen(line) <= UCG_LINE_MAX);
	must(!ucg_rule_parse(line, strlen(line), &rule));
	copy->lines += rule.verb != UCG_VERB_BLANK;
	if (!copy->err)
		copy->err = ucg_ruleset_add(copy->set, &rule);
}

/* What is printed, loaded again, is the same; but for the drivers' rules, which are comments. */
static void check_print(const struct ucg_ruleset *set, const struct model *model)
{
	struct copy copy = { .set = ucg_ruleset_fork(NULL) };
	struct model plain = *model;
	bool linked = false;
	unsigned int n;

	if (!copy.set || ucg_ruleset_print(set, add_line, &copy) || copy.err ||
	    ucg_ruleset_seal(copy.set)) {
		ucg_ruleset_abandon(copy.set);
		return;
	}
	must(copy.lines == set->nr_rules - set->nr_driver);
	for (n = 0; n < NAMES; n++) {
		plain.of[n].nr_driver = 0;
		linked |= plain.of[n].leads_to;
		plain.of[n].leads_to = 0;
	}
	for (n = 0; n < 4; n++)
		ask(copy.set, &plain);
	if (!set->nr_driver)
		must(linked || (!ucg_ruleset_widens(set, copy.set, global) &&
				!ucg_ruleset_widens(copy.set, set, global)));
	ucg_ruleset_abandon(copy.set);
}

static int one_rule(struct ucg_ruleset *set, struct model *model, unsigned int op)
{
	switch (op) {
	case 0: case 1: case 2:
		return add_range(set, model, false, false);
	case 3: case 4:
		return add_range(set, model, true, false);
	case 5: case 6:
		return add_policy(set, model, false);
	case 7:
		return driver_allows(set, model);
	case 8:
		return driver_disallows(set, model);
	case 9:
		return next(4) ? 0 : driver_goes(set, model);
	case 10:
		return add_range(set, model, next(2), true);
	case 11:
		return add_policy(set, model, true);
	default:
		return next(4) ? 0 : add_flush(set, model);
	}
}

/* Publish what has been built; or, after an error, go back to what is published. */
static struct ucg_ruleset *commit(struct ucg_ruleset *old, struct ucg_ruleset *new, int err,
				  struct model *committed, struct model *model)
{
	unsigned int i;

	if (!err && new)
		err = link_names(new, model) ?: ucg_ruleset_seal(new);
	if (err || !new) {
		must(!err || err == -ENOMEM || err == -ENOENT || err == -EEXIST);
		ucg_ruleset_abandon(new);
		*model = *committed;
		new = old;
	} else {
		must(ucg_ruleset_widens(old, new, global) == model_widens(committed, model));
		/* Readers may still be in the old one: it must answer as before. */
		if (old) {
			ucg_ruleset_retire(old, new);
			ask(old, committed);
			ucg_ruleset_free(old);
		}
		*committed = *model;
	}
	for (i = 0; i < 4; i++)
		ask(new, committed);
	return new;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ucg_ruleset *set = NULL, *draft;
	struct model committed = {}, model;
	unsigned int i, rules;
	int err;

	for (i = 0; i <= NAMES; i++)
		committed.of[i].policy = -1;
	for (i = 0; i < OTHERS; i++)
		committed.policy[i] = -1;
	model = committed;
	input = data;
	input_left = size;
	base = next(2) ? 0 : 0u - CELLS;
	global = next(UCG_NR_POLICIES);
	until_failure = next(2) ? 0 : next(256);

	while (input_left) {
		draft = ucg_ruleset_fork(set);
		err = draft ? 0 : -ENOMEM;
		memset(model.said, 0, sizeof(model.said));
		for (rules = next(6); rules && !err; rules--)
			err = one_rule(draft, &model, next(13));
		set = commit(set, draft, err, &committed, &model);
	}
	if (set) {
		check_print(set, &committed);
		ucg_ruleset_retire(set, NULL);
		ucg_ruleset_free(set);
	}
	return 0;
}
