/* Light through two zones: a hot core seen through a cool shell. */
#ifndef TRANSFER_H
#define TRANSFER_H

#include <stddef.h>

/* out[n] = b1 (1 - exp(-tau1)) exp(-tau2) + b2 (1 - exp(-tau2)): with self-absorption and self-reversal.
 */
void transfer_two_zones(size_t n, const float *b1, const float *tau1, const float *b2, const float *tau2, float *out);

#endif
