/* Provenance: which files of the source may have flowed into an output, or where one went. */
#include "audit/rebuild_work.h"

#include "base/cleanup.h"
#include "rebuild/graph.h"

/* As given: a path below $DESTDIR, or one of the source. */
static uint32_t find(const struct trace *t, struct str path, struct arena *a, bool *is_output)
{
	const uint64_t *known;

	while (path.len && path.ptr[0] == '/')
		path = str_from_at(path, 1);
	known = map_get(&t->path_index, arena_strf(a, "/dest/%.*s", STR_FMT(path)));
	*is_output = known != NULL;
	if (!known)
		known = map_get(&t->path_index, arena_strf(a, "%s/%.*s", settings_plain.build_path, STR_FMT(path)));
	return known ? (uint32_t)*known : TRACE_NONE;
}

static void collect(struct rebuilding *b, const struct flow_marks *m, bool outputs, struct str **out, size_t *n)
{
	const struct trace *const t = &b->release_build.trace;
	const struct str root = str_from(settings_plain.build_path);

	*out = arena_alloc(&b->r->arena, (t->paths_n + 1) * sizeof(**out));
	for (uint32_t i = 0; i < t->paths_n; i++) {
		const struct str path = trace_text(t, i);

		if (!m->paths[i])
			continue;
		if (outputs && str_starts(path, STR("/dest/")) && output_find(&b->release_build.outputs, str_from_at(path, 6)))
			(*out)[(*n)++] = arena_str(&b->r->arena, str_from_at(path, 6));
		else if (!outputs && str_starts(path, root) && path.len > root.len &&
			 tree_find(&b->r->artifact_tree, str_from_at(path, root.len + 1)))
			(*out)[(*n)++] = arena_str(&b->r->arena, str_from_at(path, root.len + 1));
	}
}

static int write_dot(struct rebuilding *b, const struct flow *f, const struct flow_marks *m, struct error *err)
{
	AUTO_BUF struct buf text = BUF_INIT;

	if (!b->o->dot)
		return 0;
	graph_dot(f, m, str_from(settings_plain.build_path), &text);
	return rebuild_write(b->o->dot, "we", buf_str(&text), err);
}

int rebuild_provenance(struct rebuilding *b, struct error *err)
{
	struct provenance *const p = &b->info->provenance;
	struct flow_marks m;
	struct flow f;
	uint32_t path;
	bool is_output;
	int status;

	if (!b->o->provenance)
		return 0;
	p->path = str_from(b->o->provenance);
	path = find(&b->release_build.trace, p->path, &b->r->arena, &is_output);
	if (path == TRACE_NONE) {
		result_not_checked(b->r, true, p->path, "the build neither installed nor opened it");
		return 0;
	}
	flow_init(&f, &b->release_build.trace);
	if (is_output)
		flow_backward(&f, path, SIZE_MAX, &m);
	else
		flow_forward(&f, path, &m);
	collect(b, &m, !is_output, is_output ? &p->inputs : &p->outputs, is_output ? &p->inputs_n : &p->outputs_n);
	status = write_dot(b, &f, &m, err);
	flow_marks_release(&m);
	flow_release(&f);
	return status;
}
