// SPDX-License-Identifier: GPL-2.0-only
/* A static program has no libcurl, which cannot be linked so without all that it may ever need. */
#include "fetch.h"

#include "exit.h"
#include "say.h"

int fetch_query(const char *url, const char *query, struct blob *b)
{
	(void)query;
	(void)b;
	say("%s: this usercopyctl was built without libcurl: take one that was not built with STATIC=1",
	    url);
	return CTL_NO_FILE;
}
