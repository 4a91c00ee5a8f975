# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2015,SC2154,SC2034,SC2164
#
# A part of tests/ctl/run: the page for those who were not there.

new_root
"$here/report-machine" "$root" "$tmp/plain/usercopyctl" >"$tmp/out" 2>"$tmp/err"; ok "a machine with the history of half a year"
page=$tmp/report.html
sec=$root/sys/kernel/security/usercopy_guard
ctl 2 report x && ctl 2 report --json; ok "words that are no report: exit 2"
ctl 0 report -o "$page" && [ ! -s "$tmp/out" ] && [ ! -s "$tmp/err" ] && ctl 0 report && cmp -s "$tmp/out" "$page"
ok "a page, on standard output or in a file"
# Well formed, without anything that loads, runs or leads elsewhere; then its text, a line for each row.
python3 - "$page" >"$tmp/text" 2>"$tmp/err" <<-'PY'
	import html.parser, re, sys

	class Page(html.parser.HTMLParser):
	    def __init__(self):
	        super().__init__()
	        self.open, self.words = [], []

	    def handle_starttag(self, tag, attrs):
	        assert tag in ("html head meta title style body h1 h2 p span i div svg g rect table tr th td code".split()), tag
	        for name, value in attrs:
	            assert not name.startswith("on") and name not in ("src", "href", "action", "xlink:href"), name
	            assert "url(" not in (value or "") and "//" not in (value or ""), value
	        if tag not in ("meta", "rect"):
	            self.open.append(tag)

	    def handle_startendtag(self, tag, attrs):
	        self.handle_starttag(tag, attrs)
	        if tag not in ("meta", "rect"):
	            self.open.pop()

	    def handle_endtag(self, tag):
	        assert self.open.pop() == tag, tag
	        if tag in ("td", "th", "code"):
	            self.words.append("|")
	        if tag in ("tr", "p", "h2", "title"):
	            self.words.append("\n")

	    def handle_data(self, data):
	        assert self.open[-1:] != ["style"] or not re.search(r"url\(|@import", data)
	        if self.open and self.open[-1] != "style":
	            self.words.append(data.strip("\n"))

	page = Page()
	page.feed(open(sys.argv[1], encoding="ascii").read())
	page.close()
	assert not page.open, page.open
	print("".join(page.words))
PY
ok "it is well formed, ASCII, and neither loads, runs nor leads to anything"
text() { grep -qF -- "$1" "$tmp/text"; }
grep -q "default-src 'none'" "$page"; ok "... and tells the browser so"
text '||<b onclick=alert(1)>&amp;"||45|240|' && text '||<script>||0|3|'; ok "a process whose name is HTML is text"
! grep -qE '<script|<b ' "$page"; ok "... nowhere else"
text 'in all|288|10650|' && text 'mydriver_log||0|10362|'; ok "what each policy would have refused"
text 'promote|mydriver_req||none in 240 machine-days in use' && text 'exception|mydriver_ctx||' && text 'until 2027-06-01: the driver is being rewritten' &&
	text 'hold|mydriver_log||violated on 108 days' && text 'not enough evidence|mydriver_tmp||none in 12 machine-days'; ok "what is ready to be promoted, and what is not"
[ "$(grep -c '<title>20.*let through' "$page")" -ge 50 ] && grep -q '>2026-06-27<' "$page"; ok "what was seen over time"
python3 - "$page" >"$tmp/err" 2>&1 <<-'PY'
	import re, sys
	bars = re.findall(r"<title>20\d\d-\d\d-\d\d: (\d+) let through, (\d+) refused", open(sys.argv[1]).read())
	assert sum(int(a) for a, _ in bars) == 42657 and sum(int(b) for _, b in bars) == 243, bars
PY
ok "... adds up to all copies"
text 'othermod' && grep -q '<code>mydriver</code><svg' "$page" && grep -q '<code>othermod</code><svg' "$page"; ok "by driver"
echo '# exception mydriver_ctx until 2027-06-01: <img src=x onerror=alert(1)>' >"$root/etc/usercopy_guard/10-mine.rules"
echo 'a&<b>"' >"$root/proc/sys/kernel/hostname"
ctl 0 report && ! grep -q '<img' "$tmp/out" && grep -q 'a&amp;&lt;b&gt;&#34;, Linux' "$tmp/out"; ok "reasons and the machine's name are text as well"
v id=7 first=500.0 'cache=\303\244\001<i>' >"$sec/violations"
ctl 0 report && grep -qF '<code>\303\244\001&lt;i&gt;</code>' "$tmp/out"; ok "what the kernel has seen since is in it; a name of any bytes"
echo rubbish >>"$sec/violations"
ctl 4 report -o "$page" && err 'no violation' && grep -qF '\303\244' "$page"; ok "a malformed line keeps nothing else out"
cp "$page" "$tmp/before"; rm -f "$root/var/lib/usercopy_guard/history.db"*; head -c 20000 /dev/urandom >"$root/var/lib/usercopy_guard/history.db"
ctl 4 report -o "$page" && err damaged && cmp -s "$page" "$tmp/before"; ok "a damaged history: the old page stays"
rm -f "$root/var/lib/usercopy_guard/history.db"*; v >"$sec/violations"
ctl 0 record; hole live "$root/var/lib/usercopy_guard/history.db"; v count=99 allowed=99 >"$sec/violations"
ctl 4 report -o "$page" && err damaged && cmp -s "$page" "$tmp/before"; ok "... also when it is damaged just where the kernel's news would go"
new_root; : >"$sec/violations"; : >"$sec/caches"
ctl 0 report && grep -q 'No copy has violated' "$tmp/out"; ok "nothing seen is said in words"
