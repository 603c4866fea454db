/* Cross-validation of a method. */
#ifndef VALIDATION_VALIDATE_H
#define VALIDATION_VALIDATE_H

#include "pipeline/compiled_method.h"
#include "validation/validation_result.h"

/* Whatever the method fits is fitted anew to the specimens that are not left out. protocol: folds, or what is left out
 * together; it has been checked but for its level. ADAMAS_E_METHOD if the method has no matching step; ADAMAS_E_DATA if
 * the libraries do not hold what the protocol needs. */
adamas_status model_validate(validation_result *out, const compiled_method *r, const adamas_spectra *const *libraries,
                             size_t n_libraries, const adamas_protocol *protocol, work *w, adamas_error *error);

#endif
