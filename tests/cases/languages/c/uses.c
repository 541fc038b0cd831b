#include "station.h"

static int sum(const probe_t *probes, size_t count, int (*pick)(const probe_t *, int), char *names[])
{
    int total = 0, *cursor = &total, grid[2];
    const struct window *window = current_window();
    struct probe empty = {.pin = 3, .label = "x"};
    for (size_t i = 0; i < count; i++) {
        int value = pick(&probes[i], MAX_PROBES);
        total += value;
    }
    switch (window->from) {
    case IDLE: {
        stamp late = window->from;
        break;
    }
    default:
        goto done;
    }
    printf("%s %zu", names[0], sizeof(struct window));
    *cursor = (int)SCALE(probes->last.value);
done:
    return total + grid[0] + empty.read(&empty) + n_probes;
}
