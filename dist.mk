# `make dist` gives the same bytes anywhere: order, owners, modes and times of the members are
# fixed. The time is SOURCE_DATE_EPOCH, else that of the last commit, else (in an unpacked
# release, whose files all have one time) that of configure.ac.
DIST_EPOCH = $${SOURCE_DATE_EPOCH:-$$(git -C '$(srcdir)' log -1 --format=%ct 2>/dev/null || \
	date -r '$(srcdir)/configure.ac' +%s)}
am__tar = LC_ALL=C $${TAR-tar} --format=posix --sort=name --owner=0 --group=0 --numeric-owner \
	--mode=u+rwX,go+rX,go-w --mtime="@$(DIST_EPOCH)" \
	--pax-option=exthdr.name=%d/PaxHeaders/%f,delete=atime,delete=ctime -chf - "$$tardir"
# The output of xz depends on the number of threads.
export XZ_OPT = -9e -T1
EXTRA_DIST += dist.mk
