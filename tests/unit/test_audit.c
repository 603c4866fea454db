#include "model/audit.h"
int main(void){return 0;}
