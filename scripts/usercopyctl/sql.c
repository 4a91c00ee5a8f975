// SPDX-License-Identifier: GPL-2.0-only
#include "sql.h"

#include <stdarg.h>
#include <stdlib.h>

#include "exit.h"
#include "say.h"

void sql_say(struct sql *sql, int code)
{
	const char *reason = sql->db ? sqlite3_errmsg(sql->db) : sqlite3_errstr(code);

	sql->exit = CTL_NO_FILE;
	switch (code & 0xff) {
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		sql->exit = CTL_BAD_INPUT;
		say("%s: damaged (%s): move it away, and a new history begins; \"sqlite3 FILE .recover\" may save what was in it",
		    sql->path, reason);
		break;
	case SQLITE_FULL:
		say("%s: %s: nothing was written, and nothing is lost as long as the machine runs: make room, then record again",
		    sql->path, reason);
		break;
	case SQLITE_BUSY:
		say("%s: in use by another program for too long: try again", sql->path);
		break;
	case SQLITE_CANTOPEN:
	case SQLITE_PERM:
	case SQLITE_AUTH:
		say("%s: %s: is the folder there, and are you root?", sql->path, reason);
		break;
	case SQLITE_NOMEM:
		out_of_memory();
	default:
		say("%s: %s", sql->path, reason);
	}
}

static bool bind_all(struct sql *sql, sqlite3_stmt *statement, const char *types, va_list ap)
{
	int code = SQLITE_OK;

	for (int i = 0; types[i] && code == SQLITE_OK; i++) {
		if (types[i] == 'i') {
			code = sqlite3_bind_int64(statement, i + 1, va_arg(ap, int64_t));
		} else if (types[i] == 'u') {
			uint64_t n = va_arg(ap, uint64_t);

			code = sqlite3_bind_int64(statement, i + 1,
						  n > INT64_MAX ? INT64_MAX : (int64_t)n);
		} else {
			const char *text = va_arg(ap, const char *);

			code = sqlite3_bind_text(statement, i + 1, text ? text : "", -1,
						 SQLITE_STATIC);
		}
	}
	if (code == SQLITE_OK)
		return true;
	sql_say(sql, code);
	sqlite3_finalize(statement);
	return false;
}

static sqlite3_stmt *prepare(struct sql *sql, const char *text, const char *types, va_list ap)
{
	sqlite3_stmt *statement;
	int code = sqlite3_prepare_v2(sql->db, text, -1, &statement, NULL);

	if (code != SQLITE_OK) {
		sql_say(sql, code);
		return NULL;
	}
	return bind_all(sql, statement, types, ap) ? statement : NULL;
}

sqlite3_stmt *sql_prepare(struct sql *sql, const char *text, const char *types, ...)
{
	sqlite3_stmt *statement;
	va_list ap;

	va_start(ap, types);
	statement = prepare(sql, text, types, ap);
	va_end(ap);
	return statement;
}

bool sql_step(struct sql *sql, sqlite3_stmt *statement, bool *ok)
{
	int code = sqlite3_step(statement);

	if (code == SQLITE_ROW)
		return true;
	if (code != SQLITE_DONE) {
		sql_say(sql, code);
		*ok = false;
	}
	sqlite3_finalize(statement);
	return false;
}

bool sql_run(struct sql *sql, const char *text, const char *types, ...)
{
	sqlite3_stmt *statement;
	bool ok = true;
	va_list ap;

	va_start(ap, types);
	statement = prepare(sql, text, types, ap);
	va_end(ap);
	if (!statement)
		return false;
	if (sql_step(sql, statement, &ok))
		sqlite3_finalize(statement);
	return ok;
}

bool sql_number(struct sql *sql, int64_t *value, const char *text, const char *types, ...)
{
	sqlite3_stmt *statement;
	bool ok = true;
	va_list ap;

	va_start(ap, types);
	statement = prepare(sql, text, types, ap);
	va_end(ap);
	if (!statement)
		return false;
	if (sql_step(sql, statement, &ok)) {
		*value = sqlite3_column_int64(statement, 0);
		sqlite3_finalize(statement);
	}
	return ok;
}

char *sql_text(sqlite3_stmt *statement, int column)
{
	const unsigned char *text = sqlite3_column_text(statement, column);

	return xformat("%s", text ? (const char *)text : "");
}
