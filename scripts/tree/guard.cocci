// SPDX-License-Identifier: GPL-2.0-only
//
// With the guard built in, it gives the verdict. Its call stands beside the
// kernel's own, so that whatever the kernel tests first (a constant size, the
// static branch of hardened_usercopy=) holds for both; the option is tested in
// C, so the compiler sees both and keeps one.

@done@
identifier fn;
@@
 fn(...) { <+... usercopy_guard_check(...) ...+> }

@judged depends on !done@
typedef bool;
identifier ptr, n, to_user;
attribute name __always_inline;
@@
+bool usercopy_guard_check(const void *ptr, unsigned long n, bool to_user);
+
 static bool check_object_size(const void *ptr, unsigned long n, bool to_user)
 {
 <+...
+	if (IS_BUILTIN(CONFIG_USERCOPY_GUARD))
+		return usercopy_guard_check(ptr, n, to_user);
 	__check_object_size(ptr, n, to_user);
 ...+>
 }
