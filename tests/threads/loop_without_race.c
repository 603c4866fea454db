/* Parallel loops without a race: a report would mean that the sanitizer does not see OpenMP's barriers. */
#include <stdio.h>

int main(void)
{
    static int cells[1000];
    long sum = 0;
    for (int round = 0; round < 20; round++) {
#pragma omp parallel for schedule(dynamic, 1) num_threads(3)
        for (int i = 0; i < 1000; i++)
            cells[i] += i;
        for (int i = 0; i < 1000; i++)
            sum += cells[i];
    }
    printf("loop without race: %ld\n", sum);
    return sum != 104895000;
}
