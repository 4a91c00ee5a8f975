// SPDX-License-Identifier: GPL-2.0-only
//
// For the parity suite: while a test records, usercopy_abort() goes back to it
// instead of ending the task. With the test option off the call is not there.

@done@
identifier fn;
@@
 fn(...) { <+... usercopy_guard_test_abort(...) ...+> }

@recorded depends on !done@
identifier name, detail, to_user, offset, len;
@@
+extern void usercopy_guard_test_abort(const char *name, const char *detail, bool to_user,
+				      unsigned long offset, unsigned long len);
+
 usercopy_abort(const char *name, const char *detail, bool to_user,
		unsigned long offset, unsigned long len)
 {
+	if (IS_ENABLED(CONFIG_USERCOPY_GUARD_KUNIT_TEST))
+		usercopy_guard_test_abort(name, detail, to_user, offset, len);
 ...
 }
