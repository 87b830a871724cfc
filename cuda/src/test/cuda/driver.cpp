// A driver's library without a card, as far as the device calls it: what is put into a stream is done at once, or
// recorded; handles, sizes and the order of calls are checked. For the calls that go through JCuda.
#include "host.cpp"
#include <functional>
#include <map>
#include <set>
#include <vector>

typedef int Result;
typedef unsigned long long Address;
enum { OK = 0, WRONG = 1, NO_MEMORY = 2, NO_SUCH = 500, IN_CAPTURE = 900, NOT_CHANGED = 910 };
static const size_t MEMORY = 1 << 30;

struct Node { const void* kind; std::function<void()> what; };
struct Graph { std::vector<Node> nodes; };
struct Stream { Graph* recording; };
struct Event { bool isRecorded; };

static int contexts, loaded;
static bool isCurrent;
static size_t used;
static std::map<Address, size_t> held;
static std::set<void*> streams, events, graphs, executables, locked;
static int device, context, module;

// Whether so many bytes lie in one piece of the card's memory.
static bool isHeld(Address at, size_t bytes) {
    auto after = held.upper_bound(at);
    if (after == held.begin()) return false;
    auto piece = *--after;
    return at + bytes <= piece.first + piece.second;
}

static bool isRecording() {
    for (void* s : streams) if (((Stream*)s)->recording) return true;
    return false;
}

// In a context, and not while a graph is recorded.
#define BESIDE if (!isCurrent) return WRONG; if (isRecording()) return IN_CAPTURE;

static Result put(Stream* stream, const void* kind, std::function<void()> what) {
    if (!isCurrent || !streams.count(stream)) return WRONG;
    if (stream->recording) stream->recording->nodes.push_back({kind, what});
    else what();
    return OK;
}

template <class T> static Result remove(std::set<void*>& all, T* gone) {
    if (!all.erase(gone)) return WRONG;
    delete gone;
    return OK;
}

extern "C" {

// A number that the test sets in the environment.
static int given(const char* name, int otherwise) { return getenv(name) ? atoi(getenv(name)) : otherwise; }

Result cuInit(unsigned flags) { return flags ? (Result)WRONG : given("STUB_INIT", OK); }

Result cuDriverGetVersion(int* version) { *version = 12060; return OK; }

Result cuDeviceGetCount(int* count) { *count = given("STUB_CARDS", 1); return OK; }

Result cuDeviceGet(int* out, int ordinal) { *out = 7; return ordinal; }

Result cuDeviceGetName(char* name, int length, int device) {
    if (device != 7) return WRONG;
    strncpy(name, "Stub", length);
    return OK;
}

Result cuDeviceTotalMem_v2(size_t* bytes, int device) { *bytes = MEMORY; return device == 7 ? OK : WRONG; }

Result cuDeviceGetAttribute(int* value, int which, int device) {
    if (device != 7) return WRONG;
    switch (which) {
        case 75: *value = 9; return OK;                                         // compute capability
        case 76: *value = 0; return OK;
        case 16: *value = 4; return OK;                                         // multiprocessors
        default: return WRONG;
    }
}

Result cuDevicePrimaryCtxRetain(void** out, int device) { contexts++; *out = &context; return device == 7 ? OK : WRONG; }

Result cuDevicePrimaryCtxRelease_v2(int device) { return --contexts == 0 && device == 7 ? OK : WRONG; }

Result cuCtxSetCurrent(void* which) { isCurrent = which == &context; return isCurrent ? OK : WRONG; }

Result cuCtxSynchronize() { BESIDE return OK; }

Result cuModuleLoadDataEx(void** out, const void* image, unsigned, int*, void**) {
    BESIDE
    if (strncmp((const char*)image, "// Made of", 10) || !strstr((const char*)image, ".entry")) return WRONG;
    loaded++;
    *out = &module;
    return OK;
}

Result cuModuleLoadData(void** out, const void* image) { return cuModuleLoadDataEx(out, image, 0, 0, 0); }

Result cuModuleUnload(void* which) { BESIDE loaded--; return which == &module ? OK : WRONG; }

Result cuModuleGetFunction(const void** out, void* which, const char* name) {
    BESIDE
    *out = entry(name);
    return which != &module ? WRONG : *out ? OK : NO_SUCH;
}

Result cuMemGetInfo_v2(size_t* free, size_t* all) { BESIDE *free = MEMORY - used; *all = MEMORY; return OK; }

Result cuMemAlloc_v2(Address* out, size_t bytes) {
    BESIDE
    if (!bytes) return WRONG;
    if (used + bytes > MEMORY) return NO_MEMORY;
    *out = (Address)aligned_alloc(256, (bytes + 255) / 256 * 256);
    memset((void*)*out, 0xff, bytes);
    held[*out] = bytes;
    used += bytes;
    return OK;
}

Result cuMemFree_v2(Address at) {
    BESIDE
    auto piece = held.find(at);
    if (piece == held.end()) return WRONG;
    used -= piece->second;
    held.erase(piece);
    free((void*)at);
    return OK;
}

Result cuMemHostRegister_v2(void* at, size_t bytes, unsigned) { BESIDE return bytes && locked.insert(at).second ? OK : WRONG; }

Result cuMemHostUnregister(void* at) { BESIDE return locked.erase(at) ? OK : WRONG; }

Result cuMemcpyHtoDAsync_v2(Address to, const void* from, size_t bytes, Stream* stream) {
    BESIDE
    return isHeld(to, bytes) ? put(stream, 0, [=] { memcpy((void*)to, from, bytes); }) : (Result)WRONG;
}

Result cuMemcpyDtoHAsync_v2(void* to, Address from, size_t bytes, Stream* stream) {
    BESIDE
    return isHeld(from, bytes) ? put(stream, 0, [=] { memcpy(to, (void*)from, bytes); }) : (Result)WRONG;
}

Result cuMemcpyDtoDAsync_v2(Address to, Address from, size_t bytes, Stream* stream) {
    if (!isHeld(to, bytes) || !isHeld(from, bytes)) return WRONG;
    return put(stream, &held, [=] { memcpy((void*)to, (void*)from, bytes); });
}

Result cuMemsetD8Async(Address at, unsigned char value, size_t bytes, Stream* stream) {
    return isHeld(at, bytes) ? put(stream, &used, [=] { memset((void*)at, value, bytes); }) : (Result)WRONG;
}

Result cuLaunchKernel(const Entry* kernel, unsigned x, unsigned y, unsigned z, unsigned threads, unsigned b, unsigned c,
                      unsigned shared, Stream* stream, void** arguments, void** extra) {
    if (b != 1 || c != 1 || shared || extra || !x || !y || !z || threads > fibres::MOST) return WRONG;
    std::vector<unsigned long long> values(kernel->arguments);
    for (size_t i = 0; i < values.size(); i++) memcpy(&values[i], arguments[i], sizeof values[i]);
    return put(stream, kernel, [=]() mutable {
        std::vector<void*> at;
        for (auto& value : values) at.push_back(&value);
        runGrid(kernel, {x, y, z}, threads, at.data());
    });
}

Result cuStreamCreate(Stream** out, unsigned flags) {
    BESIDE
    streams.insert(*out = new Stream());
    return flags == 1 ? OK : WRONG;
}

Result cuStreamDestroy_v2(Stream* stream) { BESIDE return remove(streams, stream); }

Result cuStreamSynchronize(Stream* stream) { BESIDE return streams.count(stream) ? OK : WRONG; }

Result cuStreamWaitEvent(Stream* stream, Event* event, unsigned flags) {
    BESIDE
    return streams.count(stream) && events.count(event) && event->isRecorded && !flags ? OK : WRONG;
}

Result cuEventCreate(Event** out, unsigned flags) {
    BESIDE
    events.insert(*out = new Event());
    return flags == 2 ? OK : WRONG;
}

Result cuEventDestroy_v2(Event* event) { BESIDE return remove(events, event); }

Result cuEventRecord(Event* event, Stream* stream) {
    BESIDE
    if (!events.count(event) || !streams.count(stream)) return WRONG;
    event->isRecorded = true;
    return OK;
}

Result cuEventSynchronize(Event* event) { BESIDE return events.count(event) ? OK : WRONG; }

#ifndef WITHOUT_GRAPHS
Result cuStreamBeginCapture_v2(Stream* stream, int mode) {
    BESIDE
    if (!streams.count(stream) || mode != 1) return WRONG;
    stream->recording = new Graph();
    return OK;
}

Result cuStreamEndCapture(Stream* stream, Graph** out) {
    if (!streams.count(stream) || !stream->recording) return WRONG;
    graphs.insert(*out = stream->recording);
    stream->recording = nullptr;
    return OK;
}

Result cuGraphInstantiateWithFlags(Graph** out, Graph* graph, unsigned long long flags) {
    BESIDE
    if (!graphs.count(graph) || flags) return WRONG;
    executables.insert(*out = new Graph(*graph));
    return OK;
}

Result cuGraphExecUpdate_v2(Graph* executable, Graph* graph, void* result) {
    BESIDE
    if (!executables.count(executable) || !graphs.count(graph) || !result) return WRONG;
    if (executable->nodes.size() != graph->nodes.size()) return NOT_CHANGED;
    for (size_t i = 0; i < graph->nodes.size(); i++)
        if (executable->nodes[i].kind != graph->nodes[i].kind) return NOT_CHANGED;
    executable->nodes = graph->nodes;
    return OK;
}

Result cuGraphLaunch(Graph* executable, Stream* stream) {
    BESIDE
    if (!executables.count(executable)) return WRONG;
    auto nodes = executable->nodes;
    return put(stream, executable, [=]() mutable { for (auto& node : nodes) node.what(); });
}

Result cuGraphDestroy(Graph* graph) { BESIDE return remove(graphs, graph); }

Result cuGraphExecDestroy(Graph* executable) { BESIDE return remove(executables, executable); }
#endif

// What has not been given back: for the test.
size_t clew_left() {
    return contexts + loaded + held.size() + streams.size() + events.size() + graphs.size() + executables.size()
        + locked.size();
}

}
