/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * What tests/vm/field.sh asks of /dev/ucg_field: copies that people met, made again.
 */
#ifndef _UCG_FIELD_H
#define _UCG_FIELD_H

#include <linux/ioctl.h>
#include <linux/types.h>

#define UCG_FIELD_NAME_MAX	32

/*
 * One copy, or many. What is in memory is written over only where that is the driver's own.
 */
struct ucg_field {
	/* in */
	char place[UCG_FIELD_NAME_MAX];	/* where the kernel's side lies, see field_device.c */
	__s64 offset;			/* bytes from there */
	__u64 len;			/* bytes */
	__u32 from;			/* 0 to user space, 1 from user space */
	__u32 seconds;			/* for those that go on for a while */
	__u64 user;			/* address in user space */
	/* out */
	__u64 tried;			/* copies; 1 for those that are one */
	__u64 complete;			/* how many were complete */
	__s64 left;			/* bytes that the last one has not copied */
};

/* Returns 0 if all were complete, fails with EFAULT if one was not. */
#define UCG_FIELD_IOC_COPY	_IOWR('U', 0x78, struct ucg_field)

#endif /* _UCG_FIELD_H */
