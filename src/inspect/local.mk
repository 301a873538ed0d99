libtarproof_a_SOURCES += \
	src/inspect/blob_archives.c \
	src/inspect/blob_bytes.h \
	src/inspect/blob_confirm.c \
	src/inspect/blob_programs.c \
	src/inspect/blob_shapes.h \
	src/inspect/note.c src/inspect/note.h \
	src/inspect/unpack.c src/inspect/unpack.h
