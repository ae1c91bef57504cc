#include <algorithm>
#include <unordered_map>
#include <utility>

#include "settings/object_reader.h"
#include "settings/readers.h"
#include "settings/values.h"
#include "settings/windows_path.h"
#include "settings/wording.h"

namespace regwatch {
namespace {

// Names that differ in case alone would share files.
void check_action_name(const JsonNode& node, const JsonPath& path,
                       std::unordered_map<std::string, const JsonNode*>& seen,
                       ProblemList& problems) {
    const std::string complaint = name_complaint(node.name);
    if (!complaint.empty()) {
        problems.add(path, node.name_offset,
                     "found " + in_quotes(node.name) + ", which " + complaint +
                         "; the name of an action has " + std::string(kNameRule));
        return;
    }
    const auto [earlier, is_new] = seen.emplace(lower_ascii(node.name), &node);
    if (is_new) return;
    problems.add(path, node.name_offset,
                 in_quotes(node.name) + " differs only in case from " +
                     in_quotes(earlier->second->name) + " in " +
                     problems.line_of(earlier->second->name_offset) + "; choose another name");
}

// Two actions that append to the same files would tear each other's lines.
void check_folder(const ReadAction& action, const JsonNode& node, const JsonPath& path,
                  std::unordered_map<std::u16string, const JsonNode*>& seen,
                  ProblemList& problems) {
    const auto* const log = std::get_if<LogSettings>(&action.settings.what);
    if (log == nullptr || !action.enabled) return;
    const auto [earlier, is_new] = seen.emplace(folded_folder(log->folder), &node);
    if (is_new) return;
    problems.add(path, node.offset,
                 in_quotes(node.name) + " would write the same files as " +
                     in_quotes(earlier->second->name) + " in " +
                     problems.line_of(earlier->second->name_offset) +
                     "; give each its own \"folder\"");
}

DeclaredActions read_actions(const ObjectReader& reader, const JsonPath& root, Settings& settings,
                             ProblemList& problems) {
    DeclaredActions declared;
    const std::vector<JsonNode>* const nodes = reader.children("actions");
    if (nodes == nullptr) return declared;
    const JsonPath actions = root.member("actions");
    std::unordered_map<std::string, const JsonNode*> names;
    std::unordered_map<std::u16string, const JsonNode*> folders;
    for (const JsonNode& node : *nodes) {
        const JsonPath path = actions.member(node.name);
        ReadAction action = read_action(node, path, problems);
        // A second one of the same name is reported already, as a name that is here twice.
        if (!declared.enabled.emplace(node.name, action.enabled).second) continue;
        check_action_name(node, path, names, problems);
        check_folder(action, node, path, folders, problems);
        declared.names.push_back(node.name);
        if (!action.enabled) continue;
        declared.enabled_names.push_back(node.name);
        settings.actions.push_back(std::move(action.settings));
    }
    return declared;
}

void check_watch_name(const JsonNode& node, const std::string& name, const JsonPath& path,
                      std::unordered_map<std::string, std::size_t>& seen, ProblemList& problems) {
    const auto is_name = [](const JsonNode& child) { return child.name == "name"; };
    const auto found = std::find_if(node.children.begin(), node.children.end(), is_name);
    if (name.empty() || found == node.children.end()) return;
    const auto [earlier, is_new] = seen.emplace(lower_ascii(name), found->offset);
    if (is_new) return;
    problems.add(path.member("name"), found->offset,
                 "found " + in_quotes(name) + ", but the watch in " +
                     problems.line_of(earlier->second) +
                     " has that name already (upper and lower case count as the same)");
}

void read_watches(const ObjectReader& reader, const JsonPath& root, const DeclaredActions& actions,
                  Settings& settings, ProblemList& problems) {
    const std::vector<JsonNode>* const nodes = reader.children("watches");
    if (nodes == nullptr) return;
    const JsonPath watches = root.member("watches");
    std::unordered_map<std::string, std::size_t> names;
    settings.watches.reserve(nodes->size());
    for (std::size_t i = 0; i < nodes->size(); ++i) {
        const JsonPath path = watches.element(i);
        ReadWatch watch = read_watch((*nodes)[i], path, actions, problems);
        check_watch_name((*nodes)[i], watch.settings.name, path, names, problems);
        if (watch.enabled) settings.watches.push_back(std::move(watch.settings));
    }
}

}  // namespace

Settings read_settings(const JsonNode& root, ProblemList& problems) {
    Settings settings;
    const JsonPath path;
    if (root.kind != JsonKind::object) {
        problems.add(path, root.offset,
                     "found " + describe(root) +
                         "; a config is an object with the fields \"watches\" and \"actions\"");
        return settings;
    }
    ObjectReader reader(root, path, kConfigSection, problems);
    const DeclaredActions actions = read_actions(reader, path, settings, problems);
    const bool all_off = !actions.names.empty() && actions.enabled_names.empty();
    if (all_off) {
        reader.refuse("actions", "has every action switched off, so that changes would go nowhere");
    }
    read_watches(reader, path, actions, settings, problems);
    if (reader.children("watches") != nullptr && settings.watches.empty()) {
        reader.refuse("watches", "has every watch switched off, so that nothing would be watched");
    }
    return settings;
}

}  // namespace regwatch
