/* Two races that the thread sanitizer must report, or its silence on the other programs would mean nothing: one between
 * two threads, and one within a parallel loop, which it reports correctly only with Archer. */
#include "two_threads.h"

#include <stdio.h>

static volatile int shared; /* volatile: each increment is done, so that the threads meet */

static int touch(void *data)
{
    (void)data;
    for (int i = 0; i < 100000; i++)
        shared++;
    return 0;
}

int main(void)
{
    int sum = 0;
#pragma omp parallel for num_threads(2)
    for (int i = 0; i < 100000; i++)
        sum += i & 1;
    int failed = run_in_two_threads(touch, NULL, touch, NULL);
    printf("planted race: %d %d\n", sum, shared);
    return failed;
}
