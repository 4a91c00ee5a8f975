// SPDX-License-Identifier: GPL-2.0-only
#include "report.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "exit.h"
#include "html.h"
#include "place.h"
#include "say.h"
#include "when.h"

/* So many bars and rows can be looked at. */
#define COLUMNS_MAX	60
#define ROWS_MAX	15
#define SITES_MAX	100

static const char * const parts[] = { "let through", "refused" };

/**
 * struct bars - a plot
 * @b: its bars; owned
 * @n: how many
 */
struct bars {
	struct bar *b;
	size_t n;
};

static uint64_t number(sqlite3_stmt *s, int column)
{
	int64_t n = sqlite3_column_int64(s, column);

	return n < 0 ? 0 : (uint64_t)n;
}

static void bars_free(struct bars *bars)
{
	for (size_t i = 0; i < bars->n; i++)
		free(bars->b[i].label);
	free(bars->b);
}

static void bars_add(struct bars *bars, char *label, uint64_t through, uint64_t refused)
{
	bars->b = xgrow(bars->b, bars->n, sizeof(*bars->b));
	bars->b[bars->n++] = (struct bar){ label, { through, refused } };
}

static char *date_text(int64_t days)
{
	time_t t = (time_t)(days * 86400);
	char text[32] = "?";
	struct tm tm;

	if (days >= 0 && days < 3000000 && gmtime_r(&t, &tm))
		strftime(text, sizeof(text), "%Y-%m-%d", &tm);
	return xformat("%s", text);
}

/* Columns of so many days that all of the time fits; also the days on which nothing was. */
static bool read_days(struct sql *history, struct bars *bars)
{
	int64_t first = 0, last = -1, wide;
	sqlite3_stmt *s;
	bool ok;

	if (!sql_number(history, &first, "SELECT MIN(date) FROM tally WHERE date > 0", "") ||
	    !sql_number(history, &last, "SELECT MAX(date) FROM tally WHERE date < 3000000", ""))
		return false;
	if (first < 1 || last < first)
		return true;
	wide = (last - first) / COLUMNS_MAX + 1;
	for (int64_t day = first; day <= last; day += wide)
		bars_add(bars, date_text(day), 0, 0);
	s = sql_prepare(history, "SELECT (date - ?1) / ?2, SUM(allowed + unrefusable), SUM(refused + killed)"
			" FROM tally WHERE date BETWEEN ?1 AND ?3 GROUP BY 1", "iii", first, wide, last);
	ok = s;
	while (s && sql_step(history, s, &ok)) {
		uint64_t i = number(s, 0);

		if (i >= bars->n)
			continue;
		bars->b[i].value[0] = number(s, 1);
		bars->b[i].value[1] = number(s, 2);
	}
	return ok;
}

static bool read_groups(struct sql *history, const char *query, struct bars *bars)
{
	sqlite3_stmt *s = sql_prepare(history, query, "i", (int64_t)ROWS_MAX);
	bool ok = s;

	while (s && sql_step(history, s, &ok))
		bars_add(bars, sql_text(s, 0), number(s, 1), number(s, 2));
	return ok;
}

#define GROUP_SUMS ", SUM(t.allowed + t.unrefusable) AS through, SUM(t.refused + t.killed) AS refused FROM tally t" \
	" JOIN site s ON s.id = t.site GROUP BY 1 ORDER BY through + refused DESC, 1 LIMIT ?"

static bool put_seen(struct sql *history)
{
	struct bars days = { 0 }, caches = { 0 }, drivers = { 0 };
	bool ok = read_days(history, &days) &&
		  read_groups(history, "SELECT CASE WHEN s.cache = '' THEN s.kind ELSE s.cache END"
			      GROUP_SUMS, &caches) &&
		  read_groups(history, "SELECT CASE WHEN s.module <> '' THEN s.module WHEN instr(s.call, '[')"
			      " THEN rtrim(substr(s.call, instr(s.call, '[') + 1), ']') ELSE 'the kernel itself' END"
			      GROUP_SUMS, &drivers);

	if (ok && !days.n) {
		puts("<h2>What was seen</h2>\n<p>No copy has violated.</p>");
	} else if (ok) {
		puts("<h2>What was seen</h2>\n<p>Copies that left what they were allowed to touch, by date.</p>");
		html_columns(days.b, days.n, parts);
		puts("<h2>By cache, or by kind where it is no slab object</h2>");
		html_rows(caches.b, caches.n, parts);
		puts("<h2>By driver</h2>");
		html_rows(drivers.b, drivers.n, parts);
	}
	bars_free(&days);
	bars_free(&caches);
	bars_free(&drivers);
	return ok;
}

static void put_preview(const struct graduation *g)
{
	uint64_t fallback = 0, enforce = 0;

	puts("<h2>What each policy would have refused</h2>\n"
	     "<p>Of all copies in the history, with the rules that are in force now. <code>warn</code> refuses none.</p>\n"
	     "<div class=\"wide\"><table>\n<tr><th>cache or kind</th><th class=\"n\">fallback</th><th class=\"n\">enforce</th></tr>");
	for (size_t i = 0; i < g->subjects.n; i++) {
		const struct subject *s = &g->subjects.s[i];

		fallback += s->fallback;
		enforce += s->enforce;
		if (!s->enforce)
			continue;
		fputs("<tr><td><code>", stdout);
		html_text(s->rule);
		printf("</code></td><td class=\"n\">%" PRIu64 "</td><td class=\"n\">%" PRIu64 "</td></tr>\n",
		       s->fallback, s->enforce);
	}
	printf("<tr><th>in all</th><td class=\"n\">%" PRIu64 "</td><td class=\"n\">%" PRIu64 "</td></tr>\n</table></div>\n",
	       fallback, enforce);
}

static void put_subject(const struct graduation *g, const struct subject *s)
{
	const struct exception *ended, *e = exception_of(&g->exceptions, s->rule, g->now, &ended);
	bool promotes = graduation_promotes(g, s);
	char *why = graduation_why(g, s);

	printf("<tr><td class=\"%s\">%s</td><td><code>", promotes ? "promote" :
	       s->judgement == JUDGED_HOLD ? "hold" : "dim",
	       graduation_word(g, s));
	html_text(s->rule);
	fputs("</code></td><td>", stdout);
	html_text(why);
	if (e) {
		fputs("; until ", stdout);
		html_text(e->date);
		fputs(": ", stdout);
		html_text(e->reason);
	}
	puts("</td></tr>");
	free(why);
}

/* What is ready first, then what is held, then what is not known. */
static void put_judgements(const struct graduation *g)
{
	static const enum judgement order[] = { JUDGED_PROMOTE, JUDGED_HOLD, JUDGED_UNKNOWN };

	printf("<h2>What is ready to be refused</h2>\n<p>%" PRId64 " machine-days watched. After %g days in use without a violation"
	       " the chance to promote and see one within %g days is below %g %%. <code>usercopyctl graduate --apply</code> promotes.</p>\n"
	       "<div class=\"wide\"><table>\n<tr><th></th><th>cache or kind</th><th>evidence</th></tr>\n",
	       g->subjects.watched, g->terms.days, g->terms.window, 100 * g->terms.risk);
	for (size_t k = 0; k < sizeof(order) / sizeof(order[0]); k++)
		for (size_t i = 0; i < g->subjects.n; i++)
			if (g->subjects.s[i].judgement == order[k])
				put_subject(g, &g->subjects.s[i]);
	puts("</table></div>");
}

static void put_site(sqlite3_stmt *s)
{
	static const int texts[] = { 0, 1, 2, 3 };
	char *last = when_text(sqlite3_column_int64(s, 6));

	fputs("<tr>", stdout);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		char *text = sql_text(s, texts[i]);

		fputs("<td><code>", stdout);
		html_text(text);
		fputs("</code></td>", stdout);
		free(text);
	}
	printf("<td class=\"n\">%" PRIu64 "</td><td class=\"n\">%" PRIu64 "</td><td>", number(s, 4), number(s, 5));
	html_text(last);
	puts("</td></tr>");
	free(last);
}

static bool put_sites(struct sql *history)
{
	sqlite3_stmt *s = sql_prepare(history, "SELECT s.kind, s.cache, s.caller, s.comm,"
				      " SUM(t.allowed + t.unrefusable) AS through, SUM(t.refused + t.killed) AS refused,"
				      " s.last FROM tally t JOIN site s ON s.id = t.site GROUP BY s.id"
				      " ORDER BY through + refused DESC, s.id LIMIT ?", "i", (int64_t)SITES_MAX);
	bool ok = s;

	printf("<h2>Who it was</h2>\n<p class=\"dim\">The %d with the most copies at the most; \"first by\" is the process that was seen first.</p>\n"
	       "<div class=\"wide\"><table>\n<tr><th>kind</th><th>cache</th><th>by</th><th>first by</th><th class=\"n\">let through</th>"
	       "<th class=\"n\">refused</th><th>last</th></tr>\n", SITES_MAX);
	while (s && sql_step(history, s, &ok))
		put_site(s);
	puts("</table></div>");
	return ok;
}

static void put_machine(const struct graduation *g)
{
	char *host = place_word(PLACE_HOSTNAME), *release = place_word(PLACE_RELEASE);
	char *policy = place_word(PLACE_POLICY), *when = when_text(g->now);

	fputs("<p class=\"dim\">", stdout);
	html_text(host ? host : "?");
	fputs(", Linux ", stdout);
	html_text(release ? release : "?");
	fputs(policy ? ", policy " : ", the guard is not loaded", stdout);
	html_text(policy);
	fputs("; ", stdout);
	html_text(when);
	puts("</p>");
	free(host);
	free(release);
	free(policy);
	free(when);
}

int report_print(struct sql *history, const struct graduation *g)
{
	html_begin("usercopy_guard");
	put_machine(g);
	if (!put_seen(history))
		return history->exit;
	put_judgements(g);
	put_preview(g);
	if (!put_sites(history))
		return history->exit;
	html_end();
	return CTL_OK;
}
