/* Likelihood ratios in sentences. */
#include "report/lr_words.h"

#include "evidence/verbal.h"
#include "report/phrase.h"
#include "report/svg.h"

#include <math.h>

int lr_supports(double log10_lr)
{
    return !(fabs(log10_lr) < log10(2));
}

/* What is quoted of a declared origin's LR: 1 or -1 if it is past a bound, which is then quoted for it. */
static int quoted_lr(double *lr, const declared_test *d)
{
    int beyond = d->log10_lr > d->log10_lr_high ? 1 : d->log10_lr < d->log10_lr_low ? -1 : 0;
    *lr = beyond > 0 ? d->log10_lr_high : beyond < 0 ? d->log10_lr_low : d->log10_lr;
    return beyond;
}

static const char *before_bound(int beyond)
{
    return beyond > 0 ? "above " : beyond < 0 ? "below " : "";
}

static const char *declared_side(double lr)
{
    return !lr_supports(lr) ? "" : lr > 0 ? " for the declaration" : " for another composition";
}

void lr_words_declared(text *t, const declared_test *d)
{
    double lr;
    int beyond = quoted_lr(&lr, d);
    if (isnan(d->log10_lr)) {
        text_append(t, "no likelihood ratio is known");
        return;
    }
    text_append(t, "likelihood ratio %s", before_bound(beyond));
    phrase_lr(t, lr);
    text_append(t, ", %s%s", verbal_support(lr), declared_side(lr));
    if (beyond)
        text_append(t, "; how far %s is beyond what this library can support", beyond > 0 ? "above" : "below");
}

void lr_words_declared_log10(text *t, const declared_test *d)
{
    double lr;
    int beyond = quoted_lr(&lr, d);
    text_append(t, "%s", before_bound(beyond));
    phrase_log10(t, lr);
    text_append(t, " (LR %s", before_bound(beyond));
    phrase_lr(t, lr);
    text_append(t, ": %s%s)%s", verbal_support(lr), declared_side(lr),
                beyond ? "; further is beyond what this library can support" : "");
    if (!isnan(d->log10_lr_error))
        text_append(t, "; Monte Carlo error %s", svg_decimal(d->log10_lr_error, 2).name);
}

void lr_words_specimen(text *t, double log10_lr)
{
    if (isnan(log10_lr))
        return;
    text_append(t, " (likelihood ratio against the libraries' other origins ");
    phrase_lr(t, log10_lr);
    text_append(t, ", %s%s)", verbal_support(log10_lr),
                !lr_supports(log10_lr) ? ""
                : log10_lr > 0         ? " for this origin"
                                       : " for the others");
    if (log10_lr <= -log10(2))
        text_append(t, "; the likelihood ratio supports the others, yet the stone is not typical of any of them, so "
                       "no origin is supported");
}

void lr_words_support(text *t, double log10_lr)
{
    if (isnan(log10_lr))
        text_append(t, "not quoted");
    else if (!lr_supports(log10_lr))
        text_append(t, "no support either way");
    else
        text_append(t, "%s %s", verbal_support(log10_lr), log10_lr > 0 ? "for it" : "for the others");
}
