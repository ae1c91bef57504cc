// The makers of the actions that a config can name, one per file of this folder. See action/action.h.
#pragma once

#include <memory>
#include <string>

#include "action/action.h"

namespace regwatch {

// Where it writes. Fails where the config names a variable that does not exist.
Result<std::string> log_folder(const LogSettings& settings, const ActionContext& context,
                               FileSystem& files);
struct LogPorts {
    FileSystem& files;
    Clock& clock;
    Journal& journal;
};

// Appends one JSON line per change to events-*.jsonl in this folder, and tells of the files that it
// deletes because there are too many.
std::unique_ptr<Action> make_log_action(const LogSettings& settings, const std::string& name,
                                        std::string folder, const ActionContext& context,
                                        const LogPorts& ports);

// Writes one entry per change to the Windows Event Log.
std::unique_ptr<Action> make_event_log_action(EventLog& log);

struct ProgramPorts {
    ProcessRunner& processes;
    ProgramFiles& files;
    Clock& clock;
    Journal& journal;
};

// Runs a program once per change, with the change as JSON on its stdin.
std::unique_ptr<Action> make_program_action(const ProgramSettings& settings,
                                            const std::string& name, const ActionContext& context,
                                            const ProgramPorts& ports);

struct RestorePorts {
    RegistryWriter& writer;
    Registry& registry;
    FileSystem& files;
    Clock& clock;
    Journal& journal;
    WritingTime* writing = nullptr;  // as in the ActionContext
    GivenUpList* given_up = nullptr;
};

// Writes the old state back to the registry. What it wrote is kept in the folder of the state.
std::unique_ptr<Action> make_restore_action(const std::string& name, const ActionContext& context,
                                            const RestorePorts& ports);

}  // namespace regwatch
