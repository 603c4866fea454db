/* The matching steps: twolevel.c, multilevel.c, lda.c, kernel_match.c and ddsimca_match.c define one each. The table of
 * steps (core/pipeline) lists them. */
#ifndef MATCH_MATCHERS_H
#define MATCH_MATCHERS_H

#include "match/match.h"

extern const match twolevel_match, multilevel_match, lda_match, kernel_match, ddsimca_match;

#endif
