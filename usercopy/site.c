// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where a violation came from (site.h). Looked for when a violation is new, or when a rule asks for
 * it; in any context, with preemption off: modules cannot go meanwhile.
 */
#include <linux/ctype.h>
#include <linux/kallsyms.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/stacktrace.h>
#include <linux/string.h>

#include "object.h"
#include "site.h"

/**
 * ucg_site_walk - look at the stack
 * @site:	has the address as the check was called from; it is put right if that is a tracer's
 *
 * The guard's own frames and the kernel's check, which come before the call site, say nothing. A
 * site that is not on the stack is a tracer's. So it is while the function graph tracer follows
 * __check_object_size(); the unwinder knows the real one.
 *
 * Context: any, NMI too.
 */
void ucg_site_walk(struct ucg_site *site)
{
	unsigned long frames[UCG_STACK_OWN + UCG_STACK_LEN];
	unsigned int from, len;

	len = stack_trace_save(frames, ARRAY_SIZE(frames), 0);
	for (from = 0; from < len; from++)
		if (frames[from] == site->address)
			break;
	if (from == len) {
		for (from = 0; from < len; from++)
			if (ucg_in_check_entry(frames[from]))
				break;
		/* The caller's frame is the next one. */
		if (++from >= len) {
			site->stack_len = 0;
			return;
		}
		site->address = frames[from];
	}
	site->stack_len = min_t(unsigned int, len - from, UCG_STACK_LEN);
	memcpy(site->stack, frames + from, site->stack_len * sizeof(site->stack[0]));
}

static bool note_module(struct ucg_site *site, unsigned long address)
{
	struct module *module = ucg_module_at(address);

	if (!module)
		return false;
	strscpy(site->module, module_name(module), sizeof(site->module));
#ifdef CONFIG_MODULES
	if (module->srcversion)
		strscpy(site->srcversion, module->srcversion, sizeof(site->srcversion));
#endif
	return true;
}

/**
 * ucg_site_find_module - which module copies, or has copied
 * @site:	has the address and, if that is not in a module, the stack; its module is filled in
 *
 * Context: any, NMI too; with preemption off.
 */
void ucg_site_find_module(struct ucg_site *site)
{
	unsigned int i;

	site->module[0] = '\0';
	site->srcversion[0] = '\0';
	if (note_module(site, site->address))
		return;
	for (i = 0; i < site->stack_len; i++)
		if (note_module(site, site->stack[i]))
			return;
}

/* A number as kallsyms writes it, "0x1f"; @text is left behind it. */
static u32 hex(const char **text)
{
	u32 value = 0;

	*text += strlen("0x");
	for (; isxdigit(**text); ++*text)
		value = value << 4 | (isdigit(**text) ? **text - '0' : _tolower(**text) - 'a' + 10);
	return value;
}

/**
 * ucg_site_name - the name of the function that copies
 * @site:	has the address; function, caller, offset and size are filled in
 *
 * Context: any, NMI too; with preemption off.
 */
void ucg_site_name(struct ucg_site *site)
{
	char symbol[KSYM_SYMBOL_LEN], *plus, *module;
	const char *number;
	int n;

	site->function[0] = '\0';
	site->caller[0] = '\0';
	/* "function+0x1/0x2 [module]", or a number. */
	sprint_symbol(symbol, site->address);
	plus = strstr(symbol, "+0x");
	if (!plus || !strncmp(symbol, "0x", 2))
		return;
	number = plus + 1;
	site->offset = hex(&number);
	number++;
	site->size = hex(&number);
	module = strchr(number, '[');
	*plus = '\0';
	strscpy(site->function, symbol, sizeof(site->function));
	if (!module)
		return;
	module++;
	module[strcspn(module, "] ")] = '\0';
	n = snprintf(site->caller, sizeof(site->caller), "%s@%s", symbol, module);
	if (n >= sizeof(site->caller))
		site->caller[0] = '\0';
}

/**
 * ucg_site_module - the module that the function is in
 * @site:	the site, with its names
 *
 * Context: any.
 * Return: its name, or NULL for the kernel's own code.
 */
const char *ucg_site_module(const struct ucg_site *site)
{
	const char *at = strrchr(site->caller, '@');

	return at ? at + 1 : NULL;
}

/**
 * ucg_site_text - the call site as text
 * @to:		where to write it
 * @size:	bytes there
 * @site:	the site, with its names
 * @blank:	what stands between function and module
 *
 * Context: any.
 * Return: @to: "function+0x1/0x2 [module]"; never a raw address, not even for code without a
 * symbol.
 */
const char *ucg_site_text(char *to, size_t size, const struct ucg_site *site, const char *blank)
{
	const char *module = ucg_site_module(site);

	if (!site->function[0])
		scnprintf(to, size, *blank ? "unknown code" : "unknown_code");
	else
		scnprintf(to, size, "%s+0x%x/0x%x%s%s%s%s", site->function, site->offset,
			  site->size, module ? blank : "", module ? "[" : "", module ?: "",
			  module ? "]" : "");
	return to;
}
