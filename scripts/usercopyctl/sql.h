/* SPDX-License-Identifier: GPL-2.0-only */
/* The few things that are asked of SQLite, and what to say when they do not work. */
#ifndef CTL_SQL_H
#define CTL_SQL_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

/**
 * struct sql - a data base
 * @db: SQLite's
 * @path: its file, for messages; owned
 * @exit: enum ctl_exit for what went wrong, once something has
 */
struct sql {
	sqlite3 *db;
	char *path;
	int exit;
};

/**
 * sql_prepare() - take a statement apart, and bind its parameters
 * @sql: the data base
 * @text: the statement
 * @types: one letter a parameter: "i" for an int64_t, "u" for an uint64_t (of which no more than
 *	INT64_MAX is kept), "t" for a const char *, of which NULL is the empty text
 *
 * Says what is wrong.
 *
 * Return: the statement, or NULL. Texts must live for as long as it does.
 */
sqlite3_stmt *sql_prepare(struct sql *sql, const char *text, const char *types, ...);

/**
 * sql_step() - go to the next row
 * @sql: the data base
 * @statement: from sql_prepare(); given back unless there is a row
 * @ok: set to false, and what is wrong is said, when it does not work
 *
 * Return: true when there is a row.
 */
bool sql_step(struct sql *sql, sqlite3_stmt *statement, bool *ok);

/**
 * sql_run() - sql_prepare(), for a statement that gives no row, and run it
 * @sql: the data base
 * @text: the statement
 * @types: as for sql_prepare()
 *
 * Return: false when it did not work; what is wrong has been said.
 */
bool sql_run(struct sql *sql, const char *text, const char *types, ...);

/**
 * sql_number() - sql_prepare(), for a statement that gives one number at the most
 * @sql: the data base
 * @value: set to the number; left alone when there is no row
 * @text: the statement
 * @types: as for sql_prepare()
 *
 * Return: false when it did not work; what is wrong has been said.
 */
bool sql_number(struct sql *sql, int64_t *value, const char *text, const char *types, ...);

/**
 * sql_text() - a column as a string
 * @statement: at a row
 * @column: from 0
 *
 * Return: the text, the caller's to free().
 */
char *sql_text(sqlite3_stmt *statement, int column);

/**
 * sql_say() - say what SQLite has to complain about, and what to do
 * @sql: the data base
 * @code: SQLite's result
 */
void sql_say(struct sql *sql, int code);

#endif
