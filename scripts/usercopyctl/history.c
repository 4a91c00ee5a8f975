// SPDX-License-Identifier: GPL-2.0-only
/* The file, its schema, and whose it is. */
#include "history.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "array.h"
#include "exit.h"
#include "say.h"

/* "UCG" and a one: what SQLite keeps in the file's head of whose file it is. */
#define APPLICATION_ID	1430472449
#define AS_TEXT(number)	AS_TEXT_OF(number)
#define AS_TEXT_OF(number) #number

/* How long another program may hold the history, in milliseconds. */
#define BUSY_MS		10000

/* Entry N leads from schema N to N + 1. What is in a released one is never changed. */
static const char * const migrations[] = {
	"CREATE TABLE meta(key TEXT PRIMARY KEY, value) WITHOUT ROWID;"
	"CREATE TABLE boot(id INTEGER PRIMARY KEY, boot_id TEXT NOT NULL UNIQUE,"
	" release TEXT NOT NULL, started INTEGER NOT NULL, seen INTEGER NOT NULL);"
	/* The module as it was loaded once. */
	"CREATE TABLE load(id INTEGER PRIMARY KEY, boot INTEGER NOT NULL, token TEXT NOT NULL,"
	" awake INTEGER NOT NULL, at INTEGER NOT NULL, UNIQUE(boot, token));"
	/* A distinct violation, over all boots. */
	"CREATE TABLE site(id INTEGER PRIMARY KEY, kind TEXT NOT NULL, to_user INTEGER NOT NULL,"
	" cache TEXT NOT NULL, call TEXT NOT NULL, module TEXT NOT NULL, srcversion TEXT NOT NULL,"
	" caller TEXT, stack TEXT, comm TEXT, pid INTEGER, policy TEXT, rule TEXT,"
	" merged INTEGER, objsize INTEGER, useroffset INTEGER, usersize INTEGER, denied INTEGER,"
	" min INTEGER, max INTEGER, minsize INTEGER, maxsize INTEGER, grew INTEGER, ranges TEXT,"
	" first INTEGER, last INTEGER, allowed_at INTEGER, refused_at INTEGER,"
	" unrefusable_at INTEGER, killed_at INTEGER,"
	" UNIQUE(cache, kind, to_user, call, module, srcversion));"
	/* The counters of the running kernel as they were read last. */
	"CREATE TABLE live(load INTEGER NOT NULL, number INTEGER NOT NULL, first INTEGER NOT NULL,"
	" allowed INTEGER NOT NULL, refused INTEGER NOT NULL, unrefusable INTEGER NOT NULL,"
	" killed INTEGER NOT NULL, PRIMARY KEY(load, number)) WITHOUT ROWID;"
	/* Copies by machine-day; "days" of them in one row, "date" is that of the last. */
	"CREATE TABLE tally(day INTEGER NOT NULL, site INTEGER NOT NULL, boot INTEGER NOT NULL,"
	" days INTEGER NOT NULL, date INTEGER NOT NULL, allowed INTEGER NOT NULL,"
	" refused INTEGER NOT NULL, unrefusable INTEGER NOT NULL, killed INTEGER NOT NULL,"
	" PRIMARY KEY(day, site, boot)) WITHOUT ROWID;"
	/* Machine-days on which a cache was seen in use. */
	"CREATE TABLE cache(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);"
	"CREATE TABLE used(cache INTEGER NOT NULL, day INTEGER NOT NULL, to_user INTEGER NOT NULL,"
	" from_user INTEGER NOT NULL, ruled INTEGER NOT NULL, PRIMARY KEY(cache, day)) WITHOUT ROWID;",

	/* Those of them on which it shared its memory: any of these caches may have been in use. */
	"CREATE TABLE shared(cache INTEGER NOT NULL, day INTEGER NOT NULL, PRIMARY KEY(cache, day))"
	" WITHOUT ROWID;",
};

static bool execute(struct sql *history, const char *text)
{
	int code = sqlite3_exec(history->db, text, NULL, NULL, NULL);

	if (code != SQLITE_OK)
		sql_say(history, code);
	return code == SQLITE_OK;
}

/*
 * For what SQLite does not wait for by itself: where two could wait for each other, as when both make
 * the file one with a log, it says at once that somebody is busy.
 */
static bool execute_patiently(struct sql *history, const char *text)
{
	int code = SQLITE_BUSY;

	for (int waited = 0; code == SQLITE_BUSY && waited <= BUSY_MS; waited += BUSY_MS / 1000) {
		if (waited)
			sqlite3_sleep(BUSY_MS / 1000);
		code = sqlite3_exec(history->db, text, NULL, NULL, NULL);
	}
	if (code != SQLITE_OK)
		sql_say(history, code);
	return code == SQLITE_OK;
}

/* One step, or none when another program has done it meanwhile: the version is read once nobody can. */
static bool migrate_once(struct sql *history, int64_t *version)
{
	char *number;
	bool ok = execute(history, "BEGIN IMMEDIATE") &&
		  sql_number(history, version, "PRAGMA user_version", "");

	if (!ok || *version >= (int64_t)ARRAY_SIZE(migrations))
		return ok && execute(history, "COMMIT");
	number = xformat("PRAGMA user_version = %" PRId64, *version + 1);
	ok = execute(history, migrations[*version]) && execute(history, number) &&
	     execute(history, "COMMIT");
	free(number);
	++*version;
	return ok;
}

static bool migrate(struct sql *history, int64_t version)
{
	bool ok = true;

	while (ok && version < (int64_t)ARRAY_SIZE(migrations))
		ok = migrate_once(history, &version);
	return ok;
}

static int wrong(struct sql *history, const char *what)
{
	say("%s: %s", history->path, what);
	return CTL_BAD_INPUT;
}

/* Whatever the file is, say so before anything in it is believed. */
static int check(struct sql *history, bool may_write)
{
	int64_t version = 0, application = 0, objects = 0;

	/* Whoever begins one says whose it is before there is anything in it: that is asked last. */
	if (!sql_number(history, &objects, "SELECT COUNT(*) FROM sqlite_schema", "") ||
	    !sql_number(history, &version, "PRAGMA user_version", "") ||
	    !sql_number(history, &application, "PRAGMA application_id", ""))
		return history->exit;
	if (objects && application != APPLICATION_ID)
		return wrong(history, "a data base, but no history of usercopy_guard's");
	if (version > (int64_t)ARRAY_SIZE(migrations))
		return wrong(history, "written by a newer usercopyctl: install that one, or move the file away");
	if (version == (int64_t)ARRAY_SIZE(migrations))
		return CTL_OK;
	if (!may_write)
		return wrong(history, "written by an older usercopyctl: \"usercopyctl record\" brings it up to date");
	if (!objects && (!execute_patiently(history, "PRAGMA auto_vacuum = INCREMENTAL") ||
			 !execute_patiently(history, "PRAGMA application_id = " AS_TEXT(APPLICATION_ID))))
		return history->exit;
	return migrate(history, version) ? CTL_OK : history->exit;
}

/* A history that was copied along with a disk is another machine's evidence. */
static int check_machine(struct sql *history, bool may_write)
{
	char *id = place_word(PLACE_MACHINE_ID);
	int64_t same = -1;
	bool ok = sql_number(history, &same, "SELECT value = ? FROM meta WHERE key = 'machine'",
			     "t", id ? id : "");

	if (ok && same == -1 && may_write && id && *id)
		ok = sql_run(history, "INSERT OR IGNORE INTO meta VALUES('machine', ?)", "t", id);
	free(id);
	if (!ok)
		return history->exit;
	if (!same)
		return wrong(history, "this is the history of another machine (see /etc/machine-id): move it away, and a new one begins");
	return CTL_OK;
}

static bool make_folder(void)
{
	char *dir = place(PLACE_STATE);
	bool ok = !mkdir(dir, 0700) || errno == EEXIST;

	if (!ok)
		say("%s: %s", dir, strerror(errno));
	free(dir);
	return ok;
}

static bool open_file(struct sql *history, enum history_mode mode)
{
	int flags = mode == HISTORY_WRITE ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
					  : SQLITE_OPEN_READWRITE;
	mode_t mask = umask(077);
	int code = sqlite3_open_v2(history->path, &history->db, flags, NULL);

	umask(mask);
	if (code == SQLITE_OK)
		code = sqlite3_busy_timeout(history->db, BUSY_MS);
	if (code != SQLITE_OK)
		sql_say(history, code);
	/* What is committed shall survive a power cut: FULL. */
	return code == SQLITE_OK && execute_patiently(history, "PRAGMA journal_mode = WAL") &&
	       execute(history, "PRAGMA synchronous = FULL");
}

/* Everything in memory, so that what is done to it is gone with it. */
static bool take_copy(struct sql *history, bool empty)
{
	sqlite3 *file = history->db;
	sqlite3_backup *backup;
	int code;

	history->db = NULL;
	code = sqlite3_open(":memory:", &history->db);
	if (code == SQLITE_OK && !empty) {
		backup = sqlite3_backup_init(history->db, "main", file, "main");
		if (backup) {
			sqlite3_backup_step(backup, -1);
			sqlite3_backup_finish(backup);
		}
		code = sqlite3_errcode(history->db);
	}
	sqlite3_close(file);
	if (code != SQLITE_OK)
		sql_say(history, code);
	return code == SQLITE_OK;
}

int history_open(struct sql *history, enum history_mode mode)
{
	bool there;
	int ret;

	memset(history, 0, sizeof(*history));
	history->path = place(PLACE_HISTORY);
	there = !access(history->path, F_OK);
	if (!there && mode == HISTORY_READ) {
		say("%s: there is no history yet: \"usercopyctl record\" begins one", history->path);
		return CTL_NO_FILE;
	}
	if (mode == HISTORY_WRITE && !make_folder())
		return CTL_NO_FILE;
	if ((there || mode == HISTORY_WRITE) && !open_file(history, mode))
		return history->exit;
	if (mode == HISTORY_COPY && !take_copy(history, !there))
		return history->exit;
	ret = check(history, mode != HISTORY_READ);
	return ret ? ret : check_machine(history, mode != HISTORY_READ);
}

void history_close(struct sql *history)
{
	sqlite3_close(history->db);
	free(history->path);
}
