# Not part of `make check`: fuzz/run works for minutes on each target, and needs clang.
EXTRA_DIST += fuzz/run fuzz/target.c fuzz/seeds
