#include "model/history.h"

/* A hosting service that commits for anybody. */
static bool is_service(const struct history_person *p)
{
	return str_starts(p->email, STR("noreply@")) || str_starts(p->email, STR("no-reply@"));
}

bool history_same_person(const struct history_person *a, const struct history_person *b)
{
	if (is_service(a) || is_service(b))
		return false;
	return (a->email.len && str_case_eq(a->email, b->email)) ||
	       (a->name.len && str_case_eq(a->name, b->name));
}

struct history_person history_person_behind(const struct history_person *author,
					    const struct history_person *committer)
{
	struct history_person p = is_service(committer) ? *author : *committer;

	p.time = committer->time;
	return p;
}
