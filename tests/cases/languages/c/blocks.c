struct pair {
    int left;
    int right;
};

int choose(int a)
{
    if (a > 0)
        return 1;
    else if (a < 0) {
        return -1;
    }
    while (a--) {
        step();
    }
    do {
        step();
    } while (a);
    switch (a) {
    case 1:
        step();
        break;
    default:
        step();
    }
#ifdef TRACE
    trace(a);
#elif defined(LOG)
    log(a);
#else
    step();
#endif
    return 0;
}

enum kind {
    ONE,
    TWO
};
