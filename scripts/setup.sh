#!/bin/sh
# Dependencies and builds, for quickstart and run-tests, which read this file with `.`.
# They set `me` (the name for messages) and `top` (the source folder) before.

say() {
	printf '%s: %s\n' "$me" "$*" >&2
}

die() {
	say "$*"
	exit 2
}

# What is needed: a probe (cmd: a program; pc: a module of pkg-config; hdr: a header; file: a file) and the
# package that brings it, for apt, dnf, pacman, zypper and apk.
# A probe that starts with "?" is welcome but not required.
NEEDED_TO_BUILD='
cmd:cc	gcc	gcc	gcc	gcc	gcc
hdr:stdio.h	libc6-dev	glibc-devel	glibc	glibc-devel	musl-dev
cmd:make	make	make	make	make	make
cmd:autoconf	autoconf	autoconf	autoconf	autoconf	autoconf
cmd:automake	automake	automake	automake	automake	automake
cmd:pkg-config	pkg-config	pkgconf-pkg-config	pkgconf	pkgconf-pkg-config	pkgconf
cmd:git	git	git	git	git	git
?file:/etc/ssl/certs/ca-certificates.crt	ca-certificates	ca-certificates	ca-certificates	ca-certificates	ca-certificates
pc:libarchive	libarchive-dev	libarchive-devel	libarchive	libarchive-devel	libarchive-dev
pc:libgit2	libgit2-dev	libgit2-devel	libgit2	libgit2-devel	libgit2-dev
pc:liblzma	liblzma-dev	xz-devel	xz	xz-devel	xz-dev
pc:zlib	zlib1g-dev	zlib-devel	zlib	zlib-devel	zlib-dev
pc:libzstd	libzstd-dev	libzstd-devel	zstd	libzstd-devel	zstd-dev
hdr:bzlib.h	libbz2-dev	bzip2-devel	bzip2	libbz2-devel	bzip2-dev
pc:libxxhash	libxxhash-dev	xxhash-devel	xxhash	xxhash-devel	xxhash-dev
pc:jansson	libjansson-dev	jansson-devel	jansson	libjansson-devel	jansson-dev
pc:nettle	nettle-dev	nettle-devel	nettle	libnettle-devel	nettle-dev
pc:libseccomp	libseccomp-dev	libseccomp-devel	libseccomp	libseccomp-devel	libseccomp-dev
?cmd:bwrap	bubblewrap	bubblewrap	bubblewrap	bubblewrap	bubblewrap
?pc:libisal	libisal-dev	isa-l-devel	isa-l	isa-l-devel	isa-l-dev
'
# The sample release is packed with these.
NEEDED_FOR_SAMPLE='
cmd:tar	tar	tar	tar	tar	tar
cmd:xz	xz-utils	xz	xz	xz	xz
'
NEEDED_TO_TEST='
pc:criterion	libcriterion-dev	criterion-devel	criterion	criterion-devel	criterion-dev
cmd:bzip2	bzip2	bzip2	bzip2	bzip2	bzip2
cmd:gzip	gzip	gzip	gzip	gzip	gzip
cmd:zstd	zstd	zstd	zstd	zstd	zstd
cmd:lzip	lzip	lzip	lzip	lzip	lzip
cmd:zip	zip	zip	zip	zip	zip
cmd:python3	python3	python3	python	python3	python3
?cmd:compress	ncompress	ncompress	ncompress	ncompress	ncompress
?cmd:rpmbuild	rpm	rpm-build	rpm-tools	rpm-build	rpm-dev
?cmd:faketime	faketime	libfaketime	libfaketime	libfaketime	libfaketime
?cmd:clang	clang	clang	clang	clang	clang
?cmd:perl	perl	perl	perl	perl	perl
?cmd:libtoolize	libtool	libtool	libtool	libtool	libtool
?file:/usr/share/gettext/po/Makefile.in.in	gettext	gettext-devel	gettext	gettext-tools	gettext-dev
?file:/usr/share/aclocal/ax_pthread.m4	autoconf-archive	autoconf-archive	autoconf-archive	autoconf-archive	autoconf-archive
'

# The column of the tables that belongs to this machine's package manager, and its name.
find_manager() {
	column=2
	for manager in apt-get dnf pacman zypper apk; do
		! command -v "$manager" >/dev/null 2>&1 || return 0
		column=$((column + 1))
	done
	manager=
}

# Whether a probe finds what it looks for.
found() {
	case $1 in
	cmd:cc) command -v cc >/dev/null 2>&1 || command -v gcc >/dev/null 2>&1 ;;
	cmd:*) command -v "${1#cmd:}" >/dev/null 2>&1 ;;
	file:*) [ -e "${1#file:}" ] ;;
	pc:*) pkg-config --exists "${1#pc:}" 2>/dev/null ;;
	hdr:*) printf '#include <%s>\n' "${1#hdr:}" | ${CC:-cc} -E - >/dev/null 2>&1 ;;
	esac
}

# Fills `missing` and `optional` with package names, out of a table.
find_missing() {
	missing='' optional='' unnamed=''
	while IFS= read -r row; do
		[ -n "$row" ] || continue
		probe=$(printf '%s\n' "$row" | cut -f1)
		package=$(printf '%s\n' "$row" | cut -f"$column")
		! found "${probe#\?}" || continue
		case $probe in
		\?*) optional="$optional $package" ;;
		*) missing="$missing $package" unnamed="$unnamed ${probe#*:}" ;;
		esac
	done <<END
$1
END
}

# The command that installs packages, without their names.
install_command() {
	case $manager in
	apt-get) echo 'apt-get install -y --no-install-recommends' ;;
	dnf) echo 'dnf install -y' ;;
	pacman) echo 'pacman -S --needed --noconfirm' ;;
	zypper) echo 'zypper --non-interactive install' ;;
	apk) echo 'apk add' ;;
	esac
}

# Runs a command as root: as we are, or through sudo.
as_root() {
	if [ "$(id -u)" -eq 0 ]; then
		DEBIAN_FRONTEND=noninteractive "$@" </dev/null
	else
		sudo DEBIAN_FRONTEND=noninteractive "$@"
	fi
}

# Installs what the tables given ask for and this machine lacks. Quick when nothing is missing.
install_dependencies() {
	find_manager
	[ -n "$manager" ] || column=2
	find_missing "$1"
	[ -n "$missing" ] || return 0
	[ -n "$manager" ] || die "missing:$unnamed. No known package manager: install them by hand."
	if [ "$(id -u)" -ne 0 ] && ! command -v sudo >/dev/null 2>&1; then
		say 'some packages are missing, and only root can install them. Run this, then try again:'
		printf '  %s%s\n' "$(install_command)" "$missing$optional" >&2
		exit 2
	fi
	say "installing:$missing$optional"
	log=$(mktemp)
	# shellcheck disable=SC2046,SC2086 # lists of words
	{
		[ "$manager" != apt-get ] || as_root apt-get -q update >"$log" 2>&1 || true
		as_root $(install_command) $missing >>"$log" 2>&1 || {
			tail -n 30 "$log" >&2
			die "could not install:$missing (the whole log: $log)"
		}
		[ -z "$optional" ] || as_root $(install_command) $optional >>"$log" 2>&1 ||
			say "going on without$optional, which is optional"
	}
	rm -f "$log"
	find_missing "$1"
	[ -z "$missing" ] || die "still not found:$unnamed"
}

# quiet LOG COMMAND...: shows the end of the log when the command fails.
quiet() {
	log=$1
	shift
	"$@" >>"$log" 2>&1 </dev/null || {
		tail -n 40 "$log" >&2
		die "$1 failed; the whole log: $log"
	}
}

jobs() {
	getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2
}

# build FOLDER [ARGUMENT of configure]...: brings a build folder up to date.
build() {
	folder=$1
	shift
	mkdir -p "$folder"
	buildlog=$folder/setup.log
	: >"$buildlog"
	if [ ! -x "$top/configure" ] || [ ! -f "$top/Makefile.in" ] ||
			[ -n "$(find "$top/configure.ac" -newer "$top/configure")" ]; then
		say 'making configure'
		quiet "$buildlog" "$top/bootstrap"
	fi
	[ ! -e "$top/config.status" ] ||
		die "the source folder is configured itself: run 'make distclean' in $top first"
	if [ ! -f "$folder/Makefile" ] || [ "$(cat "$folder/.configured" 2>/dev/null)" != "$*" ]; then
		say "configuring in ${folder##*/}/"
		(cd "$folder" && quiet "$folder/setup.log" "$top/configure" "$@")
		[ ! -f "$folder/.configured" ] || quiet "$buildlog" make -C "$folder" clean
		printf '%s\n' "$*" >"$folder/.configured"
	fi
	say "building in ${folder##*/}/"
	quiet "$buildlog" make -C "$folder" -j "$(jobs)"
}
