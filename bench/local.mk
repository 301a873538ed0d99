# Measuring: not part of `make check`, since times depend on the machine.
EXTRA_PROGRAMS = bench/measure
bench_measure_SOURCES = bench/measure.c
EXTRA_DIST += bench/check bench/kernel bench/trace

bench: bench/measure$(EXEEXT) tarproof$(EXEEXT)
CLEANFILES += bench/measure$(EXEEXT)
