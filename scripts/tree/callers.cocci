// SPDX-License-Identifier: GPL-2.0-only
//
// Every caller of check_object_size() does for a refused copy what it does for
// a bad user address, before the first byte is copied and without touching the
// destination.

@known_macros@
iterator name scoped_user_write_access_size;
@@
 scoped_user_write_access_size(...) { ... }

// Returns what was not copied.
@inline_copy@
identifier fn =~ "^__copy_(from|to)_user(_inatomic)?$";
identifier n;
expression addr, to_user;
@@
 fn(..., unsigned long n)
 {
 <...
-check_object_size(addr, n, to_user);
+if (!check_object_size(addr, n, to_user))
+	return n;
 ...>
 }

// Returns an error code. Nothing is held where they check.
@error_code@
identifier fn =~ "^(strncpy_from_user|put_cmsg)$";
expression addr, n, to_user;
@@
 fn(...)
 {
 <...
-check_object_size(addr, n, to_user);
+if (!check_object_size(addr, n, to_user))
+	return -EFAULT;
 ...>
 }
