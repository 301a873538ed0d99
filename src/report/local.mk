libtarproof_a_SOURCES += \
	src/report/format_intoto.c \
	src/report/format_json.c \
	src/report/formats.def \
	src/report/json_rebuild.c src/report/json_rebuild.h \
	src/report/json.c src/report/json.h \
	src/report/report.c src/report/report.h \
	src/report/ruleset.c src/report/ruleset.h \
	src/report/text.c src/report/text.h \
	src/report/text_facts.c \
	src/report/text_files.c \
	src/report/text_findings.c \
	src/report/text_group.c src/report/text_group.h \
	src/report/text_print.c \
	src/report/text_rebuild.c \
	src/report/words.c src/report/words.h

dist_pkgdata_DATA = src/report/result.schema.json
