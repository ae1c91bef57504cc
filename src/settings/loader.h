// From the bytes of a config file to Settings, or to the full list of what is wrong with it.
//
// Pure; any thread; never throws. Accepts UTF-8 with or without BOM, and UTF-16 with BOM; allows
// comments; refuses everything it does not know, because a misspelt field that is ignored is a
// watch that does not watch. A file is bounded in bytes (16 MB, with all that it includes), values,
// depth and reported problems. settings.h says what each field becomes; settings/fields.h has the table of all fields.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
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

// An entry of the "keys" of a watch that has wildcards, and where it stands.
struct LocatedPattern {
    Problem place;              // without a message
    std::vector<KeyPath> keys;  // what it stands for: each view, and of HKCR the users' classes too
    std::size_t max_keys = 0;   // of its watch
};

// What the config has with "enabled": false; only without problems.
struct SwitchedOff {
    std::vector<WatchSettings> watches;
    std::vector<std::string> actions;  // names
};

struct LoadOutcome {
    std::optional<Settings> settings;  // only without problems
    // In the order of the files, the one that was asked for first. Empty without settings only if
    // there was not even memory for one.
    std::vector<Problem> problems;
    // More than `problems`, where these end with how many were left out.
    std::size_t problem_count = 0;
    // All that were read, the one that was asked for first; then those that could not be.
    std::vector<std::string> files;
    SwitchedOff switched_off;
    // Of the watches that are not switched off, in the order of the files; only without problems.
    std::vector<LocatedPattern> patterns;
};

// Where included files come from; functions that are empty stand for "nowhere".
struct ConfigSource {
    // The bytes of a file, whose name begins with the folder of the file that was asked for unless
    // the config says otherwise; of an error only the reason is shown.
    std::function<Result<std::string>(const std::string& path)> read;
    // The names, without .json, of what is in the folder of the packs; for "did you mean".
    std::function<std::vector<std::string>(const std::string& folder)> packs;
};

[[nodiscard]] LoadOutcome load_settings(std::string_view bytes, const std::string& file_name,
                                        const ConfigSource& source = {}) noexcept;

}  // namespace regwatch
