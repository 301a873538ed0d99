libtarproof_a_SOURCES += \
	src/inspect/blob.c src/inspect/blob.h \
	src/inspect/blob_archives.c \
	src/inspect/blob_bytes.h \
	src/inspect/blob_code.c \
	src/inspect/blob_confirm.c \
	src/inspect/blob_containers.c \
	src/inspect/blob_data.c \
	src/inspect/blob_documents.c \
	src/inspect/blob_fonts.c \
	src/inspect/blob_images.c \
	src/inspect/blob_look.h \
	src/inspect/blob_media.c \
	src/inspect/blob_open.c \
	src/inspect/blob_packed.c \
	src/inspect/blob_pickle.c \
	src/inspect/blob_programs.c \
	src/inspect/blob_shapes.h \
	src/inspect/blob_zip.c src/inspect/blob_zip.h \
	src/inspect/note.c src/inspect/note.h \
	src/inspect/unpack.c src/inspect/unpack.h
