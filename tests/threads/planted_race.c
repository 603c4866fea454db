/* A race that the thread sanitizer must report: else its silence on the other programs would mean nothing. One between
 * threads of ours, and one within a parallel loop, which it sees rightly only with Archer. */
#include "together.h"

#include <stdio.h>

static volatile int shared; /* each of the increments is one, so that the threads meet */

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
    int failed = together(touch, NULL, touch, NULL);
    printf("planted race: %d %d\n", sum, shared);
    return failed;
}
