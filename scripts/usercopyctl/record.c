// SPDX-License-Identifier: GPL-2.0-only
/*
 * From the running kernel into the history.
 *
 * The kernel counts from the moment the module is loaded. So the history keeps the counters as they
 * were read last, for each record of each load, and adds what has come since.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "alias.h"
#include "clock.h"
#include "exit.h"
#include "history.h"
#include "say.h"

/**
 * struct recording - one run
 * @sql: the history
 * @now: when the kernel was read
 * @boot: row of this boot
 * @load: row of this load of the module
 * @before: time after boot of the recording before, in this load; 0: none
 * @watched: microseconds for which the guard has watched this machine, in all
 * @aliases: which caches share memory now
 */
struct recording {
	struct sql *sql;
	const struct moment *now;
	int64_t boot, load, before, watched;
	struct alias_set aliases;
};

/**
 * struct counters - what became of copies
 * @allowed: let through
 * @refused: refused
 * @unrefusable: let through because they could not be refused
 * @killed: handed to the kernel
 */
struct counters {
	int64_t allowed, refused, unrefusable, killed;
};

/* Days since 1970 (UTC); what --since is compared with. */
static int64_t date_of(int64_t real)
{
	return real / USEC_PER_DAY;
}

static int64_t real_of(const struct recording *r, uint64_t usec)
{
	return usec ? r->now->real - r->now->boot + (int64_t)usec : 0;
}

/* The machine-day of a time after boot. */
static int64_t day_of(const struct recording *r, int64_t usec)
{
	int64_t ago = r->now->boot - usec;

	return (ago < 0 ? r->watched : ago > r->watched ? 0 : r->watched - ago) / USEC_PER_DAY;
}

static bool record_boot(struct recording *r)
{
	char *id = place_word(PLACE_BOOT_ID), *release = place_word(PLACE_RELEASE);
	bool ok;

	ok = sql_run(r->sql, "INSERT INTO boot(boot_id, release, started, seen) VALUES(?, ?, ?, ?)"
		     " ON CONFLICT(boot_id) DO UPDATE SET seen = excluded.seen, started = excluded.started",
		     "ttii", id, release, r->now->real - r->now->boot, r->now->real) &&
	     sql_number(r->sql, &r->boot, "SELECT id FROM boot WHERE boot_id = ?", "t", id);
	free(id);
	free(release);
	return ok;
}

/* The folder in securityfs is made anew with each load of the module: that tells it apart. */
static char *load_token(void)
{
	char *real = place(PLACE_SECURITYFS);
	struct stat st;

	if (stat(real, &st))
		st.st_ino = 0;
	free(real);
	return xformat("%llu", (unsigned long long)st.st_ino);
}

/* Time is watched from the first recording of a load on: before it, who knows. */
static bool record_load(struct recording *r)
{
	char *token = load_token();
	int64_t awake = r->now->awake;
	bool ok;

	ok = sql_number(r->sql, &awake, "SELECT awake FROM load WHERE boot = ? AND token = ?", "it",
			r->boot, token) &&
	     sql_number(r->sql, &r->before, "SELECT at FROM load WHERE boot = ? AND token = ?", "it",
			r->boot, token) &&
	     sql_number(r->sql, &r->watched, "SELECT value FROM meta WHERE key = 'watched'", "") &&
	     sql_run(r->sql, "INSERT INTO load(boot, token, awake, at) VALUES(?, ?, ?, ?)"
		     " ON CONFLICT(boot, token) DO UPDATE SET awake = excluded.awake, at = excluded.at",
		     "itii", r->boot, token, r->now->awake, r->now->boot) &&
	     sql_number(r->sql, &r->load, "SELECT id FROM load WHERE boot = ? AND token = ?", "it",
			r->boot, token);
	free(token);
	if (r->now->awake > awake)
		r->watched += r->now->awake - awake;
	return ok && sql_run(r->sql, "INSERT OR REPLACE INTO meta VALUES('watched', ?)", "i",
			     r->watched);
}

/* "function+0x12/0x345[module]" without the size, which a new build changes for no reason. */
static char *call_of(const char *caller)
{
	const char *slash = strchr(caller, '/'), *module = strchr(caller, '[');

	if (!slash || (module && module < slash))
		return xformat("%s", caller);
	return xformat("%.*s%s", (int)(slash - caller), caller, module ? module : "");
}

static bool find_site(struct recording *r, const struct violation *v, const char *call,
		      int64_t *site, struct ranges *ranges)
{
	sqlite3_stmt *s = sql_prepare(r->sql, "SELECT id, ranges FROM site WHERE cache = ? AND"
				      " kind = ? AND to_user = ? AND call = ? AND module = ? AND"
				      " srcversion = ?", "ttittt", v->cache, v->kind,
				      (int64_t)v->to_user, call, v->module, v->srcversion);
	bool ok = s;

	if (s && sql_step(r->sql, s, &ok)) {
		char *text = sql_text(s, 1);
		struct ranges old;

		*site = sqlite3_column_int64(s, 0);
		if (ranges_parse(text, text + strlen(text), &old))
			ranges_join(ranges, &old);
		free(text);
		sqlite3_finalize(s);
	}
	return ok;
}

static bool add_site(struct recording *r, const struct violation *v, const char *call,
		     int64_t *site)
{
	if (!sql_run(r->sql, "INSERT INTO site(kind, to_user, cache, call, module, srcversion, first,"
		     " min, max, minsize, maxsize, grew, allowed_at, refused_at, unrefusable_at,"
		     " killed_at, comm, pid, policy, rule, stack)"
		     " VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, 0, 0, 0, ?, ?, ?, ?, ?)",
		     "tittttiuuuututtt", v->kind, (int64_t)v->to_user, v->cache, call, v->module,
		     v->srcversion, real_of(r, v->first), v->min, v->max, v->minsize, v->maxsize,
		     v->comm, v->pid, v->policy, v->by, v->stack))
		return false;
	*site = sqlite3_last_insert_rowid(r->sql->db);
	return true;
}

/* What is the latest, the lowest, the highest, and the first of each kind. */
static bool update_site(struct recording *r, const struct violation *v, int64_t site,
			const struct ranges *ranges)
{
	char *text = ranges_text(ranges);
	bool ok;

	ok = sql_run(r->sql, "UPDATE site SET caller = ?1, merged = ?2, objsize = ?3,"
		     " useroffset = ?4, usersize = ?5, denied = ?6, ranges = ?7,"
		     " min = MIN(min, ?8), max = MAX(max, ?9), minsize = MIN(minsize, ?10),"
		     " maxsize = MAX(maxsize, ?11), grew = MAX(grew, ?12),"
		     " first = MIN(first, ?13), last = MAX(IFNULL(last, 0), ?14),"
		     " allowed_at = IFNULL(NULLIF(allowed_at, 0), ?15),"
		     " refused_at = IFNULL(NULLIF(refused_at, 0), ?16),"
		     " unrefusable_at = IFNULL(NULLIF(unrefusable_at, 0), ?17),"
		     " killed_at = IFNULL(NULLIF(killed_at, 0), ?18) WHERE id = ?19",
		     "tuuuuituuuuuiiiiiii", v->caller, v->merged, v->objsize, v->useroffset,
		     v->usersize, (int64_t)v->denied, text, v->min, v->max, v->minsize, v->maxsize,
		     v->grew, real_of(r, v->first), real_of(r, v->last), real_of(r, v->allowed_at),
		     real_of(r, v->refused_at), real_of(r, v->unrefusable_at),
		     real_of(r, v->killed_at), site);
	free(text);
	return ok;
}

static int64_t clamp(uint64_t n)
{
	return n > INT64_MAX ? INT64_MAX : (int64_t)n;
}

/* An older module may say only how many there were; without refusals all of them were allowed. */
static struct counters counters_of(const struct violation *v)
{
	struct counters c = {
		clamp(v->allowed), clamp(v->refused), clamp(v->unrefusable), clamp(v->killed),
	};

	if (!v->allowed && !v->refused && !v->unrefusable && !v->killed)
		c.allowed = clamp(v->count);
	return c;
}

/* What has come since the recording before; false in @ok when that cannot be asked. */
static struct counters news(struct recording *r, const struct violation *v, bool *ok)
{
	struct counters now = counters_of(v), old;
	sqlite3_stmt *s = sql_prepare(r->sql, "SELECT allowed, refused, unrefusable, killed FROM live"
				      " WHERE load = ? AND number = ? AND first = ?", "iuu", r->load,
				      v->id, v->first);

	*ok = s;
	if (!s || !sql_step(r->sql, s, ok))
		return now;
	old = (struct counters){
		sqlite3_column_int64(s, 0), sqlite3_column_int64(s, 1),
		sqlite3_column_int64(s, 2), sqlite3_column_int64(s, 3),
	};
	sqlite3_finalize(s);
	/* Counters that have gone back belong to another record: all of it is new. */
	if (old.allowed > now.allowed || old.refused > now.refused ||
	    old.unrefusable > now.unrefusable || old.killed > now.killed)
		return now;
	now.allowed -= old.allowed;
	now.refused -= old.refused;
	now.unrefusable -= old.unrefusable;
	now.killed -= old.killed;
	return now;
}

static bool add_tally(struct recording *r, const struct violation *v, int64_t site,
		      const struct counters *c)
{
	return sql_run(r->sql, "INSERT INTO tally VALUES(?, ?, ?, 1, ?, ?, ?, ?, ?)"
		       " ON CONFLICT(day, site, boot) DO UPDATE SET date = MAX(date, excluded.date),"
		       " allowed = allowed + excluded.allowed, refused = refused + excluded.refused,"
		       " unrefusable = unrefusable + excluded.unrefusable,"
		       " killed = killed + excluded.killed", "iiiiiiii",
		       day_of(r, (int64_t)v->last), site, r->boot, date_of(real_of(r, v->last)),
		       c->allowed, c->refused, c->unrefusable, c->killed);
}

static bool keep_counters(struct recording *r, const struct violation *v)
{
	struct counters c = counters_of(v);

	return sql_run(r->sql, "INSERT OR REPLACE INTO live VALUES(?, ?, ?, ?, ?, ?, ?)", "iuuiiii",
		       r->load, v->id, v->first, c.allowed, c.refused, c.unrefusable, c.killed);
}

static bool record_violation(struct recording *r, const struct violation *v)
{
	struct ranges ranges;
	struct counters c;
	int64_t site = 0;
	bool ok;
	char *call;

	c = news(r, v, &ok);
	if (!ok || !(c.allowed || c.refused || c.unrefusable || c.killed))
		return ok;
	violation_ranges(v, &ranges);
	call = call_of(v->caller);
	ok = find_site(r, v, call, &site, &ranges) && (site || add_site(r, v, call, &site)) &&
	     update_site(r, v, site, &ranges) && add_tally(r, v, site, &c) && keep_counters(r, v);
	free(call);
	return ok;
}

static bool is_news(const struct recording *r, uint64_t usec)
{
	return usec && (int64_t)usec > r->before;
}

/* Who shares memory is named for all who do: that it was so belongs to the day. */
static bool record_shared(struct recording *r, const char *cache, int64_t day)
{
	return !aliases_share(&r->aliases, cache) ||
	       sql_run(r->sql, "INSERT OR IGNORE INTO shared SELECT id, ?1 FROM cache WHERE name = ?2",
		       "it", day, cache);
}

static bool record_use(struct recording *r, const char *cache, uint64_t at, int to, int from,
		       int ruled)
{
	int64_t day = day_of(r, (int64_t)at);

	if (!is_news(r, at))
		return true;
	return sql_run(r->sql, "INSERT OR IGNORE INTO cache(name) VALUES(?)", "t", cache) &&
	       sql_run(r->sql, "INSERT INTO used SELECT id, ?1, ?2, ?3, ?4 FROM cache WHERE name = ?5"
		       " ON CONFLICT(cache, day) DO UPDATE SET to_user = to_user | ?2,"
		       " from_user = from_user | ?3, ruled = ruled | ?4", "iiiit",
		       day, (int64_t)to, (int64_t)from, (int64_t)ruled, cache) &&
	       record_shared(r, cache, day);
}

static bool record_cache(struct recording *r, const struct cache *c)
{
	return record_use(r, c->name, c->used_to, 1, 0, 0) &&
	       record_use(r, c->name, c->used_from, 0, 1, 0) &&
	       record_use(r, c->name, c->ruled_last, 0, 0, 1) &&
	       record_use(r, c->name, c->last, 0, 0, 0);
}

/* What is old is added up by months; the counters of boots that are over are not asked any more. */
static bool tidy(struct recording *r)
{
	int64_t old = (r->watched / USEC_PER_DAY - HISTORY_FINE_DAYS) / HISTORY_MONTH * HISTORY_MONTH;

	if (!sql_run(r->sql, "DELETE FROM live WHERE load IN (SELECT id FROM load WHERE boot != ?)",
		     "i", r->boot))
		return false;
	return old <= 0 ||
	       (sql_run(r->sql, "CREATE TEMP TABLE old AS SELECT day / ?1 * ?1 AS day, site, boot,"
			" COUNT(DISTINCT day) AS days, MAX(date) AS date, SUM(allowed) AS allowed,"
			" SUM(refused) AS refused, SUM(unrefusable) AS unrefusable,"
			" SUM(killed) AS killed, SUM(days) AS folded FROM tally WHERE day < ?2"
			" GROUP BY day / ?1, site, boot HAVING COUNT(*) > 1", "ii",
			(int64_t)HISTORY_MONTH, old) &&
		sql_run(r->sql, "DELETE FROM tally WHERE day < ?2 AND EXISTS (SELECT 1 FROM temp.old o"
			" WHERE o.site = tally.site AND o.boot = tally.boot AND"
			" o.day = tally.day / ?1 * ?1)", "ii", (int64_t)HISTORY_MONTH, old) &&
		sql_run(r->sql, "INSERT INTO tally SELECT day, site, boot, MAX(days, folded), date,"
			" allowed, refused, unrefusable, killed FROM temp.old", "") &&
		sql_run(r->sql, "DROP TABLE temp.old", ""));
}

/*
 * When the kernel had no room to list a violation there is no evidence for anybody, up to then. Kept is
 * the time watched at which that was seen last, and the copies, of this load and of all.
 */
static bool record_unlisted(struct recording *r, uint64_t unlisted)
{
	int64_t load = 0, known = 0;

	if (!sql_number(r->sql, &load, "SELECT value FROM meta WHERE key = 'unlisted_load'", "") ||
	    !sql_number(r->sql, &known, "SELECT value FROM meta WHERE key = 'unlisted_known'", ""))
		return false;
	if (load != r->load)
		known = 0;
	if (clamp(unlisted) <= known)
		return true;
	return sql_run(r->sql, "INSERT OR REPLACE INTO meta VALUES('unlisted_load', ?1),"
		       " ('unlisted_known', ?2), ('unlisted_at', ?3), ('unlisted', ?4 +"
		       " IFNULL((SELECT value FROM meta WHERE key = 'unlisted'), 0))", "iiii",
		       r->load, clamp(unlisted), r->watched, clamp(unlisted) - known);
}

static bool record_all(struct recording *r, const struct violation_set *set,
		       const struct cache_set *caches)
{
	bool ok = record_boot(r) && record_load(r) &&
		  clock_note(r->sql, r->boot, r->now, r->watched);

	ok = ok && record_unlisted(r, set->unlisted);
	for (size_t i = 0; ok && i < set->n; i++)
		ok = record_violation(r, &set->v[i]);
	for (size_t i = 0; ok && i < caches->n; i++)
		ok = record_cache(r, &caches->c[i]);
	return ok && tidy(r);
}

bool history_begin(struct sql *history)
{
	return sql_run(history, "BEGIN IMMEDIATE", "");
}

void history_cancel(struct sql *history)
{
	sqlite3_exec(history->db, "ROLLBACK", NULL, NULL, NULL);
}

int history_record(struct sql *history, const struct violation_set *set,
		   const struct cache_set *caches, const struct moment *now)
{
	struct recording r = { .sql = history, .now = now };
	bool ok;

	aliases_read(&r.aliases);
	ok = record_all(&r, set, caches) && sql_run(history, "COMMIT", "");
	aliases_free(&r.aliases);
	if (ok)
		return CTL_OK;
	history_cancel(history);
	return history->exit;
}
