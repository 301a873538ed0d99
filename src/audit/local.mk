libtarproof_a_SOURCES +=
