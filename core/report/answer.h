/* The answer to a specimen in words: the origins that its typicality does not reject. */
#ifndef REPORT_ANSWER_H
#define REPORT_ANSWER_H

#include "base/text.h"
#include "base/text_list.h"
#include "training/specimen_results.h"

/* "CAR, DRC", "none", or if there are origins that cannot be rejected "none (cannot be excluded: DRC)"; nothing for a
 * specimen without a shot of use. */
void answer_write(text *t, const specimen_results *v, const text_list *origins, size_t specimen);

#endif
