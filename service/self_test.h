// The self-test: a change to a key of RegWatch's own that only a service that hears can have in its
// history. It tells one that is quiet from one that is deaf.
//
// The service watches kSelfTestKey beside what its configuration says. That watch has no action, so
// what the test does is in the history and nowhere else. run_self_test is called by a command, in
// another process, on one thread; what it made in the registry is gone when it returns.
#pragma once

#include <functional>
#include <string>

#include "base/time.h"
#include "engine.h"
#include "platform/clock.h"
#include "platform/registry.h"
#include "platform/registry_writer.h"
#include "platform/store.h"
#include "service/doctor.h"
#include "settings/settings.h"

namespace regwatch {

// A name that no configuration can have.
inline constexpr const char* kSelfTestWatch = "(self-test)";
[[nodiscard]] KeyPath self_test_key();  // HKLM\SOFTWARE\RegWatch\SelfTest

// The settings, and that watch.
[[nodiscard]] Settings with_self_test(Settings settings);
// What the service says of itself is about the watches of its configuration.
[[nodiscard]] EngineStatus without_self_test(EngineStatus status);

struct SelfTestPorts {
    RegistryWriter& writer;
    Registry& registry;
    Store& store;  // the service's, for reading
    const Clock& clock;
    std::function<void()> pause;  // between two looks into the history
};

// `mark` is not used twice. Within `patience` it is known.
[[nodiscard]] Finding run_self_test(const SelfTestPorts& ports, const std::string& mark,
                                    Duration patience = std::chrono::seconds(30));

}  // namespace regwatch
