/* Numbers as a reader without mathematics meets them. */
#include "report/phrase.h"

#include "report/svg.h"

#include <math.h>

void phrase_count(text *t, double n)
{
    if (!isfinite(n) || fabs(n) >= 1e15) {
        text_append(t, "%s", svg_decimal(n, 0).name);
        return;
    }
    unsigned long long size = (unsigned long long)llround(fabs(n)), unit = 1;
    while (size / unit >= 1000)
        unit *= 1000;
    text_append(t, "%s%llu", n < 0 && size ? "−" : "", size / unit);
    while (unit > 1) {
        size %= unit;
        unit /= 1000;
        text_append(t, ",%03llu", size / unit);
    }
}

static void put_percentage(text *t, double share)
{
    text_append(t, "%s", svg_decimal(100 * share, 0).name);
}

void phrase_share(text *t, double share)
{
    if (!isfinite(share)) {
        text_append(t, "unknown");
        return;
    }
    const char *before = share > 0 && share < 0.005 ? "under " : share < 1 && share >= 0.995 ? "over " : "";
    text_append(t, "%s", before);
    put_percentage(t, *before == 'u' ? 0.01 : *before == 'o' ? 0.99 : share);
    text_append(t, " %%");
}

void phrase_share_up(text *t, double share)
{
    phrase_share(t, ceil(100 * share - 1e-9) / 100);
}

/* An interval's ends are rounded outwards, so that it never claims more than it holds. */
void phrase_shares(text *t, double low, double high)
{
    put_percentage(t, floor(100 * low + 1e-9) / 100);
    text_append(t, " to ");
    put_percentage(t, ceil(100 * high - 1e-9) / 100);
    text_append(t, " %%");
}

void phrase_estimate(text *t, double mean, double low, double high, int is_short)
{
    phrase_share(t, mean);
    if (!isfinite(low) || !isfinite(high))
        return;
    text_append(t, is_short ? " (" : " (95 %% interval ");
    phrase_shares(t, low, high);
    text_append(t, ")");
}

/* At least 1. */
static void put_ratio(text *t, double log10_ratio)
{
    double step = pow(10, floor(log10_ratio) - 1);
    double ratio = log10_ratio < 9 ? round(pow(10, log10_ratio) / step) * step : 0;
    if (log10_ratio >= 9)
        text_append(t, "10^%s", svg_decimal(log10_ratio, 0).name);
    else if (ratio >= 1e6)
        text_append(t, "%s million", svg_decimal(ratio / 1e6, ratio < 1e7 ? 1 : 0).name);
    else if (ratio >= 10)
        phrase_count(t, ratio);
    else
        text_append(t, "%s", svg_decimal(ratio, 1).name);
}

void phrase_lr(text *t, double log10_lr)
{
    if (isnan(log10_lr)) {
        text_append(t, "unknown");
        return;
    }
    if (log10_lr < 0)
        text_append(t, "1/");
    put_ratio(t, fabs(log10_lr));
}

void phrase_log10(text *t, double log10_lr)
{
    text_append(t, "%s%s", log10_lr >= 0.005 ? "+" : "", svg_decimal(log10_lr, 2).name);
}

/* Most readers know odds of one in twenty better than 0.95. */
void phrase_chance(text *t, double chance)
{
    static const int of[] = {2, 4, 10, 20, 100};
    for (size_t i = 0; i < sizeof of / sizeof *of; i++)
        if (fabs(chance - (1 - 1.0 / of[i])) < 1e-9) {
            text_append(t, "%d of %d", of[i] - 1, of[i]);
            return;
        }
    text_append(t, "%s %% of", svg_decimal(100 * chance, 1).name);
}

void phrase_p(text *t, double p)
{
    if (p < 0.0001)
        text_append(t, "under 0.0001");
    else
        text_append(t, "%s", svg_decimal(p, p < 0.001 ? 4 : 3).name);
}

void phrase_between(text *t, size_t i, size_t n)
{
    text_append(t, "%s", i == 0 ? "" : i + 1 == n ? " and " : ", ");
}
