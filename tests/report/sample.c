#include "sample.h"

#include <stdlib.h>

static struct entry *add_entry(struct result *r, struct str path, uint64_t size, const char *salt)
{
	struct entry *const e = arena_alloc(&r->arena, sizeof(*e));
	struct sha256 *const digest = arena_alloc(&r->arena, sizeof(*digest));
	const struct str content = arena_strf(&r->arena, "%s %llu", salt, (unsigned long long)size);

	digest_of(content.ptr, content.len, digest);
	e->path = arena_str(&r->arena, path).ptr;
	e->path_len = (uint32_t)path.len;
	e->mode = 0644;
	e->size = size;
	e->flags = ENTRY_HAS_OID | ENTRY_HAS_SIZE;
	e->content = CONTENT_NONE;
	e->sha256 = digest;
	memcpy(e->oid.bytes, digest->bytes, OID_SIZE);
	return e;
}

/* A change with the sides that its relation calls for, of one content unless it says otherwise. */
static struct change *add(struct result *r, enum relation relation, struct str path, uint64_t size)
{
	struct change *const c = result_change(r);
	const bool missing = relation >= RELATION_MISSING;
	const bool alone = relation == RELATION_ADDED || relation == RELATION_SUBMODULE;
	const bool other = relation == RELATION_MODIFIED || relation == RELATION_TRANSFORMED ||
			   relation == RELATION_TYPE_CHANGED;
	struct entry *artifact = missing ? NULL : add_entry(r, path, size, "a");
	struct entry *origin = alone ? NULL : add_entry(r, path, other ? size - 1 : size,
							 other ? "b" : "a");

	if (artifact)
		artifact->mode = 0664;
	if (origin && relation == RELATION_MODE_CHANGED)
		origin->mode = 0755;
	c->relation = relation;
	c->artifact = artifact;
	c->origin = origin;
	return c;
}

static struct change *add_link(struct result *r, enum relation relation, struct str path,
			       const char *target)
{
	struct change *const c = add(r, relation, path, strlen(target));
	struct entry *const e = add_entry(r, path, strlen(target), "link");

	e->type = ENTRY_LINK;
	e->target = target;
	if (relation == RELATION_TYPE_CHANGED || relation == RELATION_MISSING)
		c->origin = e;
	else
		c->artifact = e;
	return c;
}

static void add_many(struct result *r, enum relation relation, size_t n, const char *dir,
		     const char *ext, uint64_t size)
{
	for (size_t i = 0; i < n; i++)
		add(r, relation, arena_strf(&r->arena, "%sn%03zu%s", dir, i, ext), size + i);
}

static void explain(struct result *r, struct change *c, const char *by, enum strength strength,
		    const char *detail)
{
	struct explanation *const e = result_explanation(r, by, strength, str_from(detail));

	explanation_evidence(r, e, STR("git cat-file blob TAG:PATH | unix2dos | sha256sum"));
	c->explanation = e;
}

static int by_path(const void *x, const void *y)
{
	const struct change *const a = x, *const b = y;
	const struct entry *const ea = a->artifact ? a->artifact : a->origin;
	const struct entry *const eb = b->artifact ? b->artifact : b->origin;

	return str_cmp(entry_path(ea), entry_path(eb));
}

static void finish(struct result *r, enum verdict verdict)
{
	if (r->changes_n)
		qsort(r->changes, r->changes_n, sizeof(*r->changes), by_path);
	result_count(r);
	result_finish_findings(r);
	r->verdict = verdict;
	r->artifact.entries = r->artifact.entries ? r->artifact.entries : r->changes_n + 12;
	r->timings[0] = (struct timing){ "reading", 0.1134 };
	r->timings[1] = (struct timing){ "comparing", 0.0021 };
	r->timings_n = 2;
}

static void start(struct result *r, struct str name, struct str version)
{
	result_init(r);
	r->artifact = (struct artifact_info){
		.name = arena_strf(&r->arena, "%.*s-%.*s.tar.xz", STR_FMT(name), STR_FMT(version)),
		.path = arena_strf(&r->arena, "/srv/in/%.*s-%.*s.tar.xz", STR_FMT(name),
				   STR_FMT(version)),
		.format = STR("tar.xz"),
		.lead = arena_strf(&r->arena, "%.*s-%.*s/", STR_FMT(name), STR_FMT(version)),
		.size = 1510220, .content_size = 7372800, .has_sha256 = true,
		.has_content_sha256 = true,
	};
	digest_of("file", 4, &r->artifact.sha256);
	digest_of("stream", 6, &r->artifact.content_sha256);
	r->origin = (struct origin_info){ .repository = STR("/srv/git/project.git") };
}

static void set_origin(struct result *r, struct str tag)
{
	r->has_origin = true;
	r->origin.kind = "repository";
	r->origin.tag = tag;
	r->origin.tag_kind = "annotated";
	r->origin.how = STR("name");
	r->origin.tag_oid = STR("1111111111111111111111111111111111111111");
	r->origin.commit = STR("2222222222222222222222222222222222222222");
	r->origin.tree = STR("3333333333333333333333333333333333333333");
	r->origin.commit_time = 1743683696;
	r->origin.tag_signature = SIGNATURE_PGP;
}

void sample_dist(struct result *r)
{
	struct change *c;

	start(r, STR("xz"), STR("5.8.1"));
	set_origin(r, STR("v5.8.1"));
	r->origin.on_branch = TRI_YES;
	r->origin.git_archive = TRI_NO;
	add_many(r, RELATION_IDENTICAL, 507, "src/liblzma/", ".c", 5000);
	add_many(r, RELATION_ADDED, 34, "po/", ".gmo", 24000);
	add_many(r, RELATION_ADDED, 21, "m4/", ".m4", 3000);
	add_many(r, RELATION_ADDED, 3, "build-aux/", "", 40000);
	add_many(r, RELATION_ADDED, 70, "doc/man/", ".txt", 9000);
	add(r, RELATION_ADDED, STR("configure"), 924000);
	add(r, RELATION_ADDED, STR("Makefile.in"), 1);
	c = add(r, RELATION_MODIFIED, STR("ChangeLog"), 130000);
	c->lines_added = 2100;
	c->lines_removed = 3;
	c = add(r, RELATION_MODIFIED, STR("src/liblzma/api/lzma/version.h"), 4100);
	c->lines_added = c->lines_removed = 1;
	add(r, RELATION_MODIFIED, STR("tests/files/good.xz"), 68);
	add_many(r, RELATION_MISSING, 5, ".github/workflows/", ".yml", 3000);
	add(r, RELATION_MISSING, STR(".gitignore"), 900);
	add_link(r, RELATION_IDENTICAL, STR("doc/COPYING"), "../COPYING");
	result_not_checked(r, false, STR("signature of the tag"),
			   "tarproof verifies no signatures; `git verify-tag v5.8.1` does");
	finish(r, VERDICT_REVIEW);
}

#define ESC "\033[2J\033]0;owned\a"
#define RLO "\342\200\256"

static void add_hostile_findings(struct result *r)
{
	struct finding *f;

	f = result_find(r, RULE_TP102, STR("../../etc/cron.d/" ESC "x"),
			"member leads out by `..`");
	f->offset = 1048576;
	f->length = 512;
	finding_evidence(r, f, STR("../../etc/cron.d/" ESC "x\nCLEAN  nothing to see"));
	finding_evidence(r, f, STR("\"quotes\" and \\ and <script>alert(1)</script> \xff\xfe"));
	f = result_find(r, RULE_TP101, STR("src/" RLO "c.exe"),
			"two members of this path, of other content: the first has 10 bytes, "
			"the second 20, and " RLO "this is reversed");
	f->line = 12;
	for (int i = 0; i < 12; i++)
		finding_evidence(r, f, arena_strf(&r->arena, "copy %d%0*d", i,
						  i == 1 ? 600 : 1, 0));
	result_find(r, RULE_TP013, STR("a b/\xc3\x28.txt"), "not a path for any file system");
	f = result_find(r, RULE_TP105, STR(""), "1,024 bytes follow the end of the archive");
	f->offset = 5;
	result_find(r, RULE_TP002, STR(""), "the commit is on no branch");
	result_find(r, RULE_TP107, STR(""), "two top-level entries: a, b");
}

static void add_hostile_changes(struct result *r)
{
	struct change *c;

	add_many(r, RELATION_IDENTICAL, 10, "src/", ".c", 100);
	c = add(r, RELATION_TRANSFORMED, STR("win/a.bat"), 2048);
	explain(r, c, "attributes", STRENGTH_PROVEN, "eol=crlf");
	add(r, RELATION_MODE_CHANGED, STR("run.sh"), 50);
	c = add(r, RELATION_MOVED, STR("new/\"quoted\" name.c"), 70);
	c->origin = add_entry(r, STR("old/name.c"), 70, "a");
	explain(r, c, "moved", STRENGTH_PROVEN, "same content as old/name.c");
	for (int i = 0; i < 5; i++) {
		const struct str module = STR("modules/lib");

		c = add(r, RELATION_SUBMODULE, arena_strf(&r->arena, "modules/lib/d%d/f", i), 99);
		struct entry *const link = add_entry(r, module, 0, "gitlink");
		link->type = ENTRY_GITLINK;
		link->mode = 0;
		link->flags = ENTRY_HAS_OID;
		c->origin = link;
	}
	add_link(r, RELATION_TYPE_CHANGED, STR("COPYING"), "../LICENSE");
	c = add(r, RELATION_MODIFIED, STR("po/x.po"), 30000);
	explain(r, c, "msgmerge", STRENGTH_PLAUSIBLE, "only references were renumbered");
	add(r, RELATION_MODIFIED, STR("src/*.c   34 files"), 10);
	add(r, RELATION_ADDED, STR("evil" ESC ".m4"), 1300);
	add(r, RELATION_ADDED, STR("line\nbreak\ttab"), 1300);
	add(r, RELATION_ADDED, STR("latin-\xe9.txt"), 0);
	add(r, RELATION_ADDED, STR("\xe2\x80\xae" "cod.exe"), UINT64_C(3) << 40);
	add_link(r, RELATION_ADDED, STR("out"), "/etc/passwd");
	add_many(r, RELATION_ADDED, 4, "<b>x &amp;/", ".\033[31m", 10);
	add(r, RELATION_MISSING, STR("tests/run"), 10);
	add_link(r, RELATION_MISSING, STR("tests/link"), "run");
	add(r, RELATION_MISSING_BY_ATTRIBUTE, STR(".gitattributes"), 10);
}

void sample_hostile(struct result *r)
{
	static struct str tags[] = { { "v1" RLO, 5 }, { "rc\\1", 4 } };
	struct part *part;

	start(r, STR("ev\033[1mil"), STR("1.0"));
	set_origin(r, STR("v1.0;rm -rf"));
	r->origin.tag_signature = SIGNATURE_NONE;
	r->origin.commit_signature = SIGNATURE_SSH;
	r->origin.on_branch = TRI_NO;
	r->origin.other_tags = tags;
	r->origin.other_tags_n = 2;
	r->artifact.archive_commit = STR("4444444444444444444444444444444444444444");
	part = result_part(r, STR("a.orig.tar.xz"), "orig");
	part->size = 1048575;
	part->audited = true;
	result_part(r, STR("a\x80.dsc"), "metadata")->size = 1;
	add_hostile_changes(r);
	add_hostile_findings(r);
	result_not_checked(r, true, STR("modules/lib" ESC), "no repository was given for it; "
			   "name one with --submodule modules/lib=REPO");
	result_not_checked(r, true, STR("reachability"), "the clone is shallow");
	result_not_checked(r, false, STR("content of archives in the archive"), "not looked into");
	finish(r, VERDICT_SUSPECT);
}

static void add_builds(struct rebuild_info *info)
{
	static const char *const labels[] = { "release", "tag" };

	for (size_t i = 0; i < 2; i++) {
		struct build_run *run;

		info->builds = memory_grow(info->builds, info->builds_n, &info->builds_cap, sizeof(*info->builds));
		run = &info->builds[info->builds_n++];
		*run = (struct build_run){
			.label = str_from(labels[i]), .complete = i == 0, .traced = true, .outputs = 3 - i,
			.output_bytes = 4096, .trace = { .programs = 1200, .reads = 34000, .writes = 560 },
		};
		run->phases[PHASE_CONFIGURE] = (struct phase_run){ .state = PHASE_PASSED, .seconds = 1.25 };
		run->phases[PHASE_BUILD] = (struct phase_run){
			.state = i == 0 ? PHASE_PASSED : PHASE_FAILED, .exit_status = 2, .seconds = 10,
			.why = i == 0 ? STR("") : STR("the header \033[31mzlib.h is missing"),
		};
	}
}

static struct str *names(struct result *r, size_t n, const char *const *v)
{
	struct str *const out = arena_alloc(&r->arena, n * sizeof(*out));

	for (size_t i = 0; i < n; i++)
		out[i] = str_from(v[i]);
	return out;
}

void sample_built(struct result *r)
{
	static struct output_difference differences[] = {
		{ .path = STR("usr/bin/hello"), .relation = OUTPUT_DIFFERENT, .has_first = true, .has_second = true,
		  .where = STR("section .rodata"), .cause = STR("other source: parse.c") },
		{ .path = STR("usr/lib/libhello.a"), .relation = OUTPUT_NORMALISED, .has_first = true,
		  .normalised = STR("times in ar"), .cause = STR("timestamp") },
		{ .path = STR("usr/bin/ev\033il"), .relation = OUTPUT_ONLY_SECOND, .has_second = true },
	};
	static struct output_file outputs[] = { { .path = STR("usr/bin/hello"), .size = 4096 } };
	static struct variation_set set;
	struct rebuild_info *info;
	struct output_comparison *c;

	sample_clean(r);
	info = arena_alloc(&r->arena, sizeof(*info));
	r->verdict = VERDICT_REVIEW;
	r->rebuild = info;
	info->recipe = STR("autotools");
	info->recipe_text = STR("name = autotools\n");
	add_builds(info);
	info->comparisons = memory_grow(NULL, 0, &info->comparisons_cap, sizeof(*info->comparisons));
	c = &info->comparisons[info->comparisons_n++];
	*c = (struct output_comparison){ .first = STR("tag"), .second = STR("release"), .differences = differences, .n = 3 };
	c->counts[OUTPUT_EQUAL] = 40;
	c->counts[OUTPUT_DIFFERENT] = c->counts[OUTPUT_NORMALISED] = c->counts[OUTPUT_ONLY_SECOND] = 1;
	set = (struct variation_set){
		names(r, 2, (const char *const[]){ "umask", "time-zone" }), 2,
		names(r, 1, (const char *const[]){ "usr/bin/hello" }), 1,
	};
	info->variation = (struct variation_result){
		.asked = true, .builds = 9, .tried = names(r, 3, (const char *const[]){ "time", "umask", "time-zone" }),
		.tried_n = 3, .sets = &set, .sets_n = 1,
	};
	info->ablation = (struct ablation){
		.asked = true, .files = 7, .builds = 4, .feeding = names(r, 1, (const char *const[]){ "tests/a.bin" }),
		.feeding_n = 1,
	};
	info->provenance = (struct provenance){
		.path = STR("usr/bin/hello"), .inputs = names(r, 2, (const char *const[]){ "src/hello.c", "src/x\033.c" }),
		.inputs_n = 2,
	};
	info->outputs = outputs;
	info->outputs_n = 1;
}

void sample_clean(struct result *r)
{
	start(r, STR("hello"), STR("2.0"));
	set_origin(r, STR("v2.0"));
	r->origin.tag_kind = "lightweight";
	r->origin.tag_signature = SIGNATURE_NONE;
	r->origin.on_branch = TRI_YES;
	r->origin.git_archive = TRI_YES;
	add_many(r, RELATION_IDENTICAL, 12, "src/", ".c", 1000);
	finish(r, VERDICT_CLEAN);
}

void sample_unresolved(struct result *r)
{
	static struct candidate candidates[] = {
		{ .tag = { "v1'$(id)'", 9 }, .explained = 512, .why = { "name matches", 12 },
		  .commit = { "2222222222222222222222222222222222222222", 40 } },
		{ .tag = { "release-1\033", 10 }, .explained = 1, .why = { "near in name", 12 } },
	};

	start(r, STR("thing"), STR("1.0"));
	r->candidates = candidates;
	r->candidates_n = 2;
	r->artifact.entries = 640;
	result_find(r, RULE_TP012, STR(""), "no tag is called after version 1.0");
	result_not_checked(r, true, STR("comparison with the tag"),
			   "two tags may be meant; name one with --tag");
	finish(r, VERDICT_INCOMPLETE);
}

void sample_large(struct result *r, size_t n)
{
	start(r, STR("linux"), STR("6.12"));
	set_origin(r, STR("v6.12"));
	for (size_t i = 0; i < n; i++) {
		const struct str path = arena_strf(&r->arena, "d%zu/e%zu/f%zu/g%zu.x%zu", i % 7,
						   i % 97, i % 997, i, i % 13);

		add(r, (enum relation)(i % RELATION_COUNT), path, i + 1);
	}
	for (size_t i = 0; i < n / 100; i++)
		result_find(r, i % 2 ? RULE_TP101 : RULE_TP103,
			    arena_strf(&r->arena, "d%zu/member", i), "finding number %zu", i);
	if (n)
		result_find(r, RULE_TP104, STR("z"), "the one that must not drown");
	finish(r, VERDICT_SUSPECT);
}
