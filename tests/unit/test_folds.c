/* Inner and outer folds: spread, groups, refusals. */
#include "dataset/crossed_folds.h"
#include "dataset/inner_folds.h"
#include "dataset/protocol_folds.h"
#include "dataset/scan.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { max_specimens = 64, n_channels = 4 };

/* A library of specimens s0, s1, ..., two shots each: the first shots of all, then the second ones. */
typedef struct library {
    adamas_spectra *set;
    dataset c;
    work w;
    float rows[2 * max_specimens * n_channels];
    char ids[max_specimens][24];
} library;

static void make(library *l, size_t n, const char *const *origins, const char *const *parcels,
                 const char *const *sessions)
{
    static const double nm[n_channels] = {300, 301, 302, 303};
    const char *specimen[2 * max_specimens], *session[2 * max_specimens];
    for (size_t i = 0; i < 2 * n; i++) {
        snprintf(l->ids[i % n], sizeof l->ids[0], "s%zu", i % n);
        specimen[i] = l->ids[i % n];
        session[i] = sessions ? sessions[i % n] : "";
        for (size_t k = 0; k < n_channels; k++)
            l->rows[i * n_channels + k] = (float)(1 + k);
    }
    cr_assert_eq(work_begin(&l->w, NULL, NULL), ADAMAS_OK);
    cr_assert_eq(spectra_lend(&l->set, 2 * n, n_channels, l->rows, nm, NULL), ADAMAS_OK);
    cr_assert_eq(spectra_set_text(l->set, ADAMAS_SHOTS, "specimen", 2 * n, specimen, NULL), ADAMAS_OK);
    if (sessions)
        cr_assert_eq(spectra_set_text(l->set, ADAMAS_SHOTS, "session", 2 * n, session, NULL), ADAMAS_OK);
    cr_assert_eq(spectra_set_text(l->set, ADAMAS_SPECIMENS, "origin", n, origins, NULL), ADAMAS_OK);
    if (parcels)
        cr_assert_eq(spectra_set_text(l->set, ADAMAS_SPECIMENS, "parcel", n, parcels, NULL), ADAMAS_OK);
    cr_assert_eq(dataset_make(&l->c, (const adamas_spectra *const *)&l->set, 1, 1, NULL), ADAMAS_OK);
    cr_assert_eq(dataset_screen(&l->c, &l->w, NULL), ADAMAS_OK);
}

static void unmake(library *l)
{
    dataset_clear(&l->c);
    spectra_free(l->set);
    work_end(&l->w);
}

/* n specimens of origins A, B and C; C has two. */
static void make_three_origins(library *l, size_t n)
{
    const char *origins[max_specimens];
    for (size_t i = 0; i < n; i++)
        origins[i] = i == 3 || i == 9 ? "C" : i % 2 ? "A" : "B";
    make(l, n, origins, NULL, NULL);
}

/* The specimens of an origin differ in number by at most one between folds; no fold is empty. */
static void spread_evenly(const folds *f, const dataset *c, const unsigned char *training)
{
    for (size_t o = 0; o < c->n_origins; o++) {
        size_t count[max_specimens] = {0}, fewest = SIZE_MAX, largest = 0;
        for (size_t k = 0; k < f->n_specimens; k++)
            if (training[k] && c->origin[k] == o)
                count[f->fold[k]]++;
        for (size_t i = 0; i < f->n_folds; i++) {
            fewest = count[i] < fewest ? count[i] : fewest;
            largest = count[i] > largest ? count[i] : largest;
        }
        cr_assert_leq(largest, fewest + 1);
    }
    for (size_t i = 0; i < f->n_folds; i++) {
        size_t held = 0;
        for (size_t k = 0; k < f->n_specimens; k++)
            held += f->fold[k] == (int)i;
        cr_assert_gt(held, 0);
    }
}

Test(folds, inner_folds_spread_origins)
{
    library l;
    make_three_origins(&l, 25);
    unsigned char training[max_specimens];
    memset(training, 1, sizeof training);
    for (size_t n = 2; n < 30; n += 3) {
        folds f;
        cr_assert_eq(folds_inner(&f, &l.c, training, NULL, n, NULL), ADAMAS_OK);
        cr_assert_eq(f.n_folds, n < 25 ? n : 25);
        spread_evenly(&f, &l.c, training);
        cr_assert_neq(f.fold[3], f.fold[9]); /* the two of C */
        for (size_t k = 0; k < 25; k++)
            cr_assert(f.fold[k] >= 0 && (size_t)f.fold[k] < f.n_folds);
        folds_clear(&f);
        folds_clear(&f);
    }
    unmake(&l);
}

Test(folds, what_does_not_train_or_is_needed_is_never_left_out)
{
    library l;
    make_three_origins(&l, 12);
    unsigned char training[12];
    memset(training, 1, sizeof training);
    training[5] = training[3] = 0; /* 9 is the last of C */
    folds f;
    cr_assert_eq(folds_inner(&f, &l.c, training, NULL, 5, NULL), ADAMAS_OK);
    cr_assert_eq(f.n_folds, 5);
    for (size_t k = 0; k < 12; k++)
        if (k == 3 || k == 5 || k == 9)
            cr_assert_eq(f.fold[k], FOLD_NONE);
        else
            cr_assert(f.fold[k] >= 0 && f.fold[k] < 5);
    folds_clear(&f);
    unmake(&l);
}

/* Six groups of two or three, two to four an origin; dealt to more folds than an origin has groups. */
Test(folds, groups_are_not_split)
{
    static const char *const origins[] = {"A", "A", "A", "B", "B", "B", "B", "A", "B", "A", "B", "B", "A", "B"};
    const size_t group[] = {0, 0, 1, 2, 2, 3, 3, 1, 4, 0, 5, 5, 1, 4};
    library l;
    make(&l, 14, origins, NULL, NULL);
    unsigned char training[14];
    memset(training, 1, sizeof training);
    for (size_t n = 2; n < 8; n++) {
        folds f;
        int of_group[6];
        cr_assert_eq(folds_inner(&f, &l.c, training, group, n, NULL), ADAMAS_OK);
        cr_assert_eq(f.n_folds, n < 6 ? n : 6);
        for (size_t k = 0; k < 14; k++)
            of_group[group[k]] = f.fold[k];
        for (size_t k = 0; k < 14; k++)
            cr_assert_eq(f.fold[k], of_group[group[k]]);
        cr_assert_neq(of_group[0], of_group[1]);
        for (size_t a = 2; n >= 4 && a < 6; a++)
            for (size_t b = a + 1; b < 6; b++)
                cr_assert_neq(of_group[a], of_group[b], "groups %zu and %zu of %zu folds", a, b, n);
        folds_clear(&f);
    }
    unmake(&l);
}

/* Group 0 holds all of A and one of B. It must never be left out, nor its B: a group is not split. */
Test(folds, a_group_of_two_origins_is_not_split_either)
{
    static const char *const origins[] = {"A", "B", "B", "B", "B"};
    const size_t group[] = {0, 0, 1, 2, 3};
    library l;
    make(&l, 5, origins, NULL, NULL);
    unsigned char training[5];
    memset(training, 1, sizeof training);
    folds f;
    cr_assert_eq(folds_inner(&f, &l.c, training, group, 4, NULL), ADAMAS_OK);
    cr_assert_eq(f.fold[0], FOLD_NONE);
    cr_assert_eq(f.fold[1], FOLD_NONE);
    for (size_t k = 2; k < 5; k++)
        cr_assert_neq(f.fold[k], FOLD_NONE);
    folds_clear(&f);
    unmake(&l);
}

static folds outer(const library *l, int32_t leave, int32_t n, uint64_t seed)
{
    adamas_protocol protocol = {.struct_size = sizeof protocol, .leave = leave, .folds = n};
    adamas_error error = {0};
    folds f;
    cr_assert_eq(folds_of_protocol(&f, &l->c, &protocol, seed, &error), ADAMAS_OK, "%s", error.message);
    return f;
}

Test(folds, outer_folds_by_seed)
{
    library l;
    make_three_origins(&l, 40);
    unsigned char all[max_specimens];
    memset(all, 1, sizeof all);
    size_t differ = 0;
    for (uint64_t seed = 1; seed < 6; seed++) {
        folds a = outer(&l, ADAMAS_LEAVE_FOLDS, 7, seed), b = outer(&l, ADAMAS_LEAVE_FOLDS, 7, seed);
        folds other = outer(&l, ADAMAS_LEAVE_FOLDS, 7, seed + 100);
        cr_assert_eq(a.n_folds, 7);
        cr_assert_arr_eq(a.fold, b.fold, 40 * sizeof *a.fold);
        differ += memcmp(a.fold, other.fold, 40 * sizeof *a.fold) != 0;
        spread_evenly(&a, &l.c, all);
        cr_assert_str_eq(a.names[0], "fold 1");
        cr_assert_str_eq(a.names[6], "fold 7");
        cr_assert_eq(a.n_groups, 40);
        folds_clear(&a);
        folds_clear(&b);
        folds_clear(&other);
    }
    cr_assert_eq(differ, 5);
    folds f = outer(&l, ADAMAS_LEAVE_FOLDS, 1000, 1);
    cr_assert_eq(f.n_folds, 40);
    folds_clear(&f);
    unmake(&l);
}

static void are(folds f, size_t n, const int *fold, const char *const *names)
{
    for (size_t k = 0; k < f.n_specimens; k++) {
        cr_assert_eq(f.fold[k], fold[k], "specimen %zu: %d", k, f.fold[k]);
        cr_assert_eq(f.group[k], (size_t)fold[k]);
    }
    cr_assert_eq(f.n_folds, n);
    cr_assert_eq(f.n_groups, n);
    for (size_t i = 0; i < n; i++)
        cr_assert_str_eq(f.names[i], names[i]);
    folds_clear(&f);
}

Test(folds, what_is_left_out)
{
    static const char *const origins[] = {"A/x", "B/x", "A/y", "B/y", "A/x", "B/x"};
    static const char *const parcels[] = {"p", "p", "q", "q", "r", "r"};
    static const char *const sessions[] = {"mon", "tue", "tue", "mon", "tue", "tue"};
    library l;
    make(&l, 6, origins, parcels, sessions);
    are(outer(&l, ADAMAS_LEAVE_SPECIMEN, 0, 1), 6, (int[]){0, 1, 2, 3, 4, 5},
        (const char *[]){"s0", "s1", "s2", "s3", "s4", "s5"});
    are(outer(&l, ADAMAS_LEAVE_LOCALITY, 0, 1), 4, (int[]){0, 1, 2, 3, 0, 1},
        (const char *[]){"A/x", "B/x", "A/y", "B/y"});
    are(outer(&l, ADAMAS_LEAVE_PARCEL, 0, 1), 3, (int[]){0, 0, 1, 1, 2, 2}, (const char *[]){"p", "q", "r"});
    are(outer(&l, ADAMAS_LEAVE_SESSION, 0, 1), 2, (int[]){0, 1, 1, 0, 1, 1}, (const char *[]){"mon", "tue"});
    unmake(&l);
}

static void refuses(const library *l, int32_t leave, int32_t n, adamas_status status, const char *message)
{
    adamas_protocol protocol = {.struct_size = sizeof protocol, .leave = leave, .folds = n};
    adamas_error error = {0};
    folds f;
    cr_assert_eq(folds_of_protocol(&f, &l->c, &protocol, 1, &error), status);
    cr_assert_str_eq(error.message, message);
    cr_assert(!f.fold && !f.names && !f.group);
}

Test(folds, refusals)
{
    library l;
    make(&l, 4, (const char *[]){"A", "A", "B", "B"}, (const char *[]){"p", "q", "q", "q"}, NULL);
    refuses(&l, 7, 2, ADAMAS_E_ARGUMENT, "protocol: leave is 7, 0 to 6 expected");
    refuses(&l, -1, 2, ADAMAS_E_ARGUMENT, "protocol: leave is -1, 0 to 6 expected");
    refuses(&l, ADAMAS_LEAVE_FOLDS, 1, ADAMAS_E_ARGUMENT, "protocol: folds is 1, at least 2 expected");
    refuses(&l, ADAMAS_LEAVE_PARCEL, 0, ADAMAS_E_DATA,
            "spectra in memory: origin 'B' lies in one parcel alone ('q'), leaving it out needs 2");
    refuses(&l, ADAMAS_LEAVE_LOCALITY, 0, ADAMAS_E_DATA,
            "spectra in memory: origin 'A' lies in one locality alone ('A'), leaving it out needs 2");
    refuses(&l, ADAMAS_LEAVE_SESSION, 0, ADAMAS_E_DATA,
            "spectra in memory: specimen 's0' has no session, and sessions are to be left out in turn");
    static const char *const sessions[] = {"mon", "mon", "tue", "tue", "mon", "tue", "tue", "tue"};
    cr_assert_eq(spectra_set_text(l.set, ADAMAS_SHOTS, "session", 8, sessions, NULL), ADAMAS_OK);
    refuses(&l, ADAMAS_LEAVE_SESSION, 0, ADAMAS_E_DATA,
            "spectra in memory: specimen 's1' was measured in sessions 'mon' and 'tue': to leave out sessions, each "
            "specimen must be of one");
    unmake(&l);
    make(&l, 4, (const char *[]){"A", "A", "B", "A"}, (const char *[]){"p", "q", "", "q"}, NULL);
    refuses(&l, ADAMAS_LEAVE_FOLDS, 2, ADAMAS_E_DATA,
            "spectra in memory: origin 'B' has 1 specimen, validation needs at least 2");
    refuses(&l, ADAMAS_LEAVE_SPECIMEN, 0, ADAMAS_E_DATA,
            "spectra in memory: origin 'B' has 1 specimen, validation needs at least 2");
    refuses(&l, ADAMAS_LEAVE_PARCEL, 0, ADAMAS_E_DATA,
            "spectra in memory: specimen 's2' has no parcel, and parcels are to be left out in turn");
    unmake(&l);
    make(&l, 3, (const char *[]){"A/x", "A/y", "A/z"}, NULL, NULL);
    refuses(&l, ADAMAS_LEAVE_SPECIMEN, 0, ADAMAS_E_DATA,
            "spectra in memory: one origin found ('A'), at least 2 expected");
    unmake(&l);
}

Test(folds, names_for_the_report)
{
    static const char *const names[] = {"folds", "specimen", "locality", "session", "parcel"};
    for (int32_t leave = ADAMAS_LEAVE_FOLDS; leave <= ADAMAS_LEAVE_PARCEL; leave++)
        cr_assert_str_eq(folds_leave_name(leave), names[leave]);
    cr_assert_str_eq(folds_leave_name(ADAMAS_LEAVE_LOCALITY_SESSION), "locality and session");
}

/* Four localities of each origin, crossed with four sessions: a classifier sees neither a fold's localities nor
 * its sessions, and each specimen is in one fold. */
static void make_crossed(library *l, size_t n, int in_own_session)
{
    static const char *const origin[] = {"A/1", "B/1", "A/2", "B/2", "A/3", "B/3", "A/4", "B/4"};
    static const char *const session[] = {"s1", "s2", "s3", "s4", "s5", "s6", "s7", "s8"};
    const char *origins[max_specimens], *sessions[max_specimens];
    for (size_t i = 0; i < n; i++) {
        origins[i] = origin[i % 8];
        sessions[i] = session[in_own_session ? i % 8 : (i / 8 + i % 8) % 4];
    }
    make(l, n, origins, NULL, sessions);
}

Test(folds, sessions_are_held_out_with_localities)
{
    library l;
    folds f;
    unsigned char training[max_specimens], inner[max_specimens];
    make_crossed(&l, 64, 0);
    memset(training, 1, sizeof training);
    training[5] = 0;
    cr_assert_eq(folds_inner(&f, &l.c, training, l.c.locality, 12, NULL), ADAMAS_OK);
    cr_assert(f.n_folds == 12 && f.n_session_parts == CROSSED_SESSION_PARTS);
    for (size_t fold = 0; fold < f.n_folds; fold++) {
        size_t held = 0, left = 0;
        folds_training(&f, training, fold, inner);
        cr_assert_not(inner[5]);
        for (size_t k = 0; k < 64; k++) {
            left += inner[k];
            if (f.fold[k] != (int)fold)
                continue;
            held++;
            for (size_t j = 0; j < 64; j++)
                cr_assert_not(inner[j] && (l.c.locality[j] == l.c.locality[k] || l.c.session[j] == l.c.session[k]));
        }
        cr_assert(held > 0 && left > 16);
    }
    folds_clear(&f);
    unmake(&l);
}

/* If each locality has its session, the session is held out with it already. */
Test(folds, a_session_of_one_locality_is_not_held_out_twice)
{
    library l;
    folds f;
    unsigned char training[max_specimens], inner[max_specimens];
    make_crossed(&l, 64, 1);
    memset(training, 1, sizeof training);
    cr_assert_eq(folds_inner(&f, &l.c, training, l.c.locality, 12, NULL), ADAMAS_OK);
    cr_assert(f.n_folds == 8 && f.n_session_parts == 0);
    folds_training(&f, training, 0, inner);
    for (size_t k = 0; k < 64; k++)
        cr_assert_eq(inner[k], f.fold[k] != 0);
    folds_clear(&f);
    unmake(&l);
}

/* Does a classifier know a label of a specimen, from the specimens that it is fitted to? */
static int knows(const unsigned char *training, const size_t *label, size_t n, size_t specimen)
{
    for (size_t j = 0; j < n; j++)
        if (training[j] && label[j] == label[specimen])
            return 1;
    return 0;
}

/* Every specimen is evaluated once in each case, by a classifier to which what is to be new is new and the rest is
 * known. */
static void check_cases(const folds *f, const dataset *c, size_t counts[CROSSED_CASES])
{
    unsigned char training[max_specimens], evaluated[max_specimens];
    size_t times[CROSSED_CASES][max_specimens] = {{0}};
    for (size_t fold = 0; fold < f->n_folds; fold++) {
        folds_training(f, NULL, fold, training);
        for (int which = 0; which < CROSSED_CASES; which++) {
            cr_assert_eq(crossed_folds_case(evaluated, f, c, fold, which, NULL), ADAMAS_OK);
            for (size_t k = 0; k < f->n_specimens; k++) {
                if (!evaluated[k])
                    continue;
                times[which][k]++;
                cr_assert_not(training[k]);
                cr_assert_eq(knows(training, c->locality, f->n_specimens, k), which == CROSSED_SESSION_NEW);
                cr_assert_eq(knows(training, c->session, f->n_specimens, k), which == CROSSED_GROUP_NEW);
            }
        }
    }
    for (int which = 0; which < CROSSED_CASES; which++) {
        counts[which] = 0;
        for (size_t k = 0; k < f->n_specimens; k++) {
            cr_assert_leq(times[which][k], 1);
            counts[which] += times[which][k];
        }
    }
}

Test(folds, localities_and_sessions_are_left_out_together)
{
    library l;
    make_crossed(&l, 64, 0);
    folds f = outer(&l, ADAMAS_LEAVE_LOCALITY_SESSION, 0, 1);
    unsigned char training[max_specimens];
    size_t counts[CROSSED_CASES], held = 0;
    int all[2];
    cr_assert(f.n_folds == 24 && f.n_session_parts == 3 && f.n_groups == 8);
    cr_assert_str_eq(f.names[0], "localities part 1, sessions part 1");
    cr_assert_str_eq(f.names[23], "localities part 8, sessions part 3");
    for (size_t fold = 0; fold < f.n_folds; fold++) {
        folds_training(&f, NULL, fold, training);
        for (size_t k = 0; k < 64; k++) {
            held += f.fold[k] == (int)fold;
            cr_assert_not(f.fold[k] == (int)fold &&
                          (knows(training, l.c.locality, 64, k) || knows(training, l.c.session, 64, k)));
        }
    }
    cr_assert_eq(held, 64);
    check_cases(&f, &l.c, counts);
    for (int which = 0; which < CROSSED_CASES; which++)
        cr_assert_eq(counts[which], 64);
    cr_assert_eq(folds_leave_all_of(&all[0], &f, l.c.locality, l.c.n_localities, NULL), ADAMAS_OK);
    cr_assert_eq(folds_leave_all_of(&all[1], &f, l.c.session, l.c.n_sessions, NULL), ADAMAS_OK);
    cr_assert(all[0] && all[1]);
    folds_clear(&f);
    unmake(&l);
}

/* A/1 was measured in one session, so that no classifier knows the locality and not the session; s5 lies in B/1, so
 * that none knows the session and not the locality. */
Test(folds, what_cannot_be_known_is_in_no_case)
{
    static const char *const origin[] = {"A/1", "B/1", "A/2", "B/2", "A/3", "B/3"};
    static const char *const session[] = {"s1", "s2", "s3", "s4"};
    const char *origins[48], *sessions[48];
    size_t counts[CROSSED_CASES], of_one_session = 0, of_one_locality = 0;
    for (size_t i = 0; i < 48; i++) {
        origins[i] = origin[i % 6];
        sessions[i] = i % 6 == 0 ? "s1" : i == 13 || i == 19 ? "s5" : session[(i / 6 + i % 6) % 4];
        of_one_session += i % 6 == 0;
        of_one_locality += i == 13 || i == 19;
    }
    library l;
    make(&l, 48, origins, NULL, sessions);
    folds f = outer(&l, ADAMAS_LEAVE_LOCALITY_SESSION, 0, 1);
    cr_assert_eq(f.n_folds, 18);
    check_cases(&f, &l.c, counts);
    cr_assert_eq(counts[CROSSED_BOTH_NEW], 48);
    cr_assert_eq(counts[CROSSED_GROUP_NEW], 48 - of_one_locality);
    cr_assert_eq(counts[CROSSED_SESSION_NEW], 48 - of_one_session);
    folds_clear(&f);
    unmake(&l);
}

Test(folds, what_is_left_out_as_a_whole)
{
    library l;
    make_crossed(&l, 64, 0);
    static const struct {
        int32_t leave;
        int localities, sessions;
    } expected[] = {{ADAMAS_LEAVE_SPECIMEN, 0, 0}, {ADAMAS_LEAVE_LOCALITY, 1, 0}, {ADAMAS_LEAVE_SESSION, 0, 1}};
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        int localities, sessions;
        folds f = outer(&l, expected[i].leave, 0, 1);
        cr_assert_eq(folds_leave_all_of(&localities, &f, l.c.locality, l.c.n_localities, NULL), ADAMAS_OK);
        cr_assert_eq(folds_leave_all_of(&sessions, &f, l.c.session, l.c.n_sessions, NULL), ADAMAS_OK);
        cr_assert(localities == expected[i].localities && sessions == expected[i].sessions, "leave %d",
                  (int)expected[i].leave);
        l.c.session[3] = l.c.n_sessions; /* not known */
        cr_assert_eq(folds_leave_all_of(&sessions, &f, l.c.session, l.c.n_sessions, NULL), ADAMAS_OK);
        cr_assert_not(sessions);
        l.c.session[3] = l.c.session[35];
        folds_clear(&f);
    }
    unmake(&l);
    make_crossed(&l, 64, 1);
    int sessions;
    folds f = outer(&l, ADAMAS_LEAVE_LOCALITY, 0, 1);
    cr_assert_eq(folds_leave_all_of(&sessions, &f, l.c.session, l.c.n_sessions, NULL), ADAMAS_OK);
    cr_assert(sessions);
    folds_clear(&f);
    unmake(&l);
}

Test(folds, refusals_of_localities_and_sessions)
{
    const int32_t leave = ADAMAS_LEAVE_LOCALITY_SESSION;
    library l;
    make_crossed(&l, 64, 1);
    refuses(&l, leave, 0, ADAMAS_E_DATA,
            "spectra in memory: each session lies in one locality, so leaving out localities leaves out sessions too");
    unmake(&l);
    make(&l, 4, (const char *[]){"A/1", "A/2", "B/1", "B/2"}, NULL, (const char *[]){"mon", "tue", "mon", "tue"});
    refuses(&l, leave, 0, ADAMAS_E_DATA,
            "spectra in memory: 2 sessions found, leaving out sessions together with localities needs 3");
    unmake(&l);
    make(&l, 4, (const char *[]){"A/1", "A/2", "B/1", "B/2"}, NULL, (const char *[]){"mon", "", "mon", "tue"});
    refuses(&l, leave, 0, ADAMAS_E_DATA,
            "spectra in memory: specimen 's1' has no session, and sessions are to be left out in turn");
    static const char *const sessions[] = {"mon", "tue", "wed", "thu", "mon", "tue", "wed", "wed"};
    cr_assert_eq(spectra_set_text(l.set, ADAMAS_SHOTS, "session", 8, sessions, NULL), ADAMAS_OK);
    refuses(&l, leave, 0, ADAMAS_E_DATA,
            "spectra in memory: specimen 's3' was measured in sessions 'thu' and 'wed': to leave out sessions, each "
            "specimen must be of one");
    unmake(&l);
    const char *origins[24], *days[24];
    for (size_t i = 0; i < 24; i++) {
        origins[i] = (const char *[]){"A/1", "B/1", "B/2", "B/3"}[i % 4];
        days[i] = (const char *[]){"mon", "tue", "wed"}[i % 3];
    }
    make(&l, 24, origins, NULL, days);
    refuses(&l, leave, 0, ADAMAS_E_DATA,
            "spectra in memory: origin 'A' has too few localities and sessions: leaving out some of both together "
            "leaves 0 of its specimens, 2 expected");
    unmake(&l);
}
