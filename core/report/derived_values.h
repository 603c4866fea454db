/* Values that a report derives from a result, in the forms that the table of public names takes. */
#ifndef REPORT_DERIVED_VALUES_H
#define REPORT_DERIVED_VALUES_H

#include "base/text.h"
#include "report/report_result.h"

/* Texts of the report as a whole. */
void derived_kind(text *t, const report_result *r);
void derived_held_out(text *t, const report_result *r);
void derived_leave(text *t, const report_result *r);
void derived_case(text *t, const report_result *r, size_t row, size_t column);
void derived_note(text *t, const report_result *r);
void derived_spectrum_origin(text *t, const report_result *r);
void derived_audit_features(text *t, const report_result *r);
void derived_audit_left_out(text *t, const report_result *r);

/* Texts of a row, and of a column. */
void derived_true_origin(text *t, const report_result *r, size_t row, size_t column);
void derived_answer(text *t, const report_result *r, size_t row, size_t column);
void derived_verbal(text *t, const report_result *r, size_t row, size_t column);
void derived_share_name(text *t, const report_result *r, size_t row, size_t column);
void derived_limit_source(text *t, const report_result *r, size_t row, size_t column);
void derived_library_origin(text *t, const report_result *r, size_t row, size_t column);

/* Numbers. */
double derived_saturated_share(const report_result *r, size_t row, size_t column);
double derived_robust_z(const report_result *r, size_t row, size_t column);
double derived_fewest_shots(const report_result *r, size_t row, size_t column);
double derived_typicality_bound(const report_result *r, size_t row, size_t column);
double derived_library_specimens(const report_result *r, size_t row, size_t column);
double derived_units(const report_result *r, size_t row, size_t column);
double derived_probability(const report_result *r, size_t row, size_t column);
double derived_log10_lr(const report_result *r, size_t row, size_t column);
double derived_log10_lr_before_gate(const report_result *r, size_t row, size_t column);
double derived_beyond_bounds(const report_result *r, size_t row, size_t column);
double derived_origin_spectrum(const report_result *r, size_t row, size_t column);
double derived_seed(const report_result *r, size_t row, size_t column);
double derived_plan_stones(const report_result *r, size_t row, size_t column);
double derived_plan_false_alarm(const report_result *r, size_t row, size_t column);

#endif
