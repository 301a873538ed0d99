/* The command line as a whole, run in the test's own process, and what draws on a terminal. */
#include <criterion/criterion.h>
#include <fcntl.h>
#include <jansson.h>
#include <pty.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "cli/cli.h"
#include "cli/progress.h"
#include "cli/terminal.h"
#include "support/repo.h"
#include "support/run.h"

TestSuite(cli, .init = scratch_begin, .fini = scratch_end);

static struct buf out, err;

/* Runs `tarproof WORDS...`; what it prints is in `out` and `err`. */
static int tarproof(const char *words)
{
	AUTO_BUF struct buf copy = BUF_INIT;
	char *argv[32] = { (char *)(uintptr_t)"tarproof" };
	int argc = 1, status;

	buf_add_cstr(&copy, words);
	for (char *w = strtok(copy.ptr, " "); w; w = strtok(NULL, " "))
		argv[argc++] = w;
	fflush(NULL);
	cr_assert_not_null(freopen("stdout.txt", "w+", stdout));
	cr_assert_not_null(freopen("stderr.txt", "w+", stderr));
	status = cli_run(argc, argv);
	fflush(NULL);
	buf_reset(&out);
	buf_reset(&err);
	file_read("stdout.txt", &out);
	file_read("stderr.txt", &err);
	return status;
}

static void says(const struct buf *where, const char *text)
{
	cr_assert_not_null(strstr(buf_cstr(where), text), "\"%s\" is not in: %s", text,
			   buf_cstr(where));
}

Test(cli, help_goes_to_standard_output_and_names_every_command)
{
	cr_assert_eq(tarproof("--help"), 0);
	says(&out, "check ARTIFACT");
	says(&out, "explain RULE");
	cr_assert_eq(err.len, 0);
	cr_assert_eq(tarproof("help check"), 0);
	says(&out, "--fail-on SEVERITY");
	cr_assert_eq(tarproof("check --help"), 0);
	says(&out, "--submodule PATH=REPO");
	cr_assert_eq(tarproof("help --man check"), 0);
	says(&out, "--git");
	cr_assert_eq(tarproof("help --man"), 0);
	cr_assert_eq(tarproof("help nothing"), 2);
}

Test(cli, lines_of_help_fit_a_terminal)
{
	static const char *const commands[] = { "help", "help check", "help rules", "help explain" };

	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		struct str rest, line;

		cr_assert_eq(tarproof(commands[i]), 0);
		rest = buf_str(&out);
		while (str_next_line(&rest, &line))
			cr_assert_leq(line.len, 80, "%.*s", STR_FMT(line));
	}
}

Test(cli, no_command_and_an_unknown_one_are_errors_with_a_next_step)
{
	cr_assert_eq(tarproof(""), 2);
	cr_assert_gt(err.len, 0);
	cr_assert_eq(tarproof("chekc"), 2);
	says(&err, "check");
	cr_assert_eq(tarproof("--nonsense"), 2);
}

Test(cli, version_is_one_line)
{
	cr_assert_eq(tarproof("version"), 0);
	says(&out, "tarproof ");
	cr_assert_eq(tarproof("--version"), 0);
	says(&out, "tarproof ");
}

Test(cli, rules_are_listed_as_text_and_json)
{
	json_t *root;

	cr_assert_eq(tarproof("rules"), 0);
	says(&out, "TP003  high      archive-commit-differs");
	cr_assert_eq(tarproof("rules -f json"), 0);
	root = json_loadb(out.ptr, out.len, 0, NULL);
	cr_assert_not_null(root);
	cr_assert_gt(json_array_size(json_object_get(root, "rules")), 20);
	json_decref(root);
}

Test(cli, a_rule_is_explained_by_id_and_by_slug)
{
	cr_assert_eq(tarproof("explain tp101"), 0);
	says(&out, "How to settle it");
	cr_assert_eq(tarproof("explain duplicate-member"), 0);
	says(&out, "TP101");
	cr_assert_eq(tarproof("explain duplicate-membre"), 2);
	says(&err, "duplicate-member");
	cr_assert_eq(tarproof("explain"), 2);
	cr_assert_eq(tarproof("explain TP101 TP102"), 2);
}

Test(cli, completions_are_printed_for_each_shell)
{
	cr_assert_eq(tarproof("completion bash"), 0);
	says(&out, "complete");
	cr_assert_eq(tarproof("completion zsh"), 0);
	says(&out, "#compdef tarproof");
	cr_assert_eq(tarproof("completion fish"), 0);
	says(&out, "complete -c tarproof");
	cr_assert_eq(tarproof("completion csh"), 2);
	cr_assert_eq(tarproof("completion"), 2);
}

static void make_release(void)
{
	make_hello("r");
	sh("git -C r archive --prefix=hello-1.2/ v1.2 >hello-1.2.tar");
}

Test(cli, check_writes_where_it_is_told_and_says_how_it_went)
{
	make_release();
	cr_assert_eq(tarproof("check hello-1.2.tar --git r"), 0);
	says(&out, "CLEAN");
	cr_assert_eq(tarproof("check -q -j 2 --color=always --fail-on low hello-1.2.tar --git r"), 0);
	says(&out, "\033[");
	cr_assert_eq(tarproof("check hello-1.2.tar --git r -f json --reproducible -o result.json"), 0);
	cr_assert_eq(out.len, 0);
	cr_assert(file_exists("result.json"));
	cr_assert_eq(tarproof("check hello-1.2.tar --git r -o -"), 0);
	says(&out, "CLEAN");
	cr_assert_eq(tarproof("check hello-1.2.tar --git r --tag v9"), 2);
	says(&err, "next:");
	sh("mv hello-1.2.tar hello-1.3.tar; git -C r tag v1.1");
	cr_assert_eq(tarproof("check hello-1.3.tar --git r --tag v1.2 -v --all-files"), 0);
	says(&out, "src/main.c");
}

Test(cli, check_without_a_clear_tag_reports_and_is_incomplete)
{
	make_hello("r");
	sh("mkdir d && tar -cf hello-7.tar d");
	cr_assert_eq(tarproof("check hello-7.tar --git r"), 3);
	says(&out, "INCOMPLETE");
	says(&err, "--tag");
}

Test(cli, check_refuses_what_makes_no_sense)
{
	make_release();
	cr_assert_eq(tarproof("check hello-1.2.tar"), 2);
	says(&err, "--git");
	cr_assert_eq(tarproof("check --git r"), 2);
	cr_assert_eq(tarproof("check hello-1.2.tar --git r --tree x"), 2);
	cr_assert_eq(tarproof("check hello-1.2.tar --git r --jobs 0"), 2);
	cr_assert_eq(tarproof("check hello-1.2.tar --git r --fail-on nonsense"), 2);
	says(&err, "critical");
	cr_assert_eq(tarproof("check hello-1.2.tar --git r --submodule nonsense"), 2);
	cr_assert_eq(tarproof("check hello-1.2.tar --git r --submodule sub=r --submodules ."), 0);
	cr_assert_eq(tarproof("check hello-1.2.tar --git r -o hello-1.2.tar"), 2);
	cr_assert_eq(tarproof("check hello-1.2.tar --git r -o nowhere/at/all"), 2);
	cr_assert_eq(tarproof("check hello-1.2.tar --git r -o ."), 2);
	cr_assert_eq(tarproof("check absent.tar --git r"), 2);
	says(&err, "absent.tar");
	cr_assert_eq(tarproof("check hello-1.2.tar --git https://example.invalid/x"), 2);
	says(&err, "--fetch");
}

Test(cli, output_through_a_link_replaces_the_file_and_keeps_the_link)
{
	make_release();
	sh("echo old >real; ln -s real link; mkfifo pipe");
	cr_assert_eq(tarproof("check -q hello-1.2.tar --git r -o link"), 0);
	sh("test -L link && grep -q CLEAN real");
	cr_assert_eq(tarproof("check -q hello-1.2.tar --git r -o /dev/null"), 0);
	cr_assert_eq(tarproof("check -q hello-1.2.tar --git r -o /dev/full"), 2);
}

Test(cli, every_error_has_its_status)
{
	struct error e = ERROR_INIT;

	e.code = ERROR_TRANSIENT;
	cr_assert_eq(cli_status(&e), 75);
	e.code = ERROR_UNRESOLVED;
	cr_assert_eq(cli_status(&e), 3);
	e.code = ERROR_TOO_LARGE;
	cr_assert_eq(cli_status(&e), 3);
	e.code = ERROR_INPUT;
	cr_assert_eq(cli_status(&e), 2);
}

Test(cli, interrupted_check_ends_by_the_signal_and_leaves_nothing)
{
	int status;
	pid_t pid;

	make_release();
	sh("mkfifo fifo");
	pid = fork();
	cr_assert_geq(pid, 0);
	if (pid == 0) {
		execl(TARPROOF_BINARY, "tarproof", "check", "hello-1.2.tar", "--tree", "fifo",
		      "-o", "result", NULL);
		_exit(99);
	}
	usleep(300000);
	kill(pid, SIGTERM);
	cr_assert_eq(waitpid(pid, &status, 0), pid);
	cr_assert(WIFSIGNALED(status));
	cr_assert_eq(WTERMSIG(status), SIGTERM);
	cr_assert_not(file_exists("result"));
}

Test(cli, progress_line_has_rate_and_time_left)
{
	AUTO_BUF struct buf line = BUF_INIT;

	progress_line(&line, "reading", 50 << 20, 100 << 20, 50 << 20, 10);
	cr_assert_str_eq(buf_cstr(&line), "reading   50%  5.0 MiB/s  0:10 left");
	buf_reset(&line);
	progress_line(&line, "reading", 3 << 20, 0, 0, 0);
	cr_assert_str_eq(buf_cstr(&line), "reading  3.0 MiB");
}

Test(cli, progress_is_drawn_on_a_terminal_in_front_and_erased)
{
	struct winsize size = { .ws_row = 24, .ws_col = 40 };
	char text[4096];
	ssize_t n = 0, got;
	int master, status;
	const pid_t pid = forkpty(&master, NULL, NULL, &size);

	cr_assert_geq(pid, 0);
	if (pid == 0) {
		struct progress p;

		progress_begin(&p, 1, true);
		for (int i = 0; i < 12; i++) {
			progress_update(&p, i < 8 ? "reading" : "comparing", (uint64_t)i << 20, 12 << 20);
			usleep(120000);
		}
		progress_end(&p);
		exit(terminal_width(1) == 40 && terminal_color(COLOR_ALWAYS, 1) ? 0 : 1);
	}
	while (n < (ssize_t)sizeof(text) - 1 &&
	       (got = read(master, text + n, sizeof(text) - 1 - (size_t)n)) > 0)
		n += got;
	text[n] = '\0';
	waitpid(pid, &status, 0);
	cr_assert_eq(status, 0);
	cr_assert_not_null(strstr(text, "reading"), "%s", text);
	cr_assert_not_null(strstr(text, "\r "));
	cr_assert_null(strchr(text, '\n'));
}

Test(cli, nothing_is_drawn_where_there_is_no_terminal)
{
	struct progress p;
	int fds[2];

	cr_assert_eq(pipe(fds), 0);
	progress_begin(&p, fds[1], true);
	cr_assert_not(p.on);
	progress_update(&p, "reading", 1, 2);
	progress_end(&p);
	close(fds[1]);
	cr_assert_eq(read(fds[0], &p, 1), 0);
	close(fds[0]);
}
