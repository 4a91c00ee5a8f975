// SPDX-License-Identifier: GPL-2.0-only
#include "html.h"

#include <inttypes.h>
#include <stdio.h>

/* A plot of columns, in its own units. */
#define WIDTH	720
#define HEIGHT	180

void html_text(const char *s)
{
	for (; s && *s; s++) {
		unsigned char c = (unsigned char)*s;

		if (c == '&')
			fputs("&amp;", stdout);
		else if (c == '<')
			fputs("&lt;", stdout);
		else if (c == '>')
			fputs("&gt;", stdout);
		else if (c == '"' || c == '\'')
			printf("&#%d;", c);
		else if (c < 32 || c > 126)
			printf("\\%03o", c);
		else
			putchar(c);
	}
}

void html_begin(const char *title)
{
	fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
	      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
	      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	      "<meta name=\"color-scheme\" content=\"light dark\">\n<title>", stdout);
	html_text(title);
	fputs("</title>\n<style>\n"
	      ":root{--back:#fff;--text:#1c1e21;--dim:#5c6470;--line:#d5d9df;--one:#3b6fb6;--two:#c2412d;--good:#1f7a4d;--hold:#b3541e}\n"
	      "@media(prefers-color-scheme:dark){:root{--back:#15181c;--text:#e4e7eb;--dim:#98a1ad;--line:#343a42;--one:#6fa0e6;--two:#ef7a66;--good:#5cc28e;--hold:#e5975a}}\n"
	      "body{margin:0 auto;padding:1rem;max-width:68rem;background:var(--back);color:var(--text);font:1rem/1.45 system-ui,sans-serif}\n"
	      "h1{font-size:1.5rem;margin:.5rem 0}h2{font-size:1.15rem;margin:2rem 0 .5rem}p{max-width:46rem}.dim{color:var(--dim)}\n"
	      ".wide{overflow-x:auto}table{border-collapse:collapse;font-size:.9rem}\n"
	      "th,td{padding:.3rem .8rem .3rem 0;border-bottom:1px solid var(--line);text-align:left;vertical-align:top}\n"
	      "th{color:var(--dim);font-weight:600}.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}\n"
	      "td{overflow-wrap:anywhere}td:first-child{overflow-wrap:normal}code{font:.85rem ui-monospace,monospace;overflow-wrap:anywhere}td code{overflow-wrap:normal;white-space:nowrap}\n"
	      "svg{display:block;width:100%}svg .one{fill:var(--one)}svg .two{fill:var(--two)}\n"
	      ".plot{max-width:52rem}.plot svg{height:11rem;border-bottom:1px solid var(--line)}.plot div{display:flex;justify-content:space-between}\n"
	      ".rows{display:grid;grid-template-columns:minmax(7rem,max-content) 1fr max-content;gap:.25rem .7rem;align-items:center;max-width:52rem}\n"
	      ".rows svg{height:.9rem}.parts span{margin-right:1.2rem;white-space:nowrap}.parts i{display:inline-block;width:.8rem;height:.8rem;margin-right:.35rem;vertical-align:-.05rem}\n"
	      ".promote{color:var(--good);font-weight:600}.hold{color:var(--hold);font-weight:600}\n"
	      "</style>\n</head>\n<body>\n<h1>", stdout);
	html_text(title);
	puts("</h1>");
}

void html_end(void)
{
	puts("</body>\n</html>");
}

static uint64_t highest(const struct bar *bar, size_t n)
{
	uint64_t most = 1;

	for (size_t i = 0; i < n; i++)
		if (bar[i].value[0] + bar[i].value[1] > most)
			most = bar[i].value[0] + bar[i].value[1];
	return most;
}

static void legend(const char * const part[2])
{
	printf("<p class=\"parts dim\"><span><i style=\"background:var(--one)\"></i>%s</span>"
	       "<span><i style=\"background:var(--two)\"></i>%s</span></p>\n", part[0], part[1]);
}

static void put_title(const struct bar *b, const char * const part[2])
{
	fputs("<title>", stdout);
	html_text(b->label);
	printf(": %" PRIu64 " %s, %" PRIu64 " %s</title>", b->value[0], part[0], b->value[1], part[1]);
}

void html_columns(const struct bar *bar, size_t n, const char * const part[2])
{
	uint64_t most = highest(bar, n);
	double step = n ? (double)WIDTH / (double)n : WIDTH;

	legend(part);
	printf("<div class=\"plot\">\n<div class=\"dim\">%" PRIu64 "</div>\n"
	       "<svg viewBox=\"0 0 %d %d\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"copies over time\">\n",
	       most, WIDTH, HEIGHT);
	for (size_t i = 0; i < n; i++) {
		double top = HEIGHT, x = (double)i * step;

		fputs("<g>", stdout);
		put_title(&bar[i], part);
		for (int k = 0; k < 2; k++) {
			double high = HEIGHT * (double)bar[i].value[k] / (double)most;

			/* Rare is what one looks for: it has to be seen. */
			if (bar[i].value[k] && high < 2)
				high = 2;
			top -= high;
			printf("<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/>",
			       k ? "two" : "one", x, top, step > 4 ? step - 1.5 : step, high);
		}
		puts("</g>");
	}
	fputs("</svg>\n<div class=\"dim\"><span>", stdout);
	html_text(n ? bar[0].label : "");
	fputs("</span><span>", stdout);
	html_text(n ? bar[n - 1].label : "");
	puts("</span></div>\n</div>");
}

void html_rows(const struct bar *bar, size_t n, const char * const part[2])
{
	uint64_t most = highest(bar, n);

	puts("<div class=\"rows\">");
	for (size_t i = 0; i < n; i++) {
		double one = 100 * (double)bar[i].value[0] / (double)most;
		double two = 100 * (double)bar[i].value[1] / (double)most;

		if (bar[i].value[1] && two < 0.5)
			two = 0.5;
		fputs("<code>", stdout);
		html_text(bar[i].label);
		fputs("</code><svg viewBox=\"0 0 100 10\" preserveAspectRatio=\"none\" role=\"img\">", stdout);
		put_title(&bar[i], part);
		printf("<rect class=\"one\" width=\"%.2f\" height=\"10\"/><rect class=\"two\" x=\"%.2f\" width=\"%.2f\" height=\"10\"/>"
		       "</svg><span class=\"n\">%" PRIu64 "</span>\n", one, one, two,
		       bar[i].value[0] + bar[i].value[1]);
	}
	puts("</div>");
}
