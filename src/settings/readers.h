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

#include "settings/config_files.h"
#include "settings/json_tree.h"
#include "settings/object_reader.h"
#include "settings/problem_list.h"
#include "settings/settings.h"

namespace regwatch {

// What a watch may refer to. Actions with problems are among them, so that one mistake is one
// problem.
struct DeclaredActions {
    struct Declared {
        bool enabled = true;
        ChangeFilter when;
    };
    std::map<std::string, Declared, std::less<>> by_name;
    std::vector<std::string_view> names;     // in the order of the files
    std::vector<std::string> enabled_names;  // in the order of the files
};

struct ReadWatch {
    WatchSettings settings;
    bool enabled = true;
    std::vector<ReadPattern> patterns;
};

struct ReadAction {
    ActionSettings settings{.name = {}, .what = EventLogSettings{}};
    bool enabled = true;
};

// `defaults` may be null.
[[nodiscard]] ReadWatch read_watch(const JsonNode& node, const JsonPath& path,
                                   const DeclaredActions& actions, const ObjectReader* defaults,
                                   ProblemList& problems);
// What is wrong with the fields of "defaults" themselves.
void check_defaults(ObjectReader& defaults, const DeclaredActions& actions);
[[nodiscard]] ReadAction read_action(const JsonNode& node, const JsonPath& path,
                                     ProblemList& problems);
// The filter in the field "when", empty where there is none.
[[nodiscard]] ChangeFilter read_when(const ObjectReader& outer);
// From whichever of the files has it.
[[nodiscard]] StateSettings read_state(const ConfigFiles& files);
// What is in the field "expect" of a watch, of which is read already what it looks at.
[[nodiscard]] std::vector<Expectation> read_expectations(ObjectReader& reader,
                                                         const WatchSettings& watch);
[[nodiscard]] Settings read_settings(const ConfigFiles& files, SwitchedOff& switched_off);

}  // namespace regwatch
