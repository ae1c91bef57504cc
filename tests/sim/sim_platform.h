// All ports at once, simulated: what an engine, or a part of it, is given in a scenario.
//
// Built and destroyed inside the run, around everything that uses it. With real threads it works as
// well.
#pragma once

#include <cstddef>

#include "platform/platform.h"
#include "sim/sim_executor.h"
#include "sim/sim_kernel.h"
#include "sim/sim_persistent_thread.h"
#include "sim/sim_registry.h"
#include "sim/sim_registry_writer.h"
#include "support/memory_event_log.h"
#include "support/memory_file_system.h"
#include "support/memory_journal.h"
#include "support/scripted_process_runner.h"
#include "support/scripted_program_files.h"

namespace regwatch::sim {

class SimClock final : public Clock {
public:
    explicit SimClock(const SimKernel& kernel) : kernel_(kernel) {}
    [[nodiscard]] WallTime wall_now() const noexcept override { return kernel_.wall_now(); }
    [[nodiscard]] SteadyTime steady_now() const noexcept override { return sim::steady_now(); }

private:
    const SimKernel& kernel_;
};

struct SimPlatformOptions {
    KernelRules rules = windows_rules();
    std::size_t look_threads = 2;
    std::size_t action_threads = 2;
};

struct SimPlatform {
    explicit SimPlatform(const SimPlatformOptions& options)
        : kernel(options.rules),
          look_executor("look", options.look_threads, kernel.faults()),
          action_executor("action", options.action_threads, kernel.faults()) {}

    [[nodiscard]] Platform ports() {
        return {registry,  persistent_thread, look_executor, action_executor, clock,        files,
                processes, event_log,         journal,       registry_writer, program_files};
    }

    SimKernel kernel;
    SimClock clock{kernel};
    test::MemoryJournal journal;
    test::MemoryEventLog event_log;
    test::MemoryFileSystem files;
    test::ScriptedProcessRunner processes;
    test::ScriptedProgramFiles program_files;
    SimRegistry registry{kernel};
    SimRegistryWriter registry_writer{kernel};
    SimPersistentThread persistent_thread{kernel};
    SimExecutor look_executor;
    SimExecutor action_executor;
};

}  // namespace regwatch::sim
