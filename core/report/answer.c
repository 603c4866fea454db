/* The answer to a specimen in words. */
#include "report/answer.h"

void answer_write(text *t, const specimen_results *v, const text_list *origins, size_t specimen)
{
    size_t listed = 0, open = 0;
    if (!specimen_results_is_evaluated(v, specimen))
        return;
    for (size_t o = 0; o < v->n_origins; o++)
        if (specimen_results_standing(v, specimen, o) == ORIGIN_NOT_REJECTED)
            text_append(t, "%s%s", listed++ ? ", " : "", origins->at[o]);
    if (!listed)
        text_append(t, "none");
    for (size_t o = 0; o < v->n_origins; o++)
        if (specimen_results_standing(v, specimen, o) == ORIGIN_NOT_EXCLUDED)
            text_append(t, "%s%s", open++ ? ", " : " (cannot be excluded: ", origins->at[o]);
    text_append(t, "%s", open ? ")" : "");
}
