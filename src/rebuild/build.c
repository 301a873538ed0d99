#include "rebuild/build.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/limits.h"
#include "rebuild/missing.h"

/* Folders of one build on this machine, and what they are called within. */
enum { FOLDER_BUILD, FOLDER_HOME, FOLDER_TMP, FOLDER_DEST, FOLDER_DIST, FOLDERS };

static const char *const folder_names[FOLDERS] = { "build", "home", "tmp", "dest", "dist" };

struct building {
	struct build *b;
	const struct build_plan *plan;
	struct sandbox_plan sandbox;
	struct words {
		const char **v;
		size_t n, cap;
	} environment;
	enum phase phase;
};

static const char *path_in(struct build *b, const char *name)
{
	return arena_strf(&b->arena, "%s/%s", b->folder.ptr, name).ptr;
}

static int make_folder(const struct building *w, const char *path, mode_t mode, struct error *err)
{
	if (mkdir(path, mode) < 0 || chmod(path, mode) < 0 ||
	    (geteuid() == 0 && lchown(path, w->sandbox.real_uid, w->sandbox.real_gid) < 0))
		return error_errno(err, "%s", path);
	return 0;
}

/* A file system that lists what was made last first. */
enum { TMPFS_MAGIC_NUMBER = 0x01021994 };

static bool has_ordered_folders(void)
{
	struct statfs fs;

	return statfs("/dev/shm", &fs) == 0 && fs.f_type == TMPFS_MAGIC_NUMBER;
}

static int make_folders(struct building *w, struct error *err)
{
	const char *const scratch = w->plan->settings->backwards ? "/dev/shm" : w->plan->scratch;
	struct sandbox_plan *const s = &w->sandbox;
	char *path;

	path = (char *)(uintptr_t)arena_strf(&w->b->arena, "%s/tarproof-build-XXXXXX", scratch).ptr;
	if (!mkdtemp(path))
		return error_errno(err, "%s", scratch);
	w->b->folder = str_from(path);
	/* Nobody else may reach what a build leaves, set-user-ID programs say; root's builds run as another user. */
	if (geteuid() == 0 && (lchown(path, 0, s->real_gid) < 0 || chmod(path, 0710) < 0))
		return error_errno(err, "%s", path);
	if (mkdir(path_in(w->b, "logs"), 0755) < 0)
		return error_errno(err, "%s", path);
	for (size_t i = 0; i < FOLDERS; i++) {
		if (make_folder(w, path_in(w->b, folder_names[i]), i == FOLDER_TMP ? 01777 : 0755, err) < 0)
			return -1;
		s->folders[i].outside = path_in(w->b, folder_names[i]);
	}
	s->folders[FOLDER_BUILD].inside = w->plan->settings->build_path;
	s->folders[FOLDER_HOME].inside = w->plan->settings->home;
	s->folders[FOLDER_TMP].inside = "/tmp";
	s->folders[FOLDER_DEST].inside = "/dest";
	s->folders[FOLDER_DIST].inside = "/dist";
	s->folders_n = FOLDERS;
	return 0;
}

static void set(struct building *w, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static void set(struct building *w, const char *fmt, ...)
{
	AUTO_BUF struct buf text = BUF_INIT;
	va_list ap;

	va_start(ap, fmt);
	buf_vaddf(&text, fmt, ap);
	va_end(ap);
	w->environment.v = memory_grow(w->environment.v, w->environment.n, &w->environment.cap,
				       sizeof(*w->environment.v));
	w->environment.v[w->environment.n++] = arena_str(&w->b->arena, buf_str(&text)).ptr;
}

static void end_environment(struct building *w)
{
	w->environment.v = memory_grow(w->environment.v, w->environment.n, &w->environment.cap,
				       sizeof(*w->environment.v));
	w->environment.v[w->environment.n] = NULL;
	w->sandbox.environment = w->environment.v;
}

static void set_bait(struct building *w, const struct settings *s)
{
	if (s->compiler)
		set(w, "CC=%s", s->compiler);
	if (s->ci) {
		set(w, "CI=true");
		set(w, "CONTINUOUS_INTEGRATION=true");
		set(w, "GITHUB_ACTIONS=true");
		set(w, "GITLAB_CI=true");
	}
	if (s->debian) {
		set(w, "DEB_BUILD_ARCH=amd64");
		set(w, "DEB_HOST_ARCH=amd64");
		set(w, "DEB_BUILD_OPTIONS=nocheck");
		set(w, "DEB_VENDOR=Debian");
		set(w, "DH_INTERNAL_OVERRIDE=dh_auto_configure");
	}
	if (s->rpm) {
		set(w, "RPM_ARCH=x86_64");
		set(w, "RPM_OS=linux");
		set(w, "RPM_PACKAGE_NAME=package");
		set(w, "RPM_PACKAGE_VERSION=1");
		set(w, "RPM_PACKAGE_RELEASE=1");
		set(w, "RPM_BUILD_DIR=%s", s->build_path);
		set(w, "RPM_BUILD_ROOT=/dest");
	}
}

/* The clock by libfaketime, which runs on from the time that it is given. */
static const char *faketime_library(void)
{
	static const char *const places[] = {
		"/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1", "/usr/lib/aarch64-linux-gnu/faketime/libfaketime.so.1",
		"/usr/lib64/faketime/libfaketime.so.1", "/usr/lib/faketime/libfaketime.so.1",
	};

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		if (access(places[i], R_OK) == 0)
			return places[i];
	return NULL;
}

int build_check_settings(const struct settings *s, struct error *err)
{
	if (s->processors && settings_processors() <= s->processors)
		return error_set(err, ERROR_SYSTEM, "there is one processor only");
	if (s->backwards && !has_ordered_folders())
		return error_set(err, ERROR_SYSTEM, "the order of files in folders can't be varied: /dev/shm is no tmpfs");
	if (s->compiler && access("/usr/bin/clang", X_OK) < 0) {
		error_set(err, ERROR_SYSTEM, "another compiler can't be tried: clang is not installed");
		return error_hint(err, "install the package clang");
	}
	if (s->clock && !faketime_library()) {
		error_set(err, ERROR_SYSTEM, "the clock can't be varied: libfaketime is not installed");
		return error_hint(err, "install the package faketime or libfaketime");
	}
	return 0;
}

static void set_clock(struct building *w, const struct settings *s)
{
	if (s->clock == 0)
		return;
	set(w, "LD_PRELOAD=%s", faketime_library());
	set(w, "FAKETIME=%+llds", (long long)s->clock);
	set(w, "FAKETIME_DONT_FAKE_MONOTONIC=1");
	set(w, "NO_FAKE_STAT=1");
}

static unsigned int processors(const struct settings *s)
{
	if (s->jobs)
		return s->jobs;
	return s->processors ? s->processors : settings_processors();
}

static void set_environment(struct building *w)
{
	const struct settings *const s = w->plan->settings;

	set(w, "PATH=%s", s->path);
	set(w, "HOME=%s", s->home);
	set(w, "USER=%s", s->user);
	set(w, "LOGNAME=%s", s->user);
	set(w, "SHELL=/bin/sh");
	set(w, "TERM=dumb");
	set(w, "TZ=%s", s->time_zone);
	set(w, "LC_ALL=%s", s->locale);
	set(w, "TMPDIR=/tmp");
	/* What programs keep for themselves is told apart from what a build leaves behind. */
	set(w, "XDG_CACHE_HOME=/tmp/.cache");
	set(w, "npm_config_cache=/tmp/.cache/npm");
	set(w, "PYTHONDONTWRITEBYTECODE=1");
	set(w, "JOBS=%u", processors(s));
	set(w, "DESTDIR=/dest");
	set(w, "DISTDIR=/dist");
	set(w, "SOURCE_DATE_EPOCH=%lld", (long long)(w->plan->epoch + s->epoch));
	if (s->noise) {
		set(w, "CAPTURE_ENVIRONMENT=leaked");
		set(w, "EDITOR=vi");
		set(w, "MAIL=/var/mail/%s", s->user);
		set(w, "LESS=-R");
	}
	set_bait(w, s);
	set_clock(w, s);
	for (size_t i = 0; i < w->plan->recipe->environment_n; i++)
		set(w, "%.*s", STR_FMT(w->plan->recipe->environment[i]));
	end_environment(w);
}

static void set_sandbox(struct building *w)
{
	const struct settings *const s = w->plan->settings;
	struct sandbox_plan *const p = &w->sandbox;

	p->directory = s->build_path;
	p->user = s->user;
	p->home = s->home;
	p->host = s->host;
	p->domain = s->domain;
	p->uid = s->uid;
	p->gid = s->gid;
	p->umask = s->umask;
	p->processors = s->processors;
	p->fixed_addresses = s->fixed_addresses;
	p->old_kernel = s->old_kernel;
	p->container = s->container;
	p->limits = w->plan->limits;
	sandbox_identity(&p->real_uid, &p->real_gid);
}

/* Bait: a folder as Debian's packages have one. */
static int lay_bait(struct building *w, int folder, struct error *err)
{
	static const char rules[] = "#!/usr/bin/make -f\n%:\n\tdh $@\n";
	int dir = -1, fd = -1;

	if (!w->plan->settings->debian || faccessat(folder, "debian", F_OK, AT_SYMLINK_NOFOLLOW) == 0)
		return 0;
	if (mkdirat(folder, "debian", 0755) == 0)
		dir = openat(folder, "debian", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir >= 0)
		fd = openat(dir, "rules", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0755);
	if (fd < 0 || write(fd, rules, sizeof(rules) - 1) < 0)
		error_errno(err, "debian/rules");
	if (fd >= 0)
		close(fd);
	if (dir >= 0)
		close(dir);
	return fd < 0 ? -1 : 0;
}

static int export(struct building *w, struct error *err)
{
	const struct sandbox_plan *const p = &w->sandbox;
	const int fd_raw = open(p->folders[FOLDER_BUILD].outside, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	AUTO_FD int fd = fd_raw;
	struct export_report report;
	int status;

	if (fd < 0)
		return error_errno(err, "%s", p->folders[FOLDER_BUILD].outside);
	status = export_tree(w->plan->source, fd, p->real_uid, p->real_gid, w->plan->settings->backwards,
			     &report, err);
	w->b->run.left_out = report.left_out;
	w->b->run.first_left_out = arena_str(&w->b->arena, buf_str(&report.first_left_out));
	buf_release(&report.first_left_out);
	return status < 0 ? -1 : lay_bait(w, fd, err);
}

static int tick(void *ctx, struct str line, struct error *err)
{
	const struct building *const w = ctx;

	return w->plan->tick ? w->plan->tick(w->plan->ctx, w->plan->label, w->phase, line, err) : 0;
}

static struct str stopped_by(const struct building *w, enum sandbox_end end)
{
	const struct sandbox_limits *const l = &w->plan->limits;
	struct arena *const a = &w->b->arena;

	switch (end) {
	case SANDBOX_TIMEOUT: return arena_strf(a, "took longer than %u seconds", l->seconds);
	case SANDBOX_MEMORY: return arena_strf(a, "held more than %llu MiB of memory",
					       (unsigned long long)(l->memory / MIB));
	case SANDBOX_DISK: return arena_strf(a, "wrote more than %llu MiB", (unsigned long long)(l->disk / MIB));
	case SANDBOX_PROCESSES: return arena_strf(a, "had more than %u processes", l->processes);
	case SANDBOX_EXITED:
	case SANDBOX_KILLED:
	case SANDBOX_REFUSED: break;
	}
	return STR("");
}

static void judge(struct building *w, const struct sandbox_outcome *o, struct phase_run *run)
{
	AUTO_BUF struct buf log = BUF_INIT;

	run->seconds = o->seconds;
	if (o->end == SANDBOX_EXITED && o->status == 0) {
		run->state = PHASE_PASSED;
	} else if (o->end == SANDBOX_EXITED || o->end == SANDBOX_KILLED) {
		run->state = PHASE_FAILED;
		run->exit_status = o->end == SANDBOX_KILLED ? 128 + o->status : o->status;
		build_log_path(w->b, w->phase, &log);
		run->why = missing_in_log(&w->b->arena, buf_cstr(&log));
	} else {
		run->state = PHASE_STOPPED;
		run->why = stopped_by(w, o->end);
	}
}

static int run_phase(struct building *w, enum phase phase, struct error *err)
{
	AUTO_BUF struct buf path = BUF_INIT;
	const struct sandbox_watch watch = { tick, w };
	struct sandbox_outcome outcome;
	AUTO_FD int log = -1;
	int status;

	w->phase = phase;
	build_log_path(w->b, phase, &path);
	log = open(buf_cstr(&path), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0644);
	if (log < 0)
		return error_errno(err, "%s", buf_cstr(&path));
	status = sandbox_run(&w->sandbox, w->plan->recipe->steps[phase].ptr, log,
			     w->plan->traced ? &w->b->trace : NULL, phase, &watch, &outcome, err);
	if (status == 0)
		judge(w, &outcome, &w->b->run.phases[phase]);
	return status;
}

/* A person looks around in what a failed phase left. */
static void open_shell(struct building *w)
{
	struct sandbox_plan plan = w->sandbox;
	struct sandbox_outcome ignored;
	struct error none = ERROR_INIT;

	plan.terminal = true;
	plan.limits.seconds = 0;
	sandbox_run(&plan, "", -1, NULL, w->phase, NULL, &ignored, &none);
}

static int run_phases(struct building *w, struct error *err)
{
	struct build_run *const run = &w->b->run;

	run->complete = true;
	for (int i = 0; i < PHASE_COUNT && run->complete; i++) {
		const enum phase phase = (enum phase)i;

		if (!w->plan->phases[i] || w->plan->recipe->steps[i].len == 0)
			continue;
		if (run_phase(w, phase, err) < 0)
			return -1;
		/* Tests that fail say nothing of what is installed. */
		if (run->phases[i].state != PHASE_PASSED && phase != PHASE_TEST)
			run->complete = false;
	}
	if (!run->complete && w->plan->shell_on_failure)
		open_shell(w);
	return 0;
}

static int take_outputs(struct building *w, struct error *err)
{
	struct build *const b = w->b;

	if (output_read(&b->outputs, &b->arena, w->sandbox.folders[FOLDER_DEST].outside, err) < 0 ||
	    output_read(&b->dist, &b->arena, w->sandbox.folders[FOLDER_DIST].outside, err) < 0)
		return -1;
	for (size_t i = 0; i < b->outputs.n; i++)
		b->run.outputs += b->outputs.v[i].type != OUTPUT_FOLDER;
	b->run.output_bytes = b->outputs.bytes;
	return 0;
}

void build_log_path(const struct build *b, enum phase phase, struct buf *out)
{
	buf_addf(out, "%s/logs/%s.log", b->folder.ptr, phase_name(phase));
}

int build_run(struct build *b, const struct build_plan *plan, struct error *err)
{
	struct building w = { .b = b, .plan = plan };
	int status;

	*b = (struct build){ .arena = ARENA_INIT };
	trace_init(&b->trace);
	b->run.label = arena_str(&b->arena, plan->label);
	b->run.traced = plan->traced;
	set_sandbox(&w);
	set_environment(&w);
	status = build_check_settings(plan->settings, err);
	if (status == 0)
		status = make_folders(&w, err);
	if (status == 0)
		status = export(&w, err);
	if (status == 0)
		status = run_phases(&w, err);
	if (status == 0)
		status = take_outputs(&w, err);
	trace_count(&b->trace, &b->run.trace);
	memory_free(w.environment.v);
	return status < 0 ? error_prefix(err, "%.*s", STR_FMT(plan->label)) : 0;
}

void build_release(struct build *b, bool keep)
{
	struct error ignored = ERROR_INIT;

	if (b->folder.len && !keep)
		export_remove(b->folder.ptr, &ignored);
	trace_release(&b->trace);
	output_release(&b->outputs);
	output_release(&b->dist);
	arena_release(&b->arena);
	*b = (struct build){ .arena = ARENA_INIT };
}

int build_check_needs(const struct recipe *r, struct error *err)
{
	return missing_check(r->needs, r->needs_n, err);
}
