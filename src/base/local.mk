libtarproof_a_SOURCES += \
	src/base/ascii.h \
	src/base/lanes.h \
	src/base/bytes.h \
	src/base/cleanup.h \
	src/base/clock.h \
	src/base/digest.c \
	src/base/digest.h \
	src/base/error.c \
	src/base/error.h \
	src/base/escape.c \
	src/base/escape.h \
	src/base/limits.h \
	src/base/map.c \
	src/base/map.h \
	src/base/memory.c \
	src/base/memory.h \
	src/base/sha1_guard.c \
	src/base/sha1_guard.h \
	src/base/sha1_lanes.h \
	src/base/sha1_many.c \
	src/base/sha1_many.h \
	src/base/sha1_vectors.c \
	src/base/sha1_vectors.h \
	src/base/sha1dc.c \
	src/base/sha1dc.h \
	src/base/str.c \
	src/base/str.h
