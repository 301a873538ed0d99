#include "input/lines.h"

#include <git2.h>

#include "base/limits.h"

bool lines_count(struct str old_text, struct str new_text, int64_t *added, int64_t *removed)
{
	git_patch *patch = NULL;
	git_diff_options options;
	size_t plus = 0, minus = 0;
	bool ok;

	git_diff_options_init(&options, GIT_DIFF_OPTIONS_VERSION);
	options.context_lines = 0;
	ok = old_text.len < 4 * MIB && new_text.len < 4 * MIB &&
	     !memchr(old_text.ptr ? old_text.ptr : "", 0, old_text.len) &&
	     !memchr(new_text.ptr ? new_text.ptr : "", 0, new_text.len) &&
	     git_patch_from_buffers(&patch, old_text.ptr, old_text.len, NULL, new_text.ptr,
				    new_text.len, NULL, &options) == 0 &&
	     git_patch_line_stats(NULL, &plus, &minus, patch) == 0;
	git_patch_free(patch);
	*added = (int64_t)plus;
	*removed = (int64_t)minus;
	return ok;
}
