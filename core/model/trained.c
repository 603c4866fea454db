#include "model/trained.h"

#include "base/memory.h"

#include <stdlib.h>

/* What the data do not hold is no failure: the model then judges without evidence, and says why. */
static adamas_status do_without(trained *t, adamas_status status, const adamas_error *found, adamas_error *error)
{
    if (status != ADAMAS_E_DATA && status != ADAMAS_E_METHOD) {
        if (error)
            *error = *found;
        return status;
    }
    held_out_clear(&t->held_out);
    free(t->why);
    t->why = memory_text(found->message);
    return t->why ? ADAMAS_OK : status_no_memory(error);
}

adamas_status trained_weigh(trained *t, adamas_error *error)
{
    adamas_error found = {0};
    adamas_status status = stone_evidence_make(&t->stone, &t->held_out, &found);
    t->has_evidence = !status;
    return status ? do_without(t, status, &found, error) : ADAMAS_OK;
}

static adamas_status hold_out(trained *t, const recipe *r, const axis *library, collection *c,
                              const unsigned char *training, const grouping *g, const pca *span, work *w,
                              adamas_error *error)
{
    adamas_error found = {0};
    adamas_status status = held_out_make(&t->held_out, r, library, c, training, g->group, g->by_locality,
                                         t->choice.chosen, span, w, &found);
    return status ? do_without(t, status, &found, error) : trained_weigh(t, error);
}

adamas_status trained_make(trained *out, const recipe *r, const axis *library, collection *c,
                           const unsigned char *training, const grouping *g, work *w, adamas_error *error)
{
    *out = (trained){.choice.chosen = PCA_MOST_COMPONENTS};
    if (r->match == RECIPE_NONE) {
        memo known = {0};
        adamas_status fitted = fit_make(&out->judge.fit, r, library, c, training, out->choice.chosen, &known, w, error);
        memo_clear(&known);
        return fitted;
    }
    condensed few;
    adamas_status status = fit_condensed(&few, c, r, library, w, error);
    const pca *span = few.view.n_condensed ? &few.span : NULL;
    collection *rows = span ? &few.view : c;
    if (!status)
        status = components_choose(&out->choice, r, library, rows, training, g->group, w, error);
    if (!status)
        status =
            judge_make(&out->judge, NULL, r, library, rows, span, training, training, out->choice.chosen, w, error);
    if (!status)
        status = hold_out(out, r, library, rows, training, g, span, w, error);
    condensed_clear(&few);
    if (status)
        trained_clear(out);
    return status;
}

void trained_clear(trained *t)
{
    judge_clear(&t->judge);
    held_out_clear(&t->held_out);
    stone_evidence_clear(&t->stone);
    free(t->why);
    *t = (trained){0};
}
