// The kernels as a library for the processor: `clew_launch` runs a grid of one of them, block after block.
#include "host.h"
#define CLEW_TENSOR_CORES
#include "clew.cu"

struct Launch { void (*call)(void**); void** arguments; };

static void thread(void* launch) { ((Launch*)launch)->call(((Launch*)launch)->arguments); }

static const Entry* entry(const char* name) {
    const Entry* entry = Entry::first();
    while (entry && strcmp(entry->name, name)) entry = entry->next;
    return entry;
}

static void runGrid(const Entry* entry, Dim3 grid, unsigned threads, void** arguments) {
    Launch launch = {entry->call, arguments};
    gridDim = grid;
    fibres::reorder();
    for (blockIdx.z = 0; blockIdx.z < grid.z; blockIdx.z++)
        for (blockIdx.y = 0; blockIdx.y < grid.y; blockIdx.y++)
            for (blockIdx.x = 0; blockIdx.x < grid.x; blockIdx.x++) fibres::runBlock((int)threads, thread, &launch);
}

// 0 if all is well, 1 if there is no such kernel. Not for two threads at a time.
extern "C" int clew_launch(const char* name, unsigned x, unsigned y, unsigned z, unsigned threads, void** arguments) {
    const Entry* found = entry(name);
    if (!found || threads > fibres::MOST) return 1;
    runGrid(found, {x, y, z}, threads, arguments);
    return 0;
}
