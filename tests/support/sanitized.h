/* Whether the address sanitizer is on. It makes a test several times slower and looks for wrong accesses, not for wrong
 * numbers: a test that needs many repetitions to judge a number needs few of them under it. */
#ifndef SUPPORT_SANITIZED_H
#define SUPPORT_SANITIZED_H

#ifdef __SANITIZE_ADDRESS__
enum { is_sanitized = 1 };
#else
enum { is_sanitized = 0 };
#endif

#endif
