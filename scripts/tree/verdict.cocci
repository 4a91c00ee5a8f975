// SPDX-License-Identifier: GPL-2.0-only
//
// check_object_size() and check_copy_size() say whether the copy may go on.
// Without a guard the answer is always yes, so nothing changes in behaviour.
//
// spatch keeps to function names here, not to lines: the same text serves
// <linux/thread_info.h> (up to 6.14) and <linux/ucopysize.h> (since).

@checked@
typedef bool;
identifier ptr, n, to_user;
attribute name __always_inline;
@@
 static
-void
+bool
 check_object_size(const void *ptr, unsigned long n, bool to_user)
 {
 <+...
 __check_object_size(ptr, n, to_user);
 ...+>
+return true;
 }

@unchecked@
identifier ptr, n, to_user;
@@
 static inline
-void
+bool
 check_object_size(const void *ptr, unsigned long n, bool to_user)
 {
+return true;
 }

@passed_on@
expression addr, bytes, to_user;
@@
 check_copy_size(...)
 {
 ...
-check_object_size(addr, bytes, to_user);
-return true;
+return check_object_size(addr, bytes, to_user);
 }
