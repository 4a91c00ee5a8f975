// SPDX-License-Identifier: GPL-2.0-only
#include "number.h"

bool number_read(const char **s, const char *end, uint64_t *value)
{
	const char *start = *s;
	uint64_t v = 0;

	for (; *s < end && **s >= '0' && **s <= '9'; (*s)++) {
		uint64_t digit = (uint64_t)(**s - '0');

		if (v > (UINT64_MAX - digit) / 10)
			return false;
		v = v * 10 + digit;
	}
	*value = v;
	return *s > start;
}
