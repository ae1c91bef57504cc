// Lives of a key in which, somewhere, something fails: for tests that let it fail at every place.
//
// Inside a run.
#pragma once

#include <functional>

#include "sim/watch_bench.h"

namespace regwatch::sim {

inline constexpr Duration kLongerThanAnyRetry = std::chrono::minutes(2);

struct Course {
    const char* name = "";
    Scope scope = Scope::key;
    std::function<void(SimKernel&)> before;
    std::function<void(SimKernel&)> meanwhile;
};

inline const Course kCourses[] = {
    {"appears, is deleted and made again", Scope::key,
     [](SimKernel& kernel) { kernel.create_key(key_path(u"A\\B")); },
     [](SimKernel& kernel) {
         kernel.create_key(kDeepKey);
         kernel.set_value(kDeepKey, u"v", dword(1));
         kernel.delete_key(kDeepKey);
         kernel.create_key(kDeepKey);
     }},
    {"is absent, and what is above it comes and goes", Scope::key,
     [](SimKernel& kernel) { kernel.create_key(key_path(u"A")); },
     [](SimKernel& kernel) {
         kernel.create_key(key_path(u"A\\B"));
         kernel.delete_key(key_path(u"A"));
         kernel.create_key(key_path(u"A\\B"));
     }},
    {"is written to, with its subkeys", Scope::subtree,
     [](SimKernel& kernel) { kernel.create_key(key_path(u"A\\B\\K\\S\\T")); },
     [](SimKernel& kernel) {
         kernel.set_value(key_path(u"A\\B\\K\\S\\T"), u"v", dword(1));
         kernel.delete_key(key_path(u"A\\B\\K\\S"));
         kernel.create_key(key_path(u"A\\B\\K\\U"));
     }},
};

// Nothing that was broken off may have left it deaf.
inline void still_hears(WatchBench& bench) {
    bench.kernel().create_key(kDeepKey);
    bench.settled();
    bench.kernel().set_value(kDeepKey, u"v", dword(7));
    bench.settled();
    bench.kernel().delete_key(kDeepKey);
    bench.settled();
    bench.kernel().create_key(kDeepKey);
    bench.settled();
    check(bench.key->status().state == WatchState::watching, "it is not watched");
}

}  // namespace regwatch::sim
