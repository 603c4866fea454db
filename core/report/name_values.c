/* The values behind the public names of a report. */
#include "report/name_values.h"

#include <math.h>
#include <string.h>

static const name_view not_there = {0};

static name_view scalar(int is_there, const void *at)
{
    return is_there ? (name_view){at, 1, 1} : not_there;
}

static name_view rows(int is_there, const void *at, size_t n_rows, size_t n_columns)
{
    return is_there ? (name_view){at, n_rows, n_columns} : not_there;
}

static name_view find_in_classification(name_section section, const classification *c)
{
    size_t n = c->specimens.n_specimens, n_origins = c->origins.n, n_shares = c->composition.n_shares;
    int is_tested = c->declared_test.n_limits > 0;
    switch (section) {
    case SECTION_CLASSIFICATION:
        return rows(1, c, n_origins, 1);
    case SECTION_CLASSIFICATION_EVIDENCE:
        return rows(c->specimens.has_evidence, c, n_origins, 1);
    case SECTION_PARCEL:
        return scalar(1, &c->parcel);
    case SECTION_CONTROLS:
        return rows(c->controls.known.n > 0, &c->controls, n, 1);
    case SECTION_ELLIPSES:
        return rows(c->plane.n_library > 0, c->plane.ellipses, n_origins, 1);
    case SECTION_PLANE_LIBRARY:
        return rows(c->plane.n_library > 0, c->plane.library, c->plane.n_library, 1);
    case SECTION_PLANE_SPECIMENS:
        return rows(c->plane.specimens != NULL, c->plane.specimens, n, 1);
    case SECTION_COMPOSITION:
        return scalar(n_shares > 0, &c->composition);
    case SECTION_SHARES:
        return rows(n_shares > 0, c->composition.shares, n_shares, 1);
    case SECTION_SHARES_CARATS:
        return rows(c->composition.has_carats, c->composition.shares, n_shares, 1);
    case SECTION_SHARES_WHOLE:
        return rows(c->composition.has_whole, c->composition.shares, n_shares, 1);
    case SECTION_POSTERIOR:
        return rows(n_shares > 0, &c->composition, n, n_shares);
    case SECTION_DECLARED_TEST:
        return scalar(is_tested, &c->declared_test);
    case SECTION_DECLARED_SPECIMENS:
        return rows(is_tested, &c->declared_test, n, 1);
    case SECTION_LIMITS:
        return rows(is_tested, c->declared_test.limits, c->declared_test.n_limits, 1);
    case SECTION_SPECTRUM:
        return rows(c->spectrum.n_channels > 0, &c->spectrum, c->spectrum.n_channels, n_origins);
    default:
        return not_there;
    }
}

static name_view find_in_validation(name_section section, const validation_result *v)
{
    size_t n_origins = v->origins.n;
    int has_evidence = v->specimens.has_evidence;
    int says_of_features = v->audit.n_features > 0;
    switch (section) {
    case SECTION_VALIDATION:
        return scalar(1, v);
    case SECTION_FOLD_NAMES:
        return rows(1, &v->fold_names, v->fold_names.n, 1);
    case SECTION_FOLDS:
        return rows(1, v->folds, v->fold_names.n, 1);
    case SECTION_CONFUSION:
        return rows(1, v, n_origins, n_origins);
    case SECTION_ANSWERS:
        return rows(has_evidence, v, n_origins, n_origins + 2);
    case SECTION_PERFORMANCE:
        return scalar(has_evidence, &v->performance);
    case SECTION_ORIGIN_PERFORMANCE:
        return rows(has_evidence, v->origin_performance, n_origins, 1);
    case SECTION_COVERAGE:
        return scalar(has_evidence, &v->coverage);
    case SECTION_COVERAGE_LEVELS:
        return rows(has_evidence, v->coverage_levels, COVERAGE_LEVELS, 1);
    case SECTION_OPEN_SET:
        return rows(v->open_set != NULL, v->open_set, n_origins, 1);
    case SECTION_CASES:
        return rows(v->cases != NULL, v->cases, CROSSED_CASES, 1);
    case SECTION_CASES_EVIDENCE:
        return rows(v->cases != NULL && v->cases_have_evidence, v->cases, CROSSED_CASES, 1);
    case SECTION_TIPPETT:
        return rows(v->curves != NULL, v->curves, TIPPETT_THRESHOLDS, 1);
    case SECTION_RELIABILITY:
        return rows(v->curves != NULL, v->curves, RELIABILITY_BINS, 1);
    case SECTION_CROSS_ENTROPY:
        return rows(v->curves != NULL, v->curves, CROSS_ENTROPY_PRIORS, 1);
    case SECTION_AUDIT:
        return scalar(says_of_features || v->audit.has_session, &v->audit);
    case SECTION_AUDIT_FEATURES:
        return scalar(says_of_features, &v->audit);
    case SECTION_AUDIT_SESSION:
        return scalar(v->audit.has_session, &v->audit);
    default:
        return not_there;
    }
}

/* What a classification and a validation have in common. */
static name_view find_in_specimens(name_section section, const report_result *r)
{
    const specimen_results *v = report_specimens(r);
    size_t n = v->n_specimens, n_origins = v->n_origins;
    switch (section) {
    case SECTION_SPECIMENS:
        return rows(1, v, n, n_origins);
    case SECTION_MASSES:
        return rows(v->mass_ct != NULL, v, n, 1);
    case SECTION_CLASS_MODELS:
        return rows(specimen_results_has_class_models(v), v, n, n_origins);
    case SECTION_EVIDENCE:
        return rows(v->has_evidence, v, n, n_origins);
    case SECTION_EPSILON:
        return scalar(v->has_evidence || r->kind == REPORT_CLASSIFICATION, v);
    case SECTION_ORIGINS:
        return rows(1, report_origins(r), n_origins, 1);
    case SECTION_ORIGIN_EVIDENCE:
        return rows(v->has_evidence, v, n_origins, 1);
    default:
        return r->kind == REPORT_CLASSIFICATION ? find_in_classification(section, &r->classification)
                                                : find_in_validation(section, &r->validation);
    }
}

static name_view find_section(name_section section, const report_result *r)
{
    const model_description *m = report_model(r);
    switch (section) {
    case SECTION_REPORT:
        return scalar(1, r);
    case SECTION_MODEL:
        return scalar(1, m);
    case SECTION_COMPONENTS:
        return scalar(m->has_components, m);
    case SECTION_LIBRARIES:
        return rows(1, m, m->library_files.n, 1);
    case SECTION_PLAN:
        return scalar(1, &r->plan);
    case SECTION_PLAN_ROWS:
        return rows(1, &r->plan.plan, r->plan.plan.n_sizes, 1);
    default:
        return r->kind == REPORT_PLAN ? not_there : find_in_specimens(section, r);
    }
}

name_view name_find(const public_name *n, const report_result *r)
{
    name_view found = n->reports & (int)r->kind ? find_section(n->section, r) : not_there;
    if (n->table == ADAMAS_NUMBERS || n->table == ADAMAS_FACTS)
        found.n_rows = 1;
    if (!n->by_origin)
        found.n_columns = 1;
    return found;
}

/* Bytes of a value in an array. */
static size_t size_of(value_type type)
{
    return type == VALUE_DOUBLE ? sizeof(double)
           : type == VALUE_SIZE ? sizeof(size_t)
           : type == VALUE_INT  ? sizeof(int)
           : type == VALUE_BYTE ? 1
                                : sizeof(char *);
}

static const void *place_of(const public_name *n, const name_view *view, size_t row, size_t column)
{
    const char *at = (const char *)view->at + n->offset;
    if (!n->is_array)
        return at + row * n->stride;
    return *(const char *const *)at + (row * view->n_columns + column) * size_of(n->type);
}

double name_number(const public_name *n, const report_result *r, const name_view *view, size_t row, size_t column)
{
    if (n->number)
        return n->number(r, row, column);
    const void *at = place_of(n, view, row, column);
    return n->type == VALUE_DOUBLE ? *(const double *)at
           : n->type == VALUE_SIZE ? (double)*(const size_t *)at
           : n->type == VALUE_INT  ? *(const int *)at
                                   : *(const unsigned char *)at;
}

int name_is_text(const public_name *n)
{
    return n->text || n->cell_text || (n->type == VALUE_TEXT && !n->number);
}

void name_text(text *out, const public_name *n, const report_result *r, const name_view *view, size_t row,
               size_t column)
{
    if (n->text) {
        n->text(out, r);
        return;
    }
    if (n->cell_text) {
        n->cell_text(out, r, row, column);
        return;
    }
    const char *found = *(const char *const *)place_of(n, view, row, column);
    if (found && *found)
        text_append(out, "%s", found);
}

const char *name_of_column(const public_name *n, const report_result *r, size_t column)
{
    const text_list *origins = report_origins(r);
    if (column < origins->n)
        return origins->at[column];
    if (n->section == SECTION_POSTERIOR)
        return report_share_name(&r->classification, column);
    return column == origins->n ? "not resolved" : "none";
}
