libtarproof_a_SOURCES += src/audit/audit.c src/audit/audit.h
