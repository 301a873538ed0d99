/* The part of a JSON result that says what was built and how the outputs compare.
 * Borrows everything.
 * Knows nothing of builds beyond the result. */
#ifndef REPORT_JSON_REBUILD_H
#define REPORT_JSON_REBUILD_H

#include "model/rebuild.h"
#include "report/json.h"

/* The key "rebuild" with its value; nothing for NULL. `reproducible`: without times and counts that differ from run
 * to run. */
void json_put_rebuild(struct json *w, const struct rebuild_info *info, bool reproducible);

#endif
