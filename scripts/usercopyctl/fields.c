// SPDX-License-Identifier: GPL-2.0-only
#include "fields.h"

#include <stdlib.h>
#include <string.h>

#include "say.h"
#include "type.h"

/* Types take a while to read: those of the module that was asked for last are kept. */
static struct {
	bool open;
	char *module, *srcversion;
	struct types types;
} kept;

char *violation_module(const struct violation *v)
{
	const char *bracket = strchr(v->caller, '[');

	if (v->module && *v->module)
		return xformat("%s", v->module);
	if (!bracket)
		return NULL;
	return xformat("%.*s", (int)strcspn(bracket + 1, "]"), bracket + 1);
}

void fields_done(void)
{
	if (kept.open)
		types_close(&kept.types);
	free(kept.module);
	free(kept.srcversion);
	kept.open = false;
	kept.module = kept.srcversion = NULL;
}

static bool find(const struct violation *v, struct type *type)
{
	char *module = violation_module(v);

	if (!module)
		module = xformat("%s", "");
	if (kept.open && !strcmp(kept.module, module) &&
	    !strcmp(kept.srcversion, v->srcversion ? v->srcversion : "")) {
		free(module);
	} else {
		fields_done();
		types_open(&kept.types, module, v->srcversion);
		kept.module = module;
		kept.srcversion = xformat("%s", v->srcversion ? v->srcversion : "");
		kept.open = true;
	}
	return type_find(&kept.types, v->cache, v->objsize, type);
}

char *fields_module(const struct violation *v)
{
	char *module = violation_module(v);
	struct type type;

	if (module || !v->cache || !find(v, &type) || !type.module)
		return module;
	return xformat("%s", type.module);
}

void fields_widen(const struct violation *v, struct ranges *ranges)
{
	struct ranges wide = { .spread = ranges->spread };
	struct type type;

	if (!find(v, &type))
		return;
	for (size_t i = 0; i < ranges->n; i++) {
		uint64_t min = ranges->r[i].min, max = ranges->r[i].max;

		type_widen(&type, &min, &max);
		ranges_add(&wide, min, max);
	}
	*ranges = wide;
}

char *fields_text(const struct violation *v, const struct ranges *ranges, bool *sure)
{
	struct type type;
	char *text;

	if (!find(v, &type))
		return NULL;
	*sure = type.sure;
	text = xformat("struct %s%s%s, member", type.name, type.module ? " of module " : "",
		       type.module ? type.module : "");
	for (size_t i = 0; i < ranges->n; i++) {
		char *members = type_members(&type, ranges->r[i].min, ranges->r[i].max);
		char *more = xformat("%s%s %s", text, i ? "," : "", members);

		free(members);
		free(text);
		text = more;
	}
	return text;
}
