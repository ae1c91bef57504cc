// Where the state of an instance is: the folder "state" in its data directory. Any thread; UTF-8.
#pragma once

#include <string>

#include "platform/folder.h"

namespace regwatch {

[[nodiscard]] inline std::string state_folder(const std::string& data_directory) {
    return join_path(data_directory, "state");
}

}  // namespace regwatch
