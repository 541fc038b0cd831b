/* Wettermessung – läuft auf 8‑Bit‑Geräten. */
#include <stdio.h>
#include "sensors/probe.h"
#ifndef STATION_C
#define STATION_C
#define MAX_PROBES 8
#define SCALE(raw) ((raw) * 0.5)

typedef unsigned long stamp;
typedef int (*reader)(struct probe *, int);
typedef int converter(int raw);

/* One measuring point. */
typedef struct probe {
    int pin, *cache;
    char label[16];
    int (*read)(struct probe *self);
    unsigned ready : 1;
    struct probe *next;
    union { int raw; float value; } last;
} probe_t, *probe_ptr;

typedef struct {
    probe_t probes[MAX_PROBES];
} Station;

typedef struct reading { double value; } reading;

struct window;
struct window {
    stamp from;
};

union number {
    int whole;
    double exact;
};

enum state { IDLE, BUSY = 2 };
typedef enum { LOW, HIGH } level;

extern int n_probes;
static const char *const names[] = {"north", "south"};
int first = 1, *second, third[3];
int (*on_change)(int) = 0;

/* Declared for others.
 * Returns 0 on success. */
int station_add(Station *station, probe_t probe);
char **station_names(const Station *station);
STATION_API void *station_raw(int id);

// Finds a probe.
static inline probe_t *find(Station *station, int pin)
{
    int local = pin;
    static int calls;
    return &station->probes[local + calls++];
}

#ifdef WITH_CLOCK
stamp now(void) { return clock_read(); }
#else
stamp now(void);
#endif

extern const int limits[];

int old_style(a, b)
    int a;
    char *b;
{
    return a;
}

TEST(adds_one) {
    int inside = 1;
}
TEST_MANY(reads, 3) {
    int inside = 1;
}
#endif
