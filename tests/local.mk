# The test suite. A new file of Criterion tests is one line in UNIT_TESTS; a new script that
# checks something is one line in SCRIPT_TESTS (it prints "N passed, N failed" at its end).
UNIT_TESTS = \
	tests/audit/test_audit.c \
	tests/base/test_ascii.c \
	tests/base/test_digest.c \
	tests/base/test_error.c \
	tests/base/test_escape.c \
	tests/base/test_map.c \
	tests/base/test_memory.c \
	tests/base/test_sha1dc.c \
	tests/base/test_sha1_many.c \
	tests/base/test_sha1_vectors.c \
	tests/base/test_sha1_guard.c \
	tests/base/test_str.c \
	tests/cli/test_cli.c \
	tests/cli/test_options.c \
	tests/compare/test_compare.c \
	tests/input/pack.c tests/input/pack.h \
	tests/input/reading.c tests/input/reading.h \
	tests/input/test_artifact.c \
	tests/input/test_attributes.c \
	tests/input/test_content.c \
	tests/input/test_convert.c \
	tests/input/test_decode.c \
	tests/input/test_directory.c \
	tests/input/test_disguise.c \
	tests/input/test_dsc.c \
	tests/input/test_gitarchive.c \
	tests/input/test_gitcheck.c \
	tests/input/test_gitfetch.c \
	tests/input/test_githash.c \
	tests/input/test_hashing.c \
	tests/input/test_history.c \
	tests/input/test_listing.c \
	tests/input/test_namelint.c \
	tests/input/test_objects.c \
	tests/input/test_packed.c \
	tests/input/test_repo.c \
	tests/input/test_source.c \
	tests/input/test_stream.c \
	tests/input/test_submodules.c \
	tests/input/test_tagchoice.c \
	tests/input/test_tagname.c \
	tests/input/test_tagobject.c \
	tests/input/test_tagorder.c \
	tests/input/test_tarlint.c \
	tests/input/test_tartap.c \
	tests/inspect/blobs.c tests/inspect/blobs.h \
	tests/inspect/test_blob.c \
	tests/inspect/test_blob_formats.c \
	tests/inspect/test_unpack.c \
	tests/inspect/test_attempts.c \
	tests/inspect/test_dialect.c \
	tests/inspect/test_inspect.c \
	tests/inspect/test_role.c \
	tests/inspect/test_script.c \
	tests/inspect/test_script_flows.c \
	tests/inspect/test_code_flows.c \
	tests/inspect/test_shell.c \
	tests/inspect/test_code.c \
	tests/inspect/test_copied.c \
	tests/inspect/test_known.c \
	tests/inspect/test_macro.c \
	tests/inspect/test_byte_map.c \
	tests/inspect/test_decode.c \
	tests/inspect/test_difference.c \
	tests/inspect/test_generated.c \
	tests/inspect/test_hidden.c \
	tests/input/test_treediff.c \
	tests/model/test_entry.c \
	tests/model/test_result.c \
	tests/model/test_rule.c \
	tests/rebuild/test_cause.c \
	tests/rebuild/test_flow.c \
	tests/rebuild/test_recipe.c \
	tests/rebuild/test_sandbox.c \
	tests/rebuild/test_search.c \
	tests/report/golden.c tests/report/golden.h \
	tests/report/sample.c tests/report/sample.h \
	tests/report/schema.c tests/report/schema.h \
	tests/report/test_json.c \
	tests/report/test_text.c \
	tests/support/repo.c tests/support/repo.h \
	tests/support/run.c tests/support/run.h \
	tests/support/skip.h

# What the tests read: outputs as they should be.
GOLDEN = \
	tests/report/built.text.golden \
	tests/report/clean.text.golden \
	tests/report/dist.text.golden \
	tests/report/hostile-quiet.text.golden \
	tests/report/hostile-verbose.text.golden \
	tests/report/hostile.json.golden \
	tests/report/hostile.text.golden \
	tests/report/unresolved.json.golden \
	tests/report/unresolved.text.golden

SCRIPT_TESTS = \
	tests/check-rooms \
	tests/check-headers \
	tests/check-scripts \
	tests/check-readme \
	tests/run-fixtures \
	tests/corpus \
	tests/attacks \
	tests/builds \
	tests/variations \
	tests/escapes

dist_check_SCRIPTS += $(SCRIPT_TESTS) tests/missing-libraries
EXTRA_DIST += fixtures/attacks fixtures/builds fixtures/variations
EXTRA_DIST += tests/escapes.d/escape.c tests/escapes.d/listen.c tests/escapes.d/spend.c
EXTRA_DIST += tests/lsan.supp quickstart run-tests scripts/setup.sh .ci/run $(GOLDEN)

if HAVE_TEST_LIBRARIES
check_PROGRAMS += tests/unit tests/json-get
TESTS += tests/unit $(SCRIPT_TESTS)
else
check-local: missing-libraries
missing-libraries:
	@sh '$(srcdir)/tests/missing-libraries'
endif

tests_unit_SOURCES = $(UNIT_TESTS)
tests_unit_CPPFLAGS = -include config.h $(AM_CPPFLAGS) $(CRITERION_CFLAGS) \
	-I$(srcdir)/tests -DTESTS_DIR='"$(abs_top_srcdir)/tests"' \
	-DTARPROOF_BINARY='"$(abs_top_builddir)/tarproof"'
# Criterion's macros cast away const and build tables whose unused parts it leaves alone.
tests_unit_CFLAGS = $(AM_CFLAGS) -Wno-cast-qual -Wno-unused-parameter -Wno-null-dereference
tests_unit_LDADD = libtarproof.a $(libtarproof_a_LIBS) $(CRITERION_LIBS)

tests_json_get_SOURCES = tests/json-get.c
tests_json_get_CPPFLAGS = $(AM_CPPFLAGS)
tests_json_get_LDADD = $(DEPS_LIBS)

# What every test script may rely on. The scripts run in the build folder.
AM_TESTS_ENVIRONMENT = \
	SRCDIR='$(abs_top_srcdir)'; BUILDDIR='$(abs_top_builddir)'; \
	TARPROOF='$(abs_top_builddir)/tarproof$(EXEEXT)'; \
	TARPROOF_KNOWN='$(abs_top_srcdir)/data/known'; export TARPROOF_KNOWN; \
	TEST_CC='$(CC)'; \
	TEST_CPPFLAGS='-include config.h -I$(abs_top_builddir) -I$(abs_top_srcdir)/src $(DEPS_CFLAGS) $(ISAL_CFLAGS)'; \
	export SRCDIR BUILDDIR TARPROOF TEST_CC TEST_CPPFLAGS;

# Scratch folders of the test scripts.
clean-local: clean-tests-scratch
clean-tests-scratch:
	-rm -rf tests/fixtures.tmp tests/corpus.tmp tests/attacks.tmp tests/builds.tmp tests/variations.tmp
