libtarproof_a_SOURCES += \
	src/rebuild/behaviour.c src/rebuild/behaviour.h \
	src/rebuild/build.c src/rebuild/build.h \
	src/rebuild/cause.c src/rebuild/cause.h \
	src/rebuild/export.c src/rebuild/export.h \
	src/rebuild/flow.c src/rebuild/flow.h \
	src/rebuild/filter.c src/rebuild/filter.h \
	src/rebuild/graph.c src/rebuild/graph.h \
	src/rebuild/inputs.c src/rebuild/inputs.h \
	src/rebuild/judge.c src/rebuild/judge.h \
	src/rebuild/judge_files.c \
	src/rebuild/judge_outputs.c src/rebuild/judge_outputs.h \
	src/rebuild/judge_runs.c \
	src/rebuild/judge_work.h \
	src/rebuild/missing.c src/rebuild/missing.h \
	src/rebuild/normalise.c src/rebuild/normalise.h \
	src/rebuild/output.c src/rebuild/output.h \
	src/rebuild/programs.c src/rebuild/programs.h \
	src/rebuild/recipe.c src/rebuild/recipe.h \
	src/rebuild/recipes.c \
	src/rebuild/sandbox.c src/rebuild/sandbox.h \
	src/rebuild/sandbox_start.c \
	src/rebuild/sandbox_usage.c \
	src/rebuild/sandbox_work.h \
	src/rebuild/search.c src/rebuild/search.h \
	src/rebuild/settings.h \
	src/rebuild/trace.c src/rebuild/trace.h \
	src/rebuild/trace_json.c src/rebuild/trace_json.h \
	src/rebuild/tracee.c src/rebuild/tracee.h \
	src/rebuild/tracer.c src/rebuild/tracer.h \
	src/rebuild/tracer_path.c src/rebuild/tracer_path.h \
	src/rebuild/variation.c src/rebuild/variation.h
