// SPDX-License-Identifier: GPL-2.0-only
/*
 * Makes room for a copy that writes past its object, as LKDTM's USERCOPY_SLAB_SIZE_FROM does, which
 * under warn is let through: behind whatever kmalloc() of 1024 bytes gives out next there is an
 * object of ours, so that nothing of the kernel's is hurt. Without, the kernel refused a module of
 * its own once: keys that modules are signed with are objects of that size. Parameter "written" says
 * how many bytes of ours have changed.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/workqueue.h>

#define OBJECT_BYTES	1024
/* More than what a CPU and its node may have free, so that the last ones are of slabs all ours. */
#define OBJECTS		2048
#define PATTERN		0x5a

struct room {
	void *objects[OBJECTS];
	unsigned int nr;
};

static DEFINE_PER_CPU(struct room *, rooms);
static atomic_t gaps;

static int compare(const void *a, const void *b)
{
	const unsigned long *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

/* If not all objects of the newest one's slab are ours, the next might have another's behind it. */
static bool slab_is_full(const struct room *room)
{
	void *head = page_address(virt_to_head_page(room->objects[room->nr - 1]));
	unsigned long bytes = page_size(virt_to_page(head));
	unsigned int i, nr = 0;

	for (i = 0; i < room->nr; i++)
		nr += room->objects[i] >= head && room->objects[i] < head + bytes;
	return nr >= bytes / OBJECT_BYTES;
}

/* Gives back each object that has one of ours behind it, which stays. */
static void leave_gaps(struct room *room)
{
	unsigned int i, nr = 0;

	sort(room->objects, room->nr, sizeof(room->objects[0]), compare, NULL);
	for (i = 0; i < room->nr; i++) {
		if (i + 1 < room->nr && room->objects[i] + OBJECT_BYTES == room->objects[i + 1]) {
			kfree(room->objects[i++]);
			atomic_inc(&gaps);
		}
		room->objects[nr++] = room->objects[i];
	}
	room->nr = nr;
}

static long make_room(void *unused)
{
	struct room *room = kvzalloc(sizeof(*room), GFP_KERNEL);

	if (!room)
		return -ENOMEM;
	while (room->nr < OBJECTS) {
		void *object = kmalloc(OBJECT_BYTES, GFP_KERNEL);

		if (!object)
			break;
		memset(object, PATTERN, OBJECT_BYTES);
		room->objects[room->nr++] = object;
		if (room->nr > OBJECTS / 2 && slab_is_full(room))
			break;
	}
	leave_gaps(room);
	this_cpu_write(rooms, room);
	return 0;
}

static int written_get(char *buffer, const struct kernel_param *param)
{
	unsigned int cpu, i, written = 0;

	for_each_possible_cpu(cpu) {
		struct room *room = per_cpu(rooms, cpu);

		for (i = 0; room && i < room->nr; i++) {
			const u8 *byte = room->objects[i];

			for (; byte < (u8 *)room->objects[i] + OBJECT_BYTES; byte++)
				written += *byte != PATTERN;
		}
	}
	return sysfs_emit(buffer, "%u\n", written);
}

static const struct kernel_param_ops written_ops = { .get = written_get };
module_param_cb(written, &written_ops, NULL, 0400);
MODULE_PARM_DESC(written, "bytes of its objects that somebody else has written");

static void free_rooms(void)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu) {
		struct room *room = per_cpu(rooms, cpu);

		while (room && room->nr)
			kfree(room->objects[--room->nr]);
		kvfree(room);
	}
}

static int __init room_init(void)
{
	unsigned int cpu;
	int err = 0;

	for_each_online_cpu(cpu)
		err = err ?: work_on_cpu(cpu, make_room, NULL);
	/* There is none between objects that the kernel puts something of its own behind. */
	if (!err && !atomic_read(&gaps))
		err = -ENOSPC;
	if (err)
		free_rooms();
	return err;
}
module_init(room_init);

static void __exit room_exit(void)
{
	free_rooms();
}
module_exit(room_exit);

MODULE_DESCRIPTION("Objects that may be written by copies that go too far, for tests of usercopy_guard");
MODULE_LICENSE("GPL");
