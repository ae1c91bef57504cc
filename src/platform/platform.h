// All the ports an engine needs, bundled. Owned by whoever makes the engine; outlives it.
#pragma once

#include "platform/accounts.h"
#include "platform/append_file.h"
#include "platform/clock.h"
#include "platform/event_log.h"
#include "platform/executor.h"
#include "platform/journal.h"
#include "platform/persistent_thread.h"
#include "platform/process.h"
#include "platform/program_files.h"
#include "platform/registry.h"
#include "platform/registry_writer.h"

namespace regwatch {

struct Platform {
    Registry& registry;
    PersistentThread& persistent_thread;
    Executor& look_executor;    // looks: short, many
    Executor& action_executor;  // actions: may block for as long as a script runs
    Clock& clock;
    FileSystem& files;
    ProcessRunner& processes;
    EventLog& event_log;
    Journal& journal;
    RegistryWriter& registry_writer;
    ProgramFiles& program_files;
    Accounts* accounts = nullptr;  // null: nobody knows whose hives they are
};

}  // namespace regwatch
