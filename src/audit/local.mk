libtarproof_a_SOURCES += src/audit/audit.c src/audit/audit.h \
	src/audit/audit_sources.c src/audit/audit_work.h \
	src/audit/rebuild.c src/audit/rebuild.h \
	src/audit/rebuild_ablate.c src/audit/rebuild_compare.c \
	src/audit/rebuild_against.c src/audit/rebuild_provenance.c \
	src/audit/rebuild_trial.c src/audit/rebuild_trial.h \
	src/audit/rebuild_vary.c src/audit/rebuild_work.h
