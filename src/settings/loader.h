// From the bytes of a config file to Settings, or to the full list of what is wrong with it.
//
// Pure; any thread; never throws. Accepts UTF-8 with or without BOM, and UTF-16 with BOM; allows
// comments; refuses everything it does not know, because a misspelt field that is ignored is a watch
// that does not watch. The JSON library stays inside loader.cpp.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "settings/settings.h"

namespace regwatch {

struct Problem {
    std::string file;
    std::size_t line = 0;    // from 1; 0 where there is no place to point at
    std::size_t column = 0;  // from 1, in characters
    std::string pointer;     // JSON pointer, "/watches/0/keys/1"
    std::string message;     // what was found, what is allowed, the nearest valid name

    // "regwatch.json:12:7: /watches/0/keys/1: …"
    [[nodiscard]] std::string text() const;
};

struct LoadOutcome {
    std::optional<Settings> settings;  // only without problems
    std::vector<Problem> problems;     // in the order of the file
};

[[nodiscard]] LoadOutcome load_settings(std::string_view bytes, const std::string& file_name);

}  // namespace regwatch
