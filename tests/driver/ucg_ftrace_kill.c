// SPDX-License-Identifier: GPL-2.0-only
/*
 * Loading it has ftrace die, as it does when it finds code that it did not expect: from then on it
 * changes nothing any more. For virtual machines only.
 */
#include <linux/kprobes.h>
#include <linux/module.h>

static int __init kill_init(void)
{
	/* No probe comes of it: that is how a module learns where a function is that is not exported. */
	struct kprobe found = { .symbol_name = "ftrace_kill", .flags = KPROBE_FLAG_DISABLED };
	void (*kill)(void);
	int err;

	err = register_kprobe(&found);
	if (err)
		return err;
	kill = (void (*)(void))found.addr;
	unregister_kprobe(&found);
	kill();
	return 0;
}
module_init(kill_init);

static void __exit kill_exit(void)
{
}
module_exit(kill_exit);

MODULE_DESCRIPTION("Has ftrace die, for tests of usercopy_guard");
MODULE_LICENSE("GPL");
