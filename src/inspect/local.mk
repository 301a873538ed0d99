libtarproof_a_SOURCES += \
	src/inspect/copied.c src/inspect/copied.h \
	src/inspect/known.c src/inspect/known.h \
	src/inspect/macro.c src/inspect/macro.h \
	src/inspect/note.c src/inspect/note.h

# The store of known published files. tools/make-known makes it, with the help of known-facts.
knowndir = $(pkgdatadir)/known
dist_known_DATA = data/known/README data/known/contents data/known/definitions \
	data/known/names data/known/normalised
check_PROGRAMS += tools/known-facts
tools_known_facts_SOURCES = tools/known-facts.c
tools_known_facts_LDADD = libtarproof.a $(libtarproof_a_LIBS)
dist_noinst_SCRIPTS += tools/make-known
