#include <stdio.h>

struct half {
    int known;
    int

int before(int a) { return a; }

int unfinished(struct half *h) {
    h->
    if (a

struct after {
    int field;
};

int last(void) { return before(1); }
