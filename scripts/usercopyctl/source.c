// SPDX-License-Identifier: GPL-2.0-only
#include "source.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "exit.h"
#include "history.h"
#include "say.h"

bool source_loaded(void)
{
	char *real = place(PLACE_VIOLATIONS);
	bool there = !access(real, F_OK);

	free(real);
	return there;
}

uint64_t source_unlisted(void)
{
	static const char words[] = " not listed ";
	char *real = place(PLACE_STATUS), *at;
	uint64_t n = 0;
	struct blob b;

	if (!blob_read(real, &b)) {
		at = strstr(b.data, words);
		if (at)
			n = strtoull(at + strlen(words), NULL, 10);
		free(b.data);
	}
	free(real);
	return n;
}

int source_record(struct sql *history)
{
	struct cache_set caches = { 0 };
	struct violation_set set;
	struct moment now;
	int ret;

	/* Who reads the kernel's counters earlier than another adds them earlier, too. */
	if (!history_begin(history))
		return history->exit;
	when_now(&now);
	if (!violations_get(NULL, &set)) {
		history_cancel(history);
		return CTL_NO_FILE;
	}
	if (!caches_get(&caches)) {
		violations_free(&set);
		history_cancel(history);
		return CTL_NO_FILE;
	}
	set.unlisted = source_unlisted();
	ret = history_record(history, &set, &caches, &now);
	if (!ret && (set.nbad || caches.nbad))
		ret = CTL_BAD_INPUT;
	violations_free(&set);
	caches_free(&caches);
	return ret;
}

bool source_copy(struct sql *history, int *ret)
{
	*ret = history_open(history, HISTORY_COPY);
	if (*ret)
		return false;
	if (source_loaded())
		*ret = source_record(history);
	/* What is wrong with the history itself leaves what the kernel has seen out of it. */
	return !*ret || (*ret == CTL_BAD_INPUT && !history->exit);
}

#define COLUMNS "s.id, s.kind, s.to_user, s.cache, s.merged, s.objsize, s.useroffset, s.usersize,"	\
	" s.denied, s.min, s.max, s.minsize, s.maxsize, s.grew, s.ranges, s.first, s.last,"		\
	" s.allowed_at, s.refused_at, s.unrefusable_at, s.killed_at, s.pid, s.comm, s.policy, s.rule,"	\
	" s.caller, s.module, s.srcversion, s.stack, SUM(t.allowed), SUM(t.refused),"			\
	" SUM(t.unrefusable), SUM(t.killed)"

/* Rows are of our own making; what somebody else made of them is no reason to run wild. */
static uint64_t number(sqlite3_stmt *s, int column)
{
	int64_t n = sqlite3_column_int64(s, column);

	return n < 0 ? 0 : (uint64_t)n;
}

static struct violation row(sqlite3_stmt *s)
{
	struct violation v = {
		.id = number(s, 0), .kind = sql_text(s, 1), .to_user = number(s, 2),
		.cache = sql_text(s, 3), .merged = number(s, 4), .objsize = number(s, 5),
		.useroffset = number(s, 6), .usersize = number(s, 7), .denied = number(s, 8),
		.min = number(s, 9), .max = number(s, 10), .minsize = number(s, 11),
		.maxsize = number(s, 12), .grew = number(s, 13), .first = number(s, 15),
		.last = number(s, 16), .allowed_at = number(s, 17), .refused_at = number(s, 18),
		.unrefusable_at = number(s, 19), .killed_at = number(s, 20), .pid = number(s, 21),
		.comm = sql_text(s, 22), .policy = sql_text(s, 23), .by = sql_text(s, 24),
		.caller = sql_text(s, 25), .module = sql_text(s, 26), .srcversion = sql_text(s, 27),
		.stack = sql_text(s, 28), .allowed = number(s, 29), .refused = number(s, 30),
		.unrefusable = number(s, 31), .killed = number(s, 32),
	};
	char *ranges = sql_text(s, 14);

	v.count = v.allowed + v.refused + v.unrefusable + v.killed;
	if (!ranges_parse(ranges, ranges + strlen(ranges), &v.ranges))
		v.ranges.spread = true;
	free(ranges);
	if (!*v.cache) {
		free(v.cache);
		v.cache = NULL;
	}
	return v;
}

/* The id of the boot that was asked for; -1 for all, -2 when there is no such boot. */
static int64_t which_boot(struct sql *history, const char *boot)
{
	int64_t id = -2, back;
	char *end;

	if (!boot)
		return -1;
	back = strtoll(boot, &end, 10);
	if (*boot && !*end && back <= 0 && back > -INT32_MAX)
		sql_number(history, &id, "SELECT id FROM boot ORDER BY id DESC LIMIT 1 OFFSET ?",
			   "i", -back);
	else
		sql_number(history, &id, "SELECT id FROM boot WHERE boot_id = ?", "t", boot);
	if (id == -2)
		say("%s: there is no boot \"%s\" in it", history->path, boot);
	return id;
}

int source_history(struct sql *history, const struct filter *f, struct violation_set *set)
{
	int64_t boot = which_boot(history, f->boot);
	sqlite3_stmt *s;
	bool ok = true;

	memset(set, 0, sizeof(*set));
	set->times = TIMES_OF_DAY;
	if (boot == -2)
		return CTL_USAGE;
	s = sql_prepare(history, "SELECT " COLUMNS " FROM tally t JOIN site s ON s.id = t.site"
			" WHERE (?1 < 0 OR t.boot = ?1) AND t.date >= ?2 AND (?3 = '' OR t.boot IN"
			" (SELECT id FROM boot WHERE release = ?3)) GROUP BY s.id", "iit", boot,
			f->since_usec / USEC_PER_DAY, f->kernel);
	if (!s)
		return history->exit;
	while (sql_step(history, s, &ok)) {
		struct violation v = row(s);

		violation_add(set, &v);
	}
	if (ok)
		return CTL_OK;
	violations_free(set);
	return history->exit;
}

static int get_history(const struct source *source, struct violation_set *set)
{
	struct sql history;
	int ret = history_open(&history, source->both ? HISTORY_COPY : HISTORY_READ);

	if (!ret && source->both)
		ret = source_record(&history);
	if (!ret)
		ret = source_history(&history, &source->filter, set);
	history_close(&history);
	return ret;
}

int source_get(struct source *source, struct violation_set *set)
{
	bool history = source->history || source->both;
	int ret = CTL_OK;

	if (source->file && history) {
		say("a file, or the history: not both");
		return CTL_USAGE;
	}
	if (!history && (source->filter.boot || source->filter.kernel)) {
		say("--boot and --kernel choose from the history: say --history or --both, too");
		return CTL_USAGE;
	}
	if (source->file && source->filter.since) {
		say("--since: nobody knows which boot a file is from");
		return CTL_USAGE;
	}
	if (!filter_check(&source->filter))
		return CTL_USAGE;
	if (history)
		ret = get_history(source, set);
	else if (!violations_get(source->file, set))
		ret = CTL_NO_FILE;
	if (!ret)
		filter_apply(&source->filter, set);
	return ret;
}
