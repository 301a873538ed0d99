#include "report/report.h"

const struct report_format *const report_formats[] = {
#define REPORT_FORMAT(descriptor) &descriptor,
#include "report/formats.def"
#undef REPORT_FORMAT
	NULL,
};

const struct report_format *report_find(struct str name)
{
	for (size_t i = 0; report_formats[i]; i++)
		if (str_eq(name, str_from(report_formats[i]->name)))
			return report_formats[i];
	return NULL;
}
