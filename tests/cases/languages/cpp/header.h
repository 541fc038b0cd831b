#pragma once
#ifdef __cplusplus
extern "C" {
#endif

struct probe;
typedef struct probe probe_t;
int probe_read(probe_t *probe, int restrict_to);
#define PROBE_LIMIT 4

#ifdef __cplusplus
}
#endif
