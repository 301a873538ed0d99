/* Which tag a file name means, and which it must never mean. */
#include "input/tagname.h"

#include <criterion/criterion.h>

struct rank_case {
	const char *name;
	const char *version;
	const char *tag;
};

static unsigned int rank_of(const char *name, const char *version, const char *tag)
{
	const struct artifact_name n = { str_from(name), str_from(version) };
	return tagname_rank(&n, str_from(tag));
}

static unsigned int nearness_of(const char *name, const char *version, const char *tag)
{
	const struct artifact_name n = { str_from(name), str_from(version) };
	return tagname_nearness(&n, str_from(tag));
}

/* Releases as distributors and registries hand them out, and their upstream tags. */
static const struct {
	const char *file;
	const char *version;
	const char *tag;
} releases[] = {
	{ "c-ares_1.18.1.orig.tar.gz", "1.18.1", "cares-1_18_1" },
	{ "c-ares_1.34.5.orig.tar.gz", "1.34.5", "v1.34.5" },
	{ "coreutils_9.1.orig.tar.xz", "9.1", "v9.1" },
	{ "coreutils_9.7.orig.tar.xz", "9.7", "v9.7" },
	{ "curl_7.88.1.orig.tar.gz", "7.88.1", "curl-7_88_1" },
	{ "curl_8.14.1.orig.tar.gz", "8.14.1", "curl-8_14_1" },
	{ "expat_2.5.0.orig.tar.gz", "2.5.0", "R_2_5_0" },
	{ "expat_2.8.2.orig.tar.gz", "2.8.2", "R_2_8_2" },
	{ "flatpak_1.14.10.orig.tar.xz", "1.14.10", "1.14.10" },
	{ "flatpak_1.16.6.orig.tar.xz", "1.16.6", "1.16.6" },
	{ "git_2.39.5.orig.tar.xz", "2.39.5", "v2.39.5" },
	{ "git_2.47.3.orig.tar.xz", "2.47.3", "v2.47.3" },
	{ "glib2.0_2.74.6.orig.tar.xz", "2.74.6", "2.74.6" },
	{ "glib2.0_2.84.4.orig.tar.xz", "2.84.4", "2.84.4" },
	{ "gnupg2_2.2.40.orig.tar.bz2", "2.2.40", "gnupg-2.2.40" },
	{ "gnutls28_3.7.9.orig.tar.xz", "3.7.9", "3.7.9" },
	{ "gnutls28_3.8.9.orig.tar.xz", "3.8.9", "3.8.9" },
	{ "harfbuzz_10.2.0.orig.tar.xz", "10.2.0", "10.2.0" },
	{ "iproute2_6.1.0.orig.tar.xz", "6.1.0", "v6.1.0" },
	{ "jemalloc_5.3.0.orig.tar.bz2", "5.3.0", "5.3.0" },
	{ "jemalloc_5.3.1.orig.tar.gz", "5.3.1", "5.3.1" },
	{ "jinja2_3.1.2.orig.tar.gz", "3.1.2", "3.1.2" },
	{ "jinja2_3.1.6.orig.tar.gz", "3.1.6", "3.1.6" },
	{ "jq_1.6.orig.tar.gz", "1.6", "jq-1.6" },
	{ "jq_1.7.1.orig.tar.gz", "1.7.1", "jq-1.7.1" },
	{ "json-c_0.16.orig.tar.gz", "0.16", "json-c-0.16-20220414" },
	{ "kmod_34.2.orig.tar.xz", "34.2", "v34.2" },
	{ "krb5_1.20.1.orig.tar.gz", "1.20.1", "krb5-1.20.1-final" },
	{ "libarchive_3.6.2.orig.tar.xz", "3.6.2", "v3.6.2" },
	{ "libarchive_3.7.4.orig.tar.xz", "3.7.4", "v3.7.4" },
	{ "libevent_2.1.12-stable.orig.tar.gz", "2.1.12-stable", "release-2.1.12-stable" },
	{ "libffi_3.4.4.orig.tar.gz", "3.4.4", "v3.4.4" },
	{ "libffi_3.4.8.orig.tar.gz", "3.4.8", "v3.4.8" },
	{ "libgcrypt20_1.10.1.orig.tar.bz2", "1.10.1", "libgcrypt-1.10.1" },
	{ "libgcrypt20_1.11.0.orig.tar.bz2", "1.11.0", "libgcrypt-1.11.0" },
	{ "libmoose-perl_2.2203.orig.tar.gz", "2.2203", "2.2203" },
	{ "libogg_1.3.5.orig.tar.xz", "1.3.5", "v1.3.5" },
	{ "libpath-tiny-perl_0.144.orig.tar.gz", "0.144", "release-0.144" },
	{ "libpath-tiny-perl_0.148.orig.tar.gz", "0.148", "release-0.148" },
	{ "libpcap_1.10.3.orig.tar.gz", "1.10.3", "libpcap-1.10.3" },
	{ "libpcap_1.10.5.orig.tar.xz", "1.10.5", "libpcap-1.10.5" },
	{ "libplist_2.2.0.orig.tar.bz2", "2.2.0", "2.2.0" },
	{ "libpng1.6_1.6.39.orig.tar.gz", "1.6.39", "v1.6.39" },
	{ "libpng1.6_1.6.48.orig.tar.gz", "1.6.48", "v1.6.48" },
	{ "libssh2_1.10.0.orig.tar.gz", "1.10.0", "libssh2-1.10.0" },
	{ "libssh2_1.11.1.orig.tar.gz", "1.11.1", "libssh2-1.11.1" },
	{ "liburi-perl_5.17.orig.tar.gz", "5.17", "v5.17" },
	{ "liburi-perl_5.30.orig.tar.gz", "5.30", "v5.30" },
	{ "libuv1_1.44.2.orig.tar.gz", "1.44.2", "v1.44.2" },
	{ "libuv1_1.50.0.orig.tar.gz", "1.50.0", "v1.50.0" },
	{ "libxslt_1.1.35.orig.tar.xz", "1.1.35", "v1.1.35" },
	{ "markupsafe_2.1.2.orig.tar.gz", "2.1.2", "2.1.2" },
	{ "mosquitto_2.0.11.orig.tar.gz", "2.0.11", "v2.0.11" },
	{ "mosquitto_2.0.21.orig.tar.gz", "2.0.21", "v2.0.21" },
	{ "nghttp2_1.52.0.orig.tar.gz", "1.52.0", "v1.52.0" },
	{ "nghttp2_1.64.0.orig.tar.gz", "1.64.0", "v1.64.0" },
	{ "nginx_1.22.1.orig.tar.gz", "1.22.1", "release-1.22.1" },
	{ "nginx_1.26.3.orig.tar.gz", "1.26.3", "release-1.26.3" },
	{ "axios-1.7.9.tgz", "1.7.9", "v1.7.9" },
	{ "chalk-4.1.2.tgz", "4.1.2", "v4.1.2" },
	{ "chalk-5.3.0.tgz", "5.3.0", "v5.3.0" },
	{ "commander-12.1.0.tgz", "12.1.0", "v12.1.0" },
	{ "debug-4.3.4.tgz", "4.3.4", "4.3.4" },
	{ "express-4.21.2.tgz", "4.21.2", "4.21.2" },
	{ "lodash-4.17.21.tgz", "4.17.21", "4.17.21" },
	{ "lodash-4.17.21.tgz", "4.17.21", "4.17.21-npm" },
	{ "minimist-1.2.8.tgz", "1.2.8", "v1.2.8" },
	{ "semver-5.7.2.tgz", "5.7.2", "v5.7.2" },
	{ "semver-7.6.3.tgz", "7.6.3", "v7.6.3" },
	{ "ws-8.18.0.tgz", "8.18.0", "8.18.0" },
	{ "openssh_10.0p1.orig.tar.gz", "10.0p1", "V_10_0_P1" },
	{ "openssh_9.2p1.orig.tar.gz", "9.2p1", "V_9_2_P1" },
	{ "p11-kit_0.25.5.orig.tar.xz", "0.25.5", "0.25.5" },
	{ "pcre2_10.42.orig.tar.gz", "10.42", "pcre2-10.42" },
	{ "pcre2_10.46.orig.tar.gz", "10.46", "pcre2-10.46" },
	{ "protobuf-c_1.4.1.orig.tar.gz", "1.4.1", "v1.4.1" },
	{ "protobuf-c_1.5.1.orig.tar.gz", "1.5.1", "v1.5.1" },
	{ "pyyaml_6.0.2.orig.tar.gz", "6.0.2", "6.0.2" },
	{ "redis_7.0.15.orig.tar.gz", "7.0.15", "7.0.15" },
	{ "rsync_3.2.7.orig.tar.gz", "3.2.7", "v3.2.7" },
	{ "squid_5.7.orig.tar.xz", "5.7", "SQUID_5_7" },
	{ "strace_6.1.orig.tar.xz", "6.1", "v6.1" },
	{ "sudo_1.9.13p3.orig.tar.gz", "1.9.13p3", "v1.9.13p3" },
	{ "tcpdump_4.99.3.orig.tar.gz", "4.99.3", "tcpdump-4.99.3" },
	{ "tcpdump_4.99.6.orig.tar.xz", "4.99.6", "tcpdump-4.99.6" },
	{ "tmux_3.3a.orig.tar.gz", "3.3a", "3.3a" },
	{ "tmux_3.5a.orig.tar.gz", "3.5a", "3.5a" },
	{ "util-linux_2.38.1.orig.tar.xz", "2.38.1", "v2.38.1" },
	{ "util-linux_2.41.5.orig.tar.xz", "2.41.5", "v2.41.5" },
	{ "vim_9.0.1378.orig.tar.xz", "9.0.1378", "v9.0.1378" },
	{ "xz-utils_5.4.1.orig.tar.xz", "5.4.1", "v5.4.1" },
	{ "xz-utils_5.8.1.orig.tar.xz", "5.8.1", "v5.8.1" },
	{ "xz-utils_5.8.3.orig.tar.xz", "5.8.3", "v5.8.3" },
	{ "zeromq3_4.3.4.orig.tar.gz", "4.3.4", "v4.3.4" },
	{ "zsh_5.9.orig.tar.xz", "5.9", "zsh-5.9" },
};

Test(tagname, real_releases_find_their_tag)
{
	struct arena a = ARENA_INIT;
	for (size_t i = 0; i < sizeof(releases) / sizeof(releases[0]); i++) {
		struct artifact_name n;
		cr_expect(tagname_split(&a, str_from(releases[i].file), &n), "%s",
			  releases[i].file);
		cr_expect(str_eq(n.version, str_from(releases[i].version)), "%s: version %.*s",
			  releases[i].file, STR_FMT(n.version));
		cr_expect(tagname_rank(&n, str_from(releases[i].tag)) > TAGNAME_WEAK, "%s: %s",
			  releases[i].file, releases[i].tag);
	}
	arena_release(&a);
}

/* Nor does another release's tag come near it; 6.1.0 may stand for 6.1, but worse. */
Test(tagname, real_releases_keep_apart)
{
	struct arena a = ARENA_INIT;
	const size_t count = sizeof(releases) / sizeof(releases[0]);
	for (size_t i = 0; i < count; i++) {
		struct artifact_name n;
		tagname_split(&a, str_from(releases[i].file), &n);
		const unsigned int right = tagname_rank(&n, str_from(releases[i].tag));
		for (size_t k = 0; k < count; k++) {
			if (strncmp(releases[i].version, releases[k].version, 3) == 0 &&
			    strlen(releases[i].version) != strlen(releases[k].version))
				cr_expect_lt(tagname_rank(&n, str_from(releases[k].tag)), right,
					     "%s: %s", releases[i].file, releases[k].tag);
			else if (strcmp(releases[i].version, releases[k].version) != 0)
				cr_expect_eq(tagname_rank(&n, str_from(releases[k].tag)), 0,
					     "%s: %s", releases[i].file, releases[k].tag);
		}
	}
	arena_release(&a);
}

static const struct {
	const char *file;
	const char *name;
	const char *version;
} splits[] = {
	{ "xz-utils_5.4.1.orig.tar.xz", "xz-utils", "5.4.1" },
	{ "zeromq3_4.3.4.orig.tar.gz", "zeromq3", "4.3.4" },
	{ "foo_1.2.orig-component.tar.xz", "foo", "1.2" },
	{ "foo-1.2.tar.gz", "foo", "1.2" },
	{ "foo-1.2-stable.tar.gz", "foo", "1.2-stable" },
	{ "libevent-2.1.12-stable/", "libevent", "2.1.12-stable" },
	{ "openssh-10.0p1.tar.gz", "openssh", "10.0p1" },
	{ "openssl-1.1.1w", "openssl", "1.1.1w" },
	{ "foo-1.2-3.src.rpm", "foo", "1.2" },
	{ "foo-bar-1.2~rc1-3.fc40.src.rpm", "foo-bar", "1.2~rc1" },
	{ "foo_1.2-1.dsc", "foo", "1.2" },
	{ "foo_1%3a1.2-4-1.dsc", "foo", "1%3a1.2-4" },
	{ "chalk-5.3.0.tgz", "chalk", "5.3.0" },
	{ "serde-1.0.crate", "serde", "1.0" },
	{ "rails-7.0.1.gem", "rails", "7.0.1" },
	{ "foo-1.2.zip", "foo", "1.2" },
	{ "v1.2.tar.gz", "", "1.2" },
	{ "1.2.tar.gz", "", "1.2" },
	{ "release-1.2.tar.gz", "", "1.2" },
	{ "foo-v1.2", "foo", "1.2" },
	{ "foo@1.2.tgz", "foo", "1.2" },
	{ "PyYAML-6.0.2.tar.gz", "PyYAML", "6.0.2" },
	{ "pyyaml_6.0.2.orig.tar.gz", "pyyaml", "6.0.2" },
	{ "ruamel.yaml-0.17.tar.gz", "ruamel.yaml", "0.17" },
	{ "typing_extensions-4.1.tar.gz", "typing_extensions", "4.1" },
	{ "libpng1.6_1.6.39.orig.tar.gz", "libpng1.6", "1.6.39" },
	{ "glib2.0_2.74.6.orig.tar.xz", "glib2.0", "2.74.6" },
	{ "gtk+3.0_3.24.1.orig.tar.xz", "gtk+3.0", "3.24.1" },
	{ "gtk+-3.24.1.tar.xz", "gtk+", "3.24.1" },
	{ "7zip_22.01+dfsg.orig.tar.xz", "7zip", "22.01+dfsg" },
	{ "x264_0.164.3095+gitbaee400.orig.tar.gz", "x264", "0.164.3095+gitbaee400" },
	{ "sqlite-autoconf-3390400.tar.gz", "sqlite-autoconf", "3390400" },
	{ "tzdata-2024a.tar.gz", "tzdata", "2024a" },
	{ "tzdata2024a.tar.gz", "tzdata", "2024a" },
	{ "less-608.tar.gz", "less", "608" },
	{ "foo-1.2-linux-x86_64.tar.gz", "foo", "1.2" },
	{ "foo-1.2-py3-none-any.whl", "foo", "1.2" },
	{ "foo-x86_64-1.2.tgz", "foo-x86_64", "1.2" },
	{ "python-3-foo-1.2.tgz", "python-3-foo", "1.2" },
	{ "boost_1_82_0.tar.bz2", "boost", "1_82_0" },
	{ "foo-1.2.3-beta.4.tgz", "foo", "1.2.3-beta.4" },
	{ "foo-1.2.tar.gz.asc", "foo", "1.2" },
	{ "libexpat-R_2_5_0/", "libexpat", "2_5_0" },
	{ "jq-jq-1.7.1/", "jq", "1.7.1" },
	{ "json-c-json-c-0.16-20220414/", "json-c", "0.16-20220414" },
	{ "old-9.9/foo-1.2.tar.gz", "foo", "1.2" },
};

Test(tagname, file_names_split_into_name_and_version)
{
	struct arena a = ARENA_INIT;
	for (size_t i = 0; i < sizeof(splits) / sizeof(splits[0]); i++) {
		struct artifact_name n;
		cr_expect(tagname_split(&a, str_from(splits[i].file), &n), "%s", splits[i].file);
		cr_expect(str_eq(n.name, str_from(splits[i].name)) &&
			  str_eq(n.version, str_from(splits[i].version)),
			  "%s: %.*s, %.*s", splits[i].file, STR_FMT(n.name), STR_FMT(n.version));
	}
	arena_release(&a);
}

Test(tagname, names_without_a_version_are_told)
{
	static const char *const files[] = {
		"foo.tar.gz", "libfoo2.tar.gz", "jemalloc-jemalloc-81034ce/", "package/", "",
		"/", "-", "_", ".tar.gz", "foo_.orig.tar.gz", "foo-1.2/src.tar.gz",
	};
	struct arena a = ARENA_INIT;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		struct artifact_name n;
		cr_expect_not(tagname_split(&a, str_from(files[i]), &n), "%s", files[i]);
		cr_expect_eq(n.version.len, 0, "%s", files[i]);
	}
	arena_release(&a);
}

/* Each line holds names of tags of one rank, best line first; all for foo 1.2. */
Test(tagname, ranks_fall_as_evidence_gets_weaker)
{
	static const char *const lines[] = {
		"foo-1.2 foo-1_2 foo_1_2 FOO_1_2 foo/1.2 foo/v1.2 foo@1.2 foov1.2 foo-v1.2 "
		"rel/foo-1.2 tags/foo-1.2 foo-release-1.2",
		"@scope/foo@1.2 packages/foo/v1.2",
		"v1.2 V1.2 1.2 R_1_2 R-1-2 release-1.2 release/1.2 rel-1.2 REL_1_2 version-1.2 "
		"ver1.2 V_1_2",
		"libfoo-1.2 python-foo-1.2",
		"upstream/1.2 upstream/v1.2",
		"foo-1.2-final FOO_1_2_REL",
		"1.2-stable 1.2-final 1.2-release 1.2RELEASE 1.2.Final release-1.2-stable",
		"v1.2-20220414",
		"v1.2.0 1.2.0.0",
		"1.2-npm v1.2-signed",
		"v1.02",
		"go/v1.2 bar-1.2 bar@1.2 @foo/bar@1.2 foo-bar-1.2",
		"bar-1.2-final",
	};
	unsigned int above = 0;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		struct str rest = str_from(lines[i]), tag;
		unsigned int here = 0;
		while (str_next_word(&rest, &tag)) {
			const struct artifact_name n = { STR("foo"), STR("1.2") };
			const unsigned int rank = tagname_rank(&n, tag);
			cr_expect_gt(rank, 0, "%.*s", STR_FMT(tag));
			cr_expect(!here || rank == here, "%.*s: %u", STR_FMT(tag), rank);
			cr_expect(!above || rank < above, "%.*s: %u", STR_FMT(tag), rank);
			cr_expect_eq(rank <= TAGNAME_WEAK, strstr(lines[i], "bar") != NULL);
			here = rank;
		}
		above = here;
	}
}

static const struct rank_case fitting[] = {
	{ "foo", "1.2~rc1", "v1.2-rc1" }, { "foo", "1.2rc1", "v1.2-rc1" },
	{ "foo", "1.2b1", "v1.2-beta1" }, { "foo", "1.2.0-rc1", "v1.2-rc1" },
	{ "foo", "1.2.0", "v1.2" }, { "foo", "2024.1", "2024.01" },
	{ "foo", "v1.2", "1.2" }, { "foo", "1.2-stable", "v1.2" },
	{ "foo", "1.2+dfsg", "v1.2" }, { "foo", "1.2~dfsg1", "v1.2" },
	{ "foo", "1.2+ds", "v1.2" }, { "foo", "1.2+repack", "v1.2" },
	{ "foo", "1:1.2", "v1.2" }, { "foo", "1.3+really1.2", "v1.2" },
	{ "foo", "1.2+dfsg+~cs8.31", "v1.2" }, { "foo", "1.0.18", "1.0.18-RELEASE" },
	{ "foo", "1.0.18", "1.0.18-FINAL" }, { "foo", "608", "v608" },
	{ "foo2", "1.2", "foo2_1_2" }, { "c-ares", "1.18.1", "cares-1_18_1" },
	{ "nsd", "4.12.0", "NSD_4_12_0_REL" }, { "node-foo", "1.2", "foo-1.2" },
	{ "golang-foo", "1.2", "foo-1.2" }, { "libmoose-perl", "2.2203", "Moose-2.2203" },
	{ "liburi-perl", "5.17", "URI-5.17" }, { "zeromq3", "4.3.4", "zeromq-4.3.4" },
	{ "libgcrypt20", "1.10.1", "libgcrypt-1.10.1" }, { "gtk+3.0", "3.24.1", "gtk-3.24.1" },
	{ "lodash-es", "4.17.21", "4.17.21-es" }, { "openssl", "1.1.1w", "OpenSSL_1_1_1w" },
	{ "imagemagick", "8:6.9.11.60+dfsg", "6.9.11-60" }, { "x264", "0.164", "x264-0.164" },
	{ "libpath-tiny-perl", "0.144", "v0.144" }, { "icu", "74.2", "release-74-2" },
};

Test(tagname, usual_schemes_fit)
{
	for (size_t i = 0; i < sizeof(fitting) / sizeof(fitting[0]); i++) {
		const struct rank_case *c = &fitting[i];
		cr_expect_gt(rank_of(c->name, c->version, c->tag), TAGNAME_WEAK, "%s %s: %s",
			     c->name, c->version, c->tag);
	}
}

static const struct rank_case unfit[] = {
	{ "foo", "1.2", "v1.2-rc1" }, { "foo", "1.2", "v1.2beta" }, { "foo", "1.2", "v1.2-beta" },
	{ "foo", "1.2", "v1.2.1" }, { "foo", "1.2", "v11.2" }, { "foo", "1.2", "v1.20" },
	{ "foo", "1.2", "v1.2a" }, { "foo", "1.2", "v1.2-1" }, { "foo", "1.2", "v1.2-bp" },
	{ "foo", "1.2", "v3.1.2" }, { "foo", "1.2", "v3_1_2" }, { "foo", "1.2", "foo-3.1.2" },
	{ "foo", "1.2", "v1-1.2" }, { "foo", "1.2", "v1.2-" }, { "foo", "1.2", "v1.2-kfw" },
	{ "foo", "1.2", "v1.2-20220414-2" }, { "foo", "1.2", "v1.2.20220414" },
	{ "foo", "1.2", "debian/1.2-3" }, { "foo", "1.2", "debian/1.2" },
	{ "foo", "1.2", "debian/foo-1.2" }, { "foo", "1.2", "1.2-ubuntu" },
	{ "foo", "1.2", "pre-release-1.2" }, { "foo", "1.2", "before-1.2" },
	{ "foo", "1.2", "test/foo-1.2" }, { "foo", "1.2", "bar-1.2.0" }, { "foo", "1.2", "foo" },
	{ "foo", "1.2", "" }, { "foo", "1.2", "1.0002" }, { "foo", "1.5.0.1", "v1.5.1" },
	{ "foo", "1.5.1", "v1.5.0.1" }, { "foo", "2.0", "v2" }, { "foo", "2", "v1.2" },
	{ "foo", "2", "bar-2" }, { "foo", "2", "foo1-2" }, { "foo2", "1.2", "foo2.1.2" },
	{ "foo", "1.2rc1", "v1.2" }, { "foo", "1.2rc1", "v1.2-rc2" },
	{ "foo", "1.2+git20240101", "v1.2" }, { "foo", "1.3+really1.2", "v1.3" },
	{ "foo", "2.6.8-1", "2.6.81" }, { "foo", "", "v1.2" }, { "foo", "stable", "stable" },
	{ "pcre", "2", "pcre2-10.42" }, { "libmoose-perl", "2.2203", "2.2204" },
};

Test(tagname, other_versions_and_packages_never_fit)
{
	for (size_t i = 0; i < sizeof(unfit) / sizeof(unfit[0]); i++) {
		const struct rank_case *c = &unfit[i];
		cr_expect_eq(rank_of(c->name, c->version, c->tag), 0, "%s %s: %s", c->name,
			     c->version, c->tag);
	}
}

Test(tagname, version_as_given_beats_the_one_without_repacking)
{
	cr_expect_gt(rank_of("foo", "1.2+dfsg", "1.2+dfsg"), rank_of("foo", "1.2+dfsg", "1.2"));
	cr_expect_gt(rank_of("foo", "1.2", "1.2"), rank_of("foo", "1.2+dfsg", "1.2"));
}

Test(tagname, part_of_the_name_behind_the_version_beats_the_bare_one)
{
	cr_expect_gt(rank_of("lodash-es", "4.17.21", "4.17.21-es"),
		     rank_of("lodash-es", "4.17.21", "4.17.21"));
	cr_expect_lt(rank_of("lodash", "4.17.21", "4.17.21-npm"),
		     rank_of("lodash", "4.17.21", "4.17.21"));
}

Test(tagname, overlong_names_fit_nothing)
{
	char tag[4096];
	for (size_t i = 0; i < sizeof(tag); i++)
		tag[i] = "1."[i % 2];
	const struct artifact_name n = { STR("foo"), STR("1.2") };
	const struct artifact_name big = { str_of(tag, sizeof(tag)), str_of(tag, sizeof(tag)) };
	struct artifact_name out;
	struct arena a = ARENA_INIT;
	cr_expect_eq(tagname_rank(&n, str_of(tag, sizeof(tag))), 0);
	cr_expect_eq(tagname_rank(&big, STR("v1.2")), 0);
	cr_expect_eq(tagname_nearness(&n, str_of(tag, sizeof(tag))), 0);
	cr_expect_eq(tagname_nearness(&big, STR("v1.2")), 0);
	cr_expect_eq(tagname_rank(&n, str_of(tag, 255)), 0);
	cr_expect_not(tagname_split(&a, str_of(tag, sizeof(tag)), &out));
	arena_release(&a);
}

Test(tagname, nearer_versions_are_nearer)
{
	static const char *const tags[] = {
		"v1.2.5", "v1.2.5-rc1", "v1.2.4", "v1.2.1", "v1.3.0", "v1.9.0",
	};
	for (size_t i = 1; i < sizeof(tags) / sizeof(tags[0]); i++)
		cr_expect_gt(nearness_of("foo", "1.2.5", tags[i - 1]),
			     nearness_of("foo", "1.2.5", tags[i]), "%s", tags[i]);
	cr_expect_gt(nearness_of("foo", "1.2+git20240101", "v1.2"), 0);
	cr_expect_eq(nearness_of("foo", "1.2.5", "v2.0"), 0);
	cr_expect_eq(nearness_of("foo", "1.2.5", "experiment"), 0);
}
