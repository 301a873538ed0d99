#include "inspect/bytecode.h"

#include "base/cleanup.h"

/* PEP 552: the content does not depend on the source's time; nor does python look at the source at all. */
enum { BY_HASH = 1, CHECKED = 2 };

/* x/__pycache__/y.cpython-311.pyc -> x/y.py, and x/y.pyc -> x/y.py; false: it is called otherwise. */
static bool source_path(struct str path, struct buf *to)
{
	const struct str base = str_base(path);
	struct str folder = str_first(path, path.len - base.len);
	size_t end = str_find(base, '.');

	if (!str_ends(base, STR(".pyc")))
		return false;
	if (str_ends(folder, STR("__pycache__/")))
		folder.len -= strlen("__pycache__/");
	else
		end = base.len - strlen(".pyc");
	buf_add_str(to, folder);
	buf_add_str(to, str_first(base, end));
	buf_add_cstr(to, ".py");
	return true;
}

void bytecode_check(struct result *r, const struct subjects *all, const struct subject *s)
{
	const struct bytecode *const code = s->facts ? &s->facts->blob.bytecode : NULL;
	AUTO_BUF struct buf path = BUF_INIT;
	const struct subject *source;
	struct finding *f;
	bool by_time;

	if (!code || !code->is_python || !source_path(entry_path(s->entry), &path))
		return;
	source = subject_at(all, buf_str(&path));
	by_time = source && !(code->flags & BY_HASH);
	if (by_time && code->source_size != (uint32_t)source->entry->size)
		return;	/* python compiles the source anew */
	f = result_find(r, RULE_TP312, entry_path(s->entry), !source ? "is run by python, and there is no source %.*s" :
			by_time ? "is run instead of %.*s, if that has the time which is noted here" :
			code->flags & CHECKED ? "is run instead of %.*s, if that has the hash which is noted here" :
			"is run instead of %.*s, at which python does not look", STR_FMT(buf_str(&path)));
	/* Python leaves such files behind wherever it ran, the other ones have to be asked for. */
	if (by_time || s->kind.role == ROLE_TEST)
		f->severity = SEVERITY_LOW;
}
