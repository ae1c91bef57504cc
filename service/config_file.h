// The config file and what it includes, from its path to Settings or to all that is wrong with them.
//
// Any thread; reads each file once, as a whole.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "platform/append_file.h"
#include "settings/loader.h"

namespace regwatch {

// A file as it was read, for keeping it.
struct ConfigText {
    std::string path;
    std::string bytes;
};

struct ConfigRead {
    LoadOutcome outcome;
    std::vector<ConfigText> texts;  // the config itself first, then what it includes
};

// Told after each file how many have been read. Empty: nobody wants to know.
using ConfigFilesRead = std::function<void(std::size_t)>;

// The same as load_config, with what was read.
[[nodiscard]] Result<ConfigRead> read_config(const std::string& path,
                                             const ConfigFilesRead& on_file = {});

// An error when it cannot be read at all; problems in it are part of the outcome.
[[nodiscard]] Result<LoadOutcome> load_config(const std::string& path,
                                              const ConfigFilesRead& on_file = {});

// What the files do not show: settings that cannot hold on this machine are a problem like any other, with
// the words of whoever would stumble over them, and then there are no settings.
void judge_on_this_machine(LoadOutcome& outcome, FileSystem& files);

}  // namespace regwatch
