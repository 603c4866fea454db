/* The public functions: each checks its arguments and calls the function of the core that does the work. */
#include "adamas/adamas.h"

#include "base/digest.h"
#include "classification/preprocess.h"
#include "dataset/dataset.h"
#include "dataset/scan.h"
#include "import/import.h"
#include "pipeline/step_table.h"
#include "report/public_names.h"
#include "report/report.h"
#include "store/spectra_read.h"
#include "store/spectra_write.h"
#include "training/model_file.h"
#include "training/train.h"
#include "validation/validate.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The first check of a call: clears the error, and sets it if an argument that must be given is NULL. */
static int check_not_null(int all_given, adamas_error *error)
{
    if (error)
        *error = (adamas_error){0};
    if (!all_given)
        status_set(error, ADAMAS_E_ARGUMENT, "an argument that must be given is NULL");
    return all_given;
}

const char *adamas_version(void)
{
    return ADAMAS_VERSION;
}

adamas_status adamas_spectra_read(adamas_spectra **out, const char *path, adamas_error *error)
{
    if (out)
        *out = NULL;
    return check_not_null(out && path, error) ? spectra_read(out, path, error) : ADAMAS_E_ARGUMENT;
}

adamas_status adamas_spectra_lend(adamas_spectra **out, size_t n_shots, size_t n_channels, const float *intensity,
                                  const double *wavelength, adamas_error *error)
{
    if (out)
        *out = NULL;
    return check_not_null(out && intensity && wavelength, error)
               ? spectra_lend(out, n_shots, n_channels, intensity, wavelength, error)
               : ADAMAS_E_ARGUMENT;
}

adamas_status adamas_spectra_stream(adamas_spectra **out, size_t n_shots, size_t n_channels, const double *wavelength,
                                    adamas_row_reader reader, void *data, adamas_error *error)
{
    if (out)
        *out = NULL;
    return check_not_null(out && wavelength && reader, error)
               ? spectra_new(out, "spectra in memory", n_shots, n_channels, wavelength, reader, data, NULL, error)
               : ADAMAS_E_ARGUMENT;
}

adamas_status adamas_spectra_set_text(adamas_spectra *spectra, int32_t which, const char *column, size_t n,
                                      const char *const *values, adamas_error *error)
{
    return check_not_null(spectra && column && values, error)
               ? spectra_set_text(spectra, which, column, n, values, error)
               : ADAMAS_E_ARGUMENT;
}

adamas_status adamas_spectra_set_numbers(adamas_spectra *spectra, int32_t which, const char *column, size_t n,
                                         const double *values, adamas_error *error)
{
    return check_not_null(spectra && column && values, error)
               ? spectra_set_numbers(spectra, which, column, n, values, error)
               : ADAMAS_E_ARGUMENT;
}

adamas_status adamas_spectra_set_fact(adamas_spectra *spectra, const char *name, const char *value, adamas_error *error)
{
    return check_not_null(spectra && name && value, error) ? spectra_set_fact(spectra, name, value, error)
                                                           : ADAMAS_E_ARGUMENT;
}

adamas_status adamas_spectra_set_segments(adamas_spectra *spectra, size_t n, const size_t *first, adamas_error *error)
{
    return check_not_null(spectra && first, error) ? spectra_set_segments(spectra, n, first, error) : ADAMAS_E_ARGUMENT;
}

adamas_status adamas_spectra_write(const adamas_spectra *spectra, const char *path, const adamas_options *options,
                                   adamas_error *error)
{
    if (!check_not_null(spectra && path, error))
        return ADAMAS_E_ARGUMENT;
    work w;
    adamas_status status = work_begin(&w, options, error);
    if (status)
        return status;
    status = spectra_write(spectra, path, &w, error);
    work_end(&w);
    return status;
}

adamas_status adamas_spectra_import(const char *path, const adamas_import *what, const adamas_options *options,
                                    adamas_error *error)
{
    if (!check_not_null(path && what && (!what->n_files || what->files), error))
        return ADAMAS_E_ARGUMENT;
    if (what->struct_size < sizeof *what)
        return status_set(error, ADAMAS_E_ARGUMENT, "adamas_import.struct_size is %zu, %zu expected", what->struct_size,
                          sizeof *what);
    work w;
    adamas_status status = work_begin(&w, options, error);
    if (status)
        return status;
    status = import_files(path, what, &w, error);
    work_end(&w);
    return status;
}

size_t adamas_spectra_shots(const adamas_spectra *spectra)
{
    return spectra->n_shots;
}

size_t adamas_spectra_specimens(const adamas_spectra *spectra)
{
    return spectra->specimens.n_rows;
}

size_t adamas_spectra_channels(const adamas_spectra *spectra)
{
    return spectra->axis.n;
}

const double *adamas_spectra_wavelength(const adamas_spectra *spectra)
{
    return spectra->axis.nm;
}

size_t adamas_spectra_segments(const adamas_spectra *spectra, const size_t **first)
{
    if (first)
        *first = spectra->axis.first;
    return spectra->axis.n_segments;
}

static const table *table_of_spectra(const adamas_spectra *s, int32_t which)
{
    return which == ADAMAS_SHOTS       ? &s->shots
           : which == ADAMAS_SPECIMENS ? &s->specimens
           : which == ADAMAS_SOURCES   ? &s->sources
                                       : NULL;
}

static const adamas_column *column_by_name(const table *t, const char *name)
{
    return t && name ? table_column(t, name) : NULL;
}

static const adamas_column *column_by_index(const table *t, size_t index)
{
    return t ? table_column_at(t, index) : NULL;
}

const adamas_column *adamas_spectra_column(const adamas_spectra *spectra, int32_t which, const char *name)
{
    return column_by_name(table_of_spectra(spectra, which), name);
}

const adamas_column *adamas_spectra_column_at(const adamas_spectra *spectra, int32_t which, size_t index)
{
    return column_by_index(table_of_spectra(spectra, which), index);
}

const char *adamas_spectra_fact(const adamas_spectra *spectra, const char *name)
{
    return spectra_fact(spectra, name);
}

const char *adamas_spectra_fact_at(const adamas_spectra *spectra, size_t index)
{
    const adamas_column *column = table_column_at(&spectra->facts, index);
    return column ? column->name : NULL;
}

adamas_status adamas_spectra_rows(const adamas_spectra *spectra, uint64_t first, uint64_t n, float *out,
                                  adamas_error *error)
{
    return check_not_null(spectra && out, error) ? spectra_rows(spectra, first, n, out, error) : ADAMAS_E_ARGUMENT;
}

adamas_status adamas_spectra_screen(const adamas_spectra *spectra, uint8_t *fate, const adamas_options *options,
                                    adamas_error *error)
{
    if (!check_not_null(spectra && fate, error))
        return ADAMAS_E_ARGUMENT;
    work w;
    adamas_status status = work_begin(&w, options, error);
    if (status)
        return status;
    status = dataset_screen_set(spectra, fate, &w, error);
    work_end(&w);
    return status;
}

void adamas_spectra_free(adamas_spectra *spectra)
{
    spectra_free(spectra);
}

adamas_status adamas_method_parse(adamas_method **out, const char *typed, adamas_error *error)
{
    if (out)
        *out = NULL;
    return check_not_null(out != NULL, error) ? compiled_method_make(out, typed, error) : ADAMAS_E_ARGUMENT;
}

const char *adamas_method_text(const adamas_method *m)
{
    return m->text;
}

const char *adamas_method_canonical(const adamas_method *m)
{
    return m->canonical;
}

int32_t adamas_method_is_fitted(const adamas_method *m)
{
    return compiled_method_is_fitted(m);
}

const char *adamas_method_step(size_t index, char usage[256])
{
    return step_table_describe(index, usage);
}

void adamas_method_free(adamas_method *m)
{
    compiled_method_free(m);
}

static int any_null(const adamas_spectra *const *libraries, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!libraries || !libraries[i])
            return 1;
    return 0;
}

adamas_status adamas_model_train(adamas_model **out, const adamas_method *m, const adamas_spectra *const *libraries,
                                 size_t n_libraries, int32_t level, const adamas_options *options, adamas_error *error)
{
    if (out)
        *out = NULL;
    if (!check_not_null(out && m && !any_null(libraries, n_libraries), error))
        return ADAMAS_E_ARGUMENT;
    work w;
    adamas_status status = work_begin(&w, options, error);
    if (status)
        return status;
    status = model_train(out, m, libraries, n_libraries, level, &w, error);
    work_end(&w);
    return status;
}

adamas_status adamas_model_read(adamas_model **out, const char *path, adamas_error *error)
{
    if (out)
        *out = NULL;
    if (!check_not_null(out && path, error))
        return ADAMAS_E_ARGUMENT;
    work w; /* the parcel's reference is computed on one thread of BLAS, whatever number the host program has set */
    adamas_status status = work_begin(&w, NULL, error);
    if (status)
        return status;
    status = model_read(out, path, error);
    work_end(&w);
    return status;
}

adamas_status adamas_model_write(const adamas_model *model, const char *path, adamas_error *error)
{
    return check_not_null(model && path, error) ? model_write(model, path, error) : ADAMAS_E_ARGUMENT;
}

adamas_status adamas_model_preprocess(adamas_spectra **out, const adamas_model *model, const adamas_spectra *spectra,
                                      const adamas_options *options, adamas_error *error)
{
    if (out)
        *out = NULL;
    if (!check_not_null(out && model && spectra, error))
        return ADAMAS_E_ARGUMENT;
    work w;
    adamas_status status = work_begin(&w, options, error);
    if (status)
        return status;
    status = model_preprocess(out, model, spectra, &w, error);
    work_end(&w);
    return status;
}

/* A program that was built before adamas_question had the member `answer` passes a shorter struct. */
static adamas_status copy_question(adamas_question *q, const adamas_question *question, adamas_error *error)
{
    *q = (adamas_question)ADAMAS_QUESTION_INIT;
    if (!question)
        return ADAMAS_OK;
    size_t size = question->struct_size;
    if (size < offsetof(adamas_question, answer))
        return status_set(error, ADAMAS_E_ARGUMENT, "adamas_question.struct_size is %zu, %zu expected", size,
                          sizeof *q);
    memcpy(q, question, size < sizeof *q ? offsetof(adamas_question, answer) : sizeof *q);
    if (!(q->epsilon > 0 && q->epsilon < 1))
        return status_set(error, ADAMAS_E_ARGUMENT, "epsilon is %g, above 0 and below 1 expected", q->epsilon);
    if (q->answer < ADAMAS_ANSWER_PARCEL || q->answer > ADAMAS_ANSWER_DENSITIES)
        return status_set(error, ADAMAS_E_ARGUMENT, "answer is %d, 0 to 2 expected", (int)q->answer);
    return ADAMAS_OK;
}

adamas_status adamas_model_classify(adamas_report **out, const adamas_model *model, const adamas_spectra *parcel,
                                    const adamas_question *question, const adamas_options *options, adamas_error *error)
{
    if (out)
        *out = NULL;
    if (!check_not_null(out && model && parcel, error))
        return ADAMAS_E_ARGUMENT;
    work w;
    report_result found = {.kind = REPORT_CLASSIFICATION};
    adamas_question asked;
    adamas_status status = copy_question(&asked, question, error);
    if (!status)
        status = work_begin(&w, options, error);
    if (status)
        return status;
    status = model_classify(&found.classification, model, parcel, &asked, &w, error);
    if (!status)
        status = report_make(out, &found, error);
    work_end(&w);
    return status;
}

static adamas_status check_plan(const adamas_plan *p, adamas_error *error)
{
    if (p->struct_size < sizeof *p)
        return status_set(error, ADAMAS_E_ARGUMENT, "adamas_plan.struct_size is %zu, %zu expected", p->struct_size,
                          sizeof *p);
    if (p->parcel < 1 || p->parcel > 1000000000)
        return status_set(error, ADAMAS_E_ARGUMENT, "a parcel of %llu stones, 1 to 1000000000 expected",
                          (unsigned long long)p->parcel);
    if (!(p->share > 0 && p->share < 1 && p->confidence > 0 && p->confidence < 1))
        return status_set(error, ADAMAS_E_ARGUMENT, "share %g and confidence %g: above 0 and below 1 expected",
                          p->share, p->confidence);
    return ADAMAS_OK;
}

adamas_status adamas_model_plan(adamas_report **out, const adamas_model *model, const adamas_plan *plan,
                                const adamas_options *options, adamas_error *error)
{
    if (out)
        *out = NULL;
    if (!check_not_null(out && model && plan, error))
        return ADAMAS_E_ARGUMENT;
    work w;
    report_result found = {.kind = REPORT_PLAN};
    adamas_status status = check_plan(plan, error);
    if (!status)
        status = work_begin(&w, options, error);
    if (status)
        return status;
    status = model_plan(&found.plan, model, plan, &w, error);
    if (!status)
        status = report_make(out, &found, error);
    work_end(&w);
    return status;
}

adamas_status adamas_model_validate(adamas_report **out, const adamas_method *m, const adamas_spectra *const *libraries,
                                    size_t n_libraries, const adamas_protocol *protocol, const adamas_options *options,
                                    adamas_error *error)
{
    static const adamas_protocol defaults = ADAMAS_PROTOCOL_INIT;
    if (out)
        *out = NULL;
    if (!check_not_null(out && m && !any_null(libraries, n_libraries), error))
        return ADAMAS_E_ARGUMENT;
    if (protocol && protocol->struct_size < sizeof *protocol)
        return status_set(error, ADAMAS_E_ARGUMENT, "adamas_protocol.struct_size is %zu, %zu expected",
                          protocol->struct_size, sizeof *protocol);
    work w;
    report_result found = {.kind = REPORT_VALIDATION};
    adamas_status status = work_begin(&w, options, error);
    if (status)
        return status;
    status = model_validate(&found.validation, m, libraries, n_libraries, protocol ? protocol : &defaults, &w, error);
    if (!status)
        status = report_make(out, &found, error);
    work_end(&w);
    return status;
}

const double *adamas_model_wavelength(const adamas_model *model, size_t *n_channels)
{
    if (n_channels)
        *n_channels = model->fitted.classifier.fit.pipeline.out.n;
    return model->fitted.classifier.fit.pipeline.out.nm;
}

adamas_status adamas_model_components(adamas_components *out, const adamas_model *model, adamas_error *error)
{
    if (!check_not_null(out && model, error))
        return ADAMAS_E_ARGUMENT;
    if (out->struct_size < sizeof *out)
        return status_set(error, ADAMAS_E_ARGUMENT, "adamas_components.struct_size is %zu, %zu expected",
                          out->struct_size, sizeof *out);
    const pca *p = &model->fitted.classifier.fit.pca;
    if (!p->n_components)
        return status_set(error, ADAMAS_E_METHOD, "the model's method has no pca: %s", model->compiled_method->text);
    *out = (adamas_components){out->struct_size, p->n_components, p->n_channels,    p->components,
                               p->mean,          p->variance,     p->total_variance};
    return ADAMAS_OK;
}

const adamas_column *adamas_model_column(const adamas_model *model, int32_t which, const char *name)
{
    return column_by_name(which == ADAMAS_ORIGINS   ? &model->origins
                          : which == ADAMAS_SOURCES ? &model->sources
                                                    : NULL,
                          name);
}

const char *adamas_model_fact(const adamas_model *model, const char *name)
{
    return facts_get(&model->facts, name);
}

void adamas_model_free(adamas_model *model)
{
    model_free(model);
}

const char *adamas_report_json(const adamas_report *report)
{
    const char *form;
    return report_form(&form, report, 0, NULL) ? NULL : form;
}

const char *adamas_report_html(const adamas_report *report)
{
    const char *form;
    return report_form(&form, report, 1, NULL) ? NULL : form;
}

adamas_status adamas_report_write(const adamas_report *report, const char *path, adamas_error *error)
{
    return check_not_null(report && path, error) ? report_write(report, path, error) : ADAMAS_E_ARGUMENT;
}

static const table *table_of_report(const adamas_report *r, int32_t which)
{
    return which >= 0 && which < REPORT_TABLES ? &r->tables.tables[which] : NULL;
}

const adamas_column *adamas_report_column(const adamas_report *report, int32_t which, const char *name)
{
    return column_by_name(table_of_report(report, which), name);
}

const adamas_column *adamas_report_column_at(const adamas_report *report, int32_t which, size_t index)
{
    return column_by_index(table_of_report(report, which), index);
}

double adamas_report_number(const adamas_report *report, const char *name)
{
    const adamas_column *column = column_by_name(&report->tables.numbers, name);
    return column ? column->number[0] : NAN;
}

const char *adamas_report_fact(const adamas_report *report, const char *name)
{
    return facts_get(&report->tables.facts, name);
}

const char *adamas_report_warning(const adamas_report *report, size_t index)
{
    return index < report->tables.warnings.n ? report->tables.warnings.at[index] : NULL;
}

int32_t adamas_report_name(adamas_name *out, size_t index)
{
    if (!out || out->struct_size < sizeof *out)
        return 0;
    for (size_t i = 0; i < n_public_names; i++) {
        const public_name *n = &public_names[i];
        if (n->table != NAME_JSON_ALONE && index-- == 0) {
            *out = (adamas_name){out->struct_size, n->table, n->reports, n->name, n->unit, n->json, n->meaning};
            return 1;
        }
    }
    return 0;
}

void adamas_report_free(adamas_report *report)
{
    report_free(report);
}

adamas_status adamas_file_kind(int32_t *kind, const char *path, adamas_error *error)
{
    if (!check_not_null(kind && path, error))
        return ADAMAS_E_ARGUMENT;
    store *s;
    adamas_status status = store_open(&s, path, error);
    if (status)
        return status;
    char *model = NULL;
    status = store_attribute(s, "/", model_attribute, &model, error);
    *kind = model ? ADAMAS_FILE_MODEL : ADAMAS_FILE_SPECTRA;
    if (!status && !model && !store_has(s, "/entry/data"))
        status = status_set(error, ADAMAS_E_FORMAT, "%s: neither a spectra set nor a model: no /entry/data, no @%s",
                            path, model_attribute);
    free(model);
    store_close(s);
    return status;
}

adamas_status adamas_file_sha256(char hex[65], const char *path, adamas_error *error)
{
    return check_not_null(hex && path, error) ? digest_file(hex, path, NULL, error) : ADAMAS_E_ARGUMENT;
}
