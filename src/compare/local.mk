libtarproof_a_SOURCES += src/compare/compare.c src/compare/compare.h
