libtarproof_a_SOURCES += \
	src/inspect/blob_archives.c \
	src/inspect/blob_bytes.h \
	src/inspect/blob_confirm.c \
	src/inspect/blob_programs.c \
	src/inspect/blob_shapes.h \
	src/inspect/note.c src/inspect/note.h \
	src/inspect/unpack.c src/inspect/unpack.h
libtarproof_a_SOURCES += \
	src/inspect/byte_map.c \
	src/inspect/decode.c src/inspect/decode.h \
	src/inspect/decode_base.c src/inspect/decode_base.h \
	src/inspect/decode_bytes.c src/inspect/decode_bytes.h \
	src/inspect/decode_carve.c src/inspect/decode_carve.h \
	src/inspect/decode_magic.c src/inspect/decode_magic.h \
	src/inspect/decode_raw.c src/inspect/decode_raw.h \
	src/inspect/decode_text.c src/inspect/decode_text.h \
	src/inspect/decode_try.c src/inspect/decode_work.h
libtarproof_a_SOURCES += \
	src/inspect/hidden.c src/inspect/hidden.h \
	src/inspect/hidden_array.c \
	src/inspect/hidden_chars.c \
	src/inspect/hidden_lines.c \
	src/inspect/hidden_tokens.c \
	src/inspect/hidden_work.h
