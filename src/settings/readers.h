// From the located JSON tree to Settings, with everything that is wrong on the way.
//
// One thread; called by loader.cpp. Each reader reports into the list of problems and goes on; what
// it returns is meaningful only if that list is empty in the end.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "settings/json_tree.h"
#include "settings/problem_list.h"
#include "settings/settings.h"

namespace regwatch {

// What a watch may refer to. Actions with problems are among them, so that one mistake is one
// problem.
struct DeclaredActions {
    std::map<std::string, bool, std::less<>> enabled;  // by name
    std::vector<std::string_view> names;               // in the order of the file
    std::vector<std::string> enabled_names;            // in the order of the file
};

struct ReadWatch {
    WatchSettings settings;
    bool enabled = true;
};

struct ReadAction {
    ActionSettings settings{.name = {}, .what = EventLogSettings{}};
    bool enabled = true;
};

[[nodiscard]] ReadWatch read_watch(const JsonNode& node, const JsonPath& path,
                                   const DeclaredActions& actions, ProblemList& problems);
[[nodiscard]] ReadAction read_action(const JsonNode& node, const JsonPath& path,
                                     ProblemList& problems);
[[nodiscard]] Settings read_settings(const JsonNode& root, ProblemList& problems);

}  // namespace regwatch
