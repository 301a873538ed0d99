/* Submodules whose repository is another one than at the previous tag (gitmodules(5)). */
#include "input/gitcheck_parts.h"

#include "base/cleanup.h"
#include "base/limits.h"

struct module {
	struct str name, path, url;
};

struct modules {
	struct module *v;
	size_t n, cap;
};

enum { MODULES_MAX = 10000 };

static struct str unquoted(struct str s)
{
	s = str_trim(s);
	if (s.len >= 2 && s.ptr[0] == '"' && s.ptr[s.len - 1] == '"')
		s = str_of(s.ptr + 1, s.len - 2);
	return s;
}

/* A value of the current section; of several the last one counts. */
static void take_value(struct module *m, struct str line)
{
	const size_t equals = str_find(line, '=');
	struct str key, value;

	if (equals == (size_t)-1)
		return;
	key = str_trim(str_first(line, equals));
	value = unquoted(str_from_at(line, equals + 1));
	if (str_case_eq(key, STR("path")))
		m->path = value;
	else if (str_case_eq(key, STR("url")))
		m->url = value;
}

static void read_modules(struct str text, struct modules *out)
{
	struct str line;

	while (str_next_line(&text, &line) && out->n < MODULES_MAX) {
		line = str_trim(line);
		if (str_starts(line, STR("["))) {
			const size_t quote = str_find(line, '"'), end = str_rfind(line, ']');

			out->v = memory_grow(out->v, out->n, &out->cap, sizeof(*out->v));
			out->v[out->n] = (struct module){ .name = STR("") };
			if (quote != (size_t)-1 && end != (size_t)-1 && end > quote)
				out->v[out->n].name = unquoted(str_of(line.ptr + quote, end - quote));
			out->n++;
			line = str_trim(str_from_at(line, end + 1));
		}
		if (out->n)
			take_value(&out->v[out->n - 1], line);
	}
}

/* Whose a repository is: host and all of the path but its last component. */
struct place {
	struct str host, owner;
};

static struct place place_of(struct str url)
{
	const struct str scheme = STR("://");
	const size_t at = str_find_str(url, scheme);
	struct place p = { STR(""), STR("") };
	size_t end;

	while (url.len && url.ptr[url.len - 1] == '/')
		url.len--;
	p.owner = url;
	if (at != (size_t)-1) {
		url = str_from_at(url, at + scheme.len);
		end = str_find(url, '/');
		p.host = str_first(url, end == (size_t)-1 ? url.len : end);
		p.owner = str_from_at(url, p.host.len + 1);
	} else if (!str_starts(url, STR(".")) && !str_starts(url, STR("/"))) {
		/* user@host:owner/name */
		end = str_find(url, ':');
		if (end != (size_t)-1) {
			p.host = str_first(url, end);
			p.owner = str_from_at(url, end + 1);
		}
	}
	p.host = str_from_at(p.host, str_rfind(p.host, '@') + 1);
	if (str_case_eq(str_first(p.host, 4), STR("www.")))
		p.host = str_from_at(p.host, 4);
	p.host = str_first(p.host, str_find(p.host, ':'));
	end = str_rfind(p.owner, '/');
	p.owner = str_first(p.owner, end == (size_t)-1 ? 0 : end);
	while (str_starts(p.owner, STR("/")))
		p.owner = str_from_at(p.owner, 1);
	return p;
}

/* Two names of one site: the same domain, as far as that can be told without a list of suffixes. */
static bool same_site(struct str a, struct str b)
{
	size_t dots = 0, at = a.len;

	/* "gnu.org" says who it is, "co.uk" does not. */
	while (at > 0 && (a.ptr[at - 1] != '.' || ++dots < 2))
		at--;
	a = str_from_at(a, at);
	return dots > 0 && a.len > 6 && b.len > a.len && str_find(a, '.') > 2 &&
	       str_case_eq(str_from_at(b, b.len - a.len), a) && b.ptr[b.len - a.len - 1] == '.';
}

static void compare(struct gitcheck *c, const struct module *before, const struct module *now)
{
	const struct place a = place_of(before->url), b = place_of(now->url);
	const bool host = !str_case_eq(a.host, b.host), owner = !str_case_eq(a.owner, b.owner);
	struct finding *f;
	bool site;

	if (!host && !owner)
		return;
	site = same_site(a.host, b.host) || same_site(b.host, a.host);
	f = result_find(&c->found, RULE_TP018, now->path, "the submodule comes from another %s than "
			"at the previous tag, %.*s", host ? "host" : "owner",
			STR_FMT(c->previous->name));
	if (host && site)
		f->severity = SEVERITY_LOW;
	finding_evidence(&c->found, f, arena_strf(c->arena, "before: %.*s",
						  STR_FMT(str_first(before->url, 300))));
	finding_evidence(&c->found, f, arena_strf(c->arena, "now: %.*s",
						  STR_FMT(str_first(now->url, 300))));
}

int gitcheck_submodules(struct gitcheck *c, struct error *err)
{
	AUTO_BUF struct buf before = BUF_INIT, now = BUF_INIT;
	struct modules a = { .n = 0 }, b = { .n = 0 };
	const struct str file = STR(".gitmodules");
	int got;

	if (!c->previous)
		return 0;
	got = gitcheck_file(c, &c->g->commit.tree, file, &now, err);
	if (got > 0)
		got = gitcheck_file(c, &c->previous_commit.tree, file, &before, err);
	if (got <= 0)
		return got;
	if (str_eq(buf_str(&before), buf_str(&now)))
		return 0;
	read_modules(buf_str(&before), &a);
	read_modules(buf_str(&now), &b);
	for (size_t i = 0; i < b.n; i++)
		for (size_t k = a.n; k-- > 0;)
			if (b.v[i].path.len && b.v[i].url.len && a.v[k].url.len &&
			    str_eq(a.v[k].path, b.v[i].path)) {
				compare(c, &a.v[k], &b.v[i]);
				break;
			}
	memory_free(a.v);
	memory_free(b.v);
	return 0;
}
