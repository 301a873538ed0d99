libtarproof_a_SOURCES += \
	src/model/entry.c src/model/entry.h \
	src/model/history.c src/model/history.h \
	src/model/rebuild.c src/model/rebuild.h \
	src/model/result.c src/model/result.h \
	src/model/rule.c src/model/rule.h \
	src/model/rules.def \
	src/model/submodule.h
