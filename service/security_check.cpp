#include "service/security_check.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "action/file_trust.h"

namespace regwatch {

bool lends_rights(const Settings& settings) {
    return std::any_of(settings.actions.begin(), settings.actions.end(),
                       [](const ActionSettings& action) {
                           return std::holds_alternative<ProgramSettings>(action.what) ||
                                  std::holds_alternative<RestoreSettings>(action.what);
                       }) ||
           std::any_of(settings.watches.begin(), settings.watches.end(),
                       [](const WatchSettings& watch) { return watch.enforce; });
}

std::string why_unsafe(const std::string& path, PlaceKind kind, ProgramFiles& files) {
    if (!files.no_owners_because().empty()) return {};
    const auto places = files.places_of(path);
    if (!places) return places.error().text() + ".";
    std::string complaint =
        complaint_about(*places, kind == PlaceKind::file ? PlaceRole::file : PlaceRole::folder);
    return complaint.empty() ? complaint : complaint + ".";
}

std::vector<std::string> why_not_obeyed(const Settings& settings, const std::string& data_directory,
                                        const std::vector<std::string>& config_files,
                                        ProgramFiles& files) {
    std::vector<std::string> why;
    if (!lends_rights(settings)) return why;
    const auto ask = [&](const std::string& path, PlaceKind kind) {
        const std::string complaint = why_unsafe(path, kind, files);
        if (complaint.empty()) return;
        why.push_back(
            "a configuration that runs programs or writes to the registry must be "
            "nobody's to change but the administrators': " +
            complaint);
    };
    ask(data_directory, PlaceKind::folder);
    for (const std::string& file : config_files) ask(file, PlaceKind::file);
    return why;
}

std::vector<std::string> why_not_taken_over(const std::string& data_directory,
                                            const std::string& config,
                                            const std::string& config_folder, ProgramFiles& files) {
    const auto is_there = [&](const std::string& path) {
        const auto places = files.places_of(path);
        return places || places.error().kind != ErrorKind::not_found;
    };
    std::vector<std::string> why;
    const auto ask = [&](const std::string& path, PlaceKind kind) {
        std::string complaint = why_unsafe(path, kind, files);
        if (complaint.empty() || std::find(why.begin(), why.end(), complaint) != why.end()) return;
        why.push_back(std::move(complaint));
    };
    if (is_there(data_directory)) ask(data_directory, PlaceKind::folder);
    if (is_there(config)) {
        ask(config, PlaceKind::file);
    } else if (is_there(config_folder)) {
        ask(config_folder, PlaceKind::folder);
    }
    return why;
}

}  // namespace regwatch
