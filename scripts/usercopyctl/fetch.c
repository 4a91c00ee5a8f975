// SPDX-License-Identifier: GPL-2.0-only
#include "fetch.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

#include "exit.h"
#include "say.h"

/* So much of what a server has to complain about is shown. */
#define COMPLAINT_MAX	200

/**
 * struct answer - as it comes in
 * @b: what has come
 * @room: bytes there is room for
 */
struct answer {
	struct blob b;
	size_t room;
};

static size_t take(char *data, size_t size, size_t n, void *ctx)
{
	struct answer *a = ctx;

	n *= size;
	if (n > FETCH_MAX - a->b.len)
		return CURL_WRITEFUNC_ERROR;
	if (a->b.len + n >= a->room) {
		a->room = 2 * (a->b.len + n + 1);
		a->b.data = realloc(a->b.data, a->room);
		if (!a->b.data)
			out_of_memory();
	}
	memcpy(a->b.data + a->b.len, data, n);
	a->b.len += n;
	a->b.data[a->b.len] = '\0';
	return n;
}

static char *whole_url(CURL *curl, const char *url, const char *query)
{
	char *escaped = curl_easy_escape(curl, query, 0), *whole;
	size_t len = strlen(url);

	if (!escaped)
		out_of_memory();
	while (len && url[len - 1] == '/')
		len--;
	whole = xformat("%.*s/api/v1/query?query=%s", (int)len, url, escaped);
	curl_free(escaped);
	return whole;
}

static CURLcode set_up(CURL *curl, const char *whole, struct answer *a)
{
	CURLcode code = CURLE_OK;

#define SET(option, value) \
	do { if (!code) code = curl_easy_setopt(curl, CURLOPT_##option, value); } while (0)
	SET(URL, whole);
	SET(PROTOCOLS_STR, "http,https");
	SET(FOLLOWLOCATION, 0L);
	SET(CONNECTTIMEOUT, (long)FETCH_CONNECT);
	SET(TIMEOUT, (long)FETCH_SECONDS);
	SET(MAXFILESIZE, (long)FETCH_MAX);
	SET(NOSIGNAL, 1L);
	SET(NETRC, (long)CURL_NETRC_OPTIONAL);
	SET(USERAGENT, "usercopyctl/" USERCOPYCTL_VERSION);
	SET(WRITEFUNCTION, take);
	SET(WRITEDATA, a);
#undef SET
	return code;
}

static int say_failed(const char *url, CURLcode code, const struct blob *b)
{
	switch (code) {
	case CURLE_OPERATION_TIMEDOUT:
		say("%s: no whole answer within %d seconds: is the server overloaded?", url,
		    FETCH_SECONDS);
		break;
	case CURLE_FILESIZE_EXCEEDED:
	case CURLE_WRITE_ERROR:
		say("%s: its answer is larger than %u MB (%zu bytes were read): is that a Prometheus server? One with fewer machines will do",
		    url, FETCH_MAX >> 20, b->len);
		break;
	case CURLE_COULDNT_CONNECT:
	case CURLE_COULDNT_RESOLVE_HOST:
		say("%s: %s: is the server up, and is this its address?", url,
		    curl_easy_strerror(code));
		break;
	case CURLE_UNSUPPORTED_PROTOCOL:
	case CURLE_URL_MALFORMAT:
		say("%s: give the server's address as http://HOST:9090", url);
		return CTL_USAGE;
	default:
		say("%s: %s", url, curl_easy_strerror(code));
	}
	return CTL_NO_FILE;
}

static int say_status(const char *url, long status, CURL *curl, const struct blob *b)
{
	char *to = NULL;

	curl_easy_getinfo(curl, CURLINFO_REDIRECT_URL, &to);
	if (status >= 300 && status < 400)
		say("%s: it sends us to %s: give that address, if you trust it", url,
		    to ? to : "another one");
	else if (status == 401 || status == 403)
		say("%s: it asks who we are (HTTP %ld): put user and password into ~/.netrc", url,
		    status);
	else
		say("%s: it answers with HTTP %ld: %.*s", url, status, COMPLAINT_MAX,
		    b->data ? b->data : "");
	return CTL_NO_FILE;
}

int fetch_query(const char *url, const char *query, struct blob *b)
{
	CURL *curl = curl_easy_init();
	struct answer a = { .room = 0 };
	char *whole;
	long status = 0;
	CURLcode code;
	int ret = CTL_OK;

	if (!curl)
		out_of_memory();
	whole = whole_url(curl, url, query);
	code = set_up(curl, whole, &a);
	if (!code)
		code = curl_easy_perform(curl);
	if (!code)
		code = curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
	*b = a.b;
	if (code)
		ret = say_failed(url, code, b);
	else if (status != 200)
		ret = say_status(url, status, curl, b);
	curl_easy_cleanup(curl);
	free(whole);
	if (!ret && b->data)
		return CTL_OK;
	if (!ret) {
		say("%s: its answer is empty: is that a Prometheus server?", url);
		ret = CTL_NO_FILE;
	}
	free(b->data);
	b->data = NULL;
	return ret;
}
