libtarproof_a_SOURCES += \
	src/inspect/attempts.c src/inspect/attempts.h \
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
	src/inspect/chain.c src/inspect/chain.h \
	src/inspect/named.c src/inspect/named.h \
	src/inspect/code.c src/inspect/code.h \
	src/inspect/code_files.c src/inspect/code_work.h \
	src/inspect/code_flow.c \
	src/inspect/code_perl.c \
	src/inspect/command.c src/inspect/command.h \
	src/inspect/command_wraps.c \
	src/inspect/copied.c src/inspect/copied.h \
	src/inspect/bytecode.c src/inspect/bytecode.h \
	src/inspect/byte_map.c \
	src/inspect/decode.c src/inspect/decode.h \
	src/inspect/decode_base.c src/inspect/decode_base.h \
	src/inspect/decode_bytes.c src/inspect/decode_bytes.h \
	src/inspect/decode_carve.c src/inspect/decode_carve.h \
	src/inspect/decode_magic.c src/inspect/decode_magic.h \
	src/inspect/decode_raw.c src/inspect/decode_raw.h \
	src/inspect/decode_text.c src/inspect/decode_text.h \
	src/inspect/decode_try.c \
	src/inspect/decode_work.h \
	src/inspect/dialect.c src/inspect/dialect.h \
	src/inspect/dialect_cmake.c src/inspect/dialect_work.h \
	src/inspect/dialect_meson.c \
	src/inspect/difference.c src/inspect/difference.h \
	src/inspect/direnv.c src/inspect/direnv.h \
	src/inspect/facts.c src/inspect/facts.h \
	src/inspect/generated.c src/inspect/generated.h \
	src/inspect/idiom.c src/inspect/idiom.h \
	src/inspect/inspect.c src/inspect/inspect.h \
	src/inspect/known.c src/inspect/known.h \
	src/inspect/macro.c src/inspect/macro.h \
	src/inspect/note.c src/inspect/note.h \
	src/inspect/package.c src/inspect/package.h \
	src/inspect/resolve.c src/inspect/resolve.h \
	src/inspect/role.c src/inspect/role.h \
	src/inspect/rule_check.c src/inspect/rule_check.h \
	src/inspect/script.c src/inspect/script.h \
	src/inspect/script_caps.c src/inspect/script_edits.c src/inspect/script_run.c src/inspect/script_work.h \
	src/inspect/script_see.c \
	src/inspect/script_flags.c \
	src/inspect/shell.c src/inspect/shell.h \
	src/inspect/shell_words.c src/inspect/shell_work.h \
	src/inspect/statement.c src/inspect/statement.h \
	src/inspect/subject.c src/inspect/subject.h \
	src/inspect/unpack.c src/inspect/unpack.h \
	src/inspect/weigh.c src/inspect/weigh.h

# The store of known published files. tools/make-known makes it, with the help of known-facts.
knowndir = $(pkgdatadir)/known
dist_known_DATA = data/known/README data/known/contents data/known/definitions \
	data/known/names data/known/normalised
check_PROGRAMS += tools/known-facts
tools_known_facts_SOURCES = tools/known-facts.c
tools_known_facts_LDADD = libtarproof.a $(libtarproof_a_LIBS)
dist_noinst_SCRIPTS += tools/make-known
	src/inspect/decode_try.c src/inspect/decode_work.h
libtarproof_a_SOURCES += \
	src/inspect/hidden.c src/inspect/hidden.h \
	src/inspect/hidden_ascii85.c \
	src/inspect/hidden_array.c \
	src/inspect/hidden_chars.c \
	src/inspect/hidden_lines.c \
	src/inspect/hidden_tokens.c \
	src/inspect/hidden_work.h
