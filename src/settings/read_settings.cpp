#include <algorithm>
#include <iterator>
#include <map>
#include <memory>
#include <unordered_map>
#include <utility>

#include "settings/object_reader.h"
#include "settings/reach.h"
#include "settings/readers.h"
#include "settings/values.h"
#include "settings/windows_path.h"
#include "settings/wording.h"

namespace regwatch {
namespace {

// A place in one of the files, to refer to from another.
struct Place {
    const ConfigFile* file = nullptr;
    std::size_t offset = 0;
};

std::string text_of(const Place& place, const ConfigFile& from) {
    const std::string line = place.file->problems.line_of(place.offset);
    return place.file == &from ? line : line + " of " + in_quotes(place.file->name);
}

class ActionsReader {
public:
    ActionsReader(Settings& settings, SwitchedOff& switched_off)
        : settings_(settings), switched_off_(switched_off) {}

    void read(ConfigFile& file) {
        const std::vector<JsonNode>* const nodes = file.reader->children("actions");
        if (nodes == nullptr) return;
        const JsonPath actions = file.reader->path_of("actions");
        std::unordered_map<std::string_view, bool> here;
        for (const JsonNode& node : *nodes) {
            const JsonPath path = actions.member(node.name);
            ReadAction action = read_action(node, path, file.problems);
            // A second one of the same name is reported already, as a name that is here twice.
            if (!here.emplace(node.name, true).second) continue;
            check_name(node, path, file);
            check_folder(action, node, path, file);
            if (!declared.by_name
                     .emplace(node.name,
                              DeclaredActions::Declared{action.enabled, action.settings.when})
                     .second) {
                continue;
            }
            declared.names.push_back(node.name);
            if (!action.enabled) {
                switched_off_.actions.push_back(node.name);
                continue;
            }
            declared.enabled_names.push_back(node.name);
            settings_.actions.push_back(std::move(action.settings));
        }
    }

    DeclaredActions declared;

private:
    // Names that differ in case alone would share files.
    void check_name(const JsonNode& node, const JsonPath& path, ConfigFile& file) {
        const std::string complaint = name_complaint(node.name);
        if (!complaint.empty()) {
            file.problems.add(path, node.name_offset,
                              "found " + in_quotes(node.name) + ", which " + complaint +
                                  "; the name of an action has " + std::string(kNameRule));
            return;
        }
        const auto [earlier, is_new] =
            names_.emplace(lower_ascii(node.name), Named{node.name, {&file, node.name_offset}});
        if (is_new) return;
        const Named& first = earlier->second;
        const bool same = first.name == node.name;
        file.problems.add(
            path, node.name_offset,
            in_quotes(node.name) +
                (same ? " is the name of another action, in "
                      : " differs only in case from " + in_quotes(first.name) + " in ") +
                text_of(first.place, file) + "; choose another name");
    }

    // Two actions that append to the same files would tear each other's lines.
    void check_folder(const ReadAction& action, const JsonNode& node, const JsonPath& path,
                      ConfigFile& file) {
        const auto* const log = std::get_if<LogSettings>(&action.settings.what);
        if (log == nullptr || !action.enabled) return;
        const auto [earlier, is_new] = folders_.emplace(
            folded_folder(log->folder), Named{node.name, {&file, node.name_offset}});
        if (is_new) return;
        file.problems.add(path, node.offset,
                          in_quotes(node.name) + " would write the same files as " +
                              in_quotes(earlier->second.name) + " in " +
                              text_of(earlier->second.place, file) +
                              "; give each its own \"folder\"");
    }

    struct Named {
        std::string name;
        Place place;
    };

    Settings& settings_;
    SwitchedOff& switched_off_;
    std::unordered_map<std::string, Named> names_;
    std::unordered_map<std::u16string, Named> folders_;
};

// Twins are in the same place of a table.
std::u16string place_in_table(const WatchSettings& effect) {
    std::u16string place;
    for (const KeyPath& key : effect.keys) place += key.folded() + u'\0';
    return place;
}

class WatchesReader {
public:
    WatchesReader(const DeclaredActions& actions, Settings& settings, SwitchedOff& switched_off)
        : actions_(actions), settings_(settings), switched_off_(switched_off) {}

    void read(ConfigFile& file, const ObjectReader* defaults) {
        const std::vector<JsonNode>* const nodes = file.reader->children("watches");
        if (nodes == nullptr) return;
        const JsonPath watches = file.reader->path_of("watches");
        for (std::size_t i = 0; i < nodes->size(); ++i) {
            const JsonNode& node = (*nodes)[i];
            const JsonPath path = watches.element(i);
            const std::size_t before = file.problems.count();
            ReadWatch watch = read_watch(node, path, actions_, defaults, file.problems);
            // What is wrong in two of them may have left the same behind.
            const bool is_whole = file.problems.count() == before;
            check_name(node, watch.settings.name, path, file);
            if (!watch.enabled) {
                switched_off_.watches.push_back(std::move(watch.settings));
                continue;
            }
            if (is_whole) check_effect(watch.settings, node, path, file);
            std::move(watch.patterns.begin(), watch.patterns.end(),
                      std::back_inserter(file.patterns));
            settings_.watches.push_back(std::move(watch.settings));
        }
    }

private:
    void check_name(const JsonNode& node, const std::string& name, const JsonPath& path,
                    ConfigFile& file) {
        const auto is_name = [](const JsonNode& child) { return child.name == "name"; };
        const auto found = std::find_if(node.children.begin(), node.children.end(), is_name);
        if (name.empty() || found == node.children.end()) return;
        const auto [earlier, is_new] =
            names_.emplace(lower_ascii(name), Place{&file, found->offset});
        if (is_new) return;
        file.problems.add(path.member("name"), found->offset,
                          "found " + in_quotes(name) + ", but the watch in " +
                              text_of(earlier->second, file) +
                              " has that name already (upper and lower case count as the same)");
    }

    void check_effect(const WatchSettings& watch, const JsonNode& node, const JsonPath& path,
                      ConfigFile& file) {
        WatchSettings effect = without_wording(watch);
        auto& alike = effects_[place_in_table(effect)];
        const auto earlier = std::find_if(alike.begin(), alike.end(),
                                          [&](const Effect& one) { return one.watch == effect; });
        if (earlier == alike.end()) {
            alike.push_back({std::move(effect), {&file, node.offset}});
            return;
        }
        file.problems.add(path, node.offset,
                          "this watch is the same as the one in " + text_of(earlier->place, file) +
                              " in all but its name, so that each change would be reported twice");
    }

    struct Effect {
        WatchSettings watch;  // without what makes no difference
        Place place;
    };

    const DeclaredActions& actions_;
    Settings& settings_;
    SwitchedOff& switched_off_;
    std::unordered_map<std::string, Place> names_;
    std::unordered_map<std::u16string, std::vector<Effect>> effects_;
};

// The "defaults" of each file, with those of its includer behind them.
class DefaultsReader {
public:
    const ObjectReader* read(ConfigFile& file, const DeclaredActions& actions) {
        const ObjectReader* const outer =
            file.includer == nullptr ? nullptr : of_file_[file.includer];
        const JsonNode* const node = file.reader->node("defaults");
        if (node == nullptr) return of_file_[&file] = outer;
        paths_.push_back(std::make_unique<JsonPath>(file.reader->path_of("defaults")));
        readers_.push_back(std::make_unique<ObjectReader>(*node, *paths_.back(), kDefaultsSection,
                                                          file.problems, outer));
        check_defaults(*readers_.back(), actions);
        return of_file_[&file] = readers_.back().get();
    }

private:
    std::map<const ConfigFile*, const ObjectReader*> of_file_;
    std::vector<std::unique_ptr<JsonPath>> paths_;
    std::vector<std::unique_ptr<ObjectReader>> readers_;
};

// Of all watches or actions, so that an included file cannot give itself more.
void read_limits(const ConfigFiles& files, Settings& settings) {
    std::uint64_t rate = settings.total_rate_limit;
    struct Limit {
        const char* field;
        std::uint64_t* value;
        const char* what;  // it says
    };
    const Limit limits[] = {
        {"max_entries", &settings.limits.entries, "how much all watches may keep"},
        {"max_bytes", &settings.limits.bytes, "how much all watches may keep"},
        {"total_rate_limit", &rate, "how many changes all actions may get"}};
    for (const auto& file : files) {
        if (!file->reader) continue;
        for (const Limit& limit : limits) {
            if (!file->reader->has(limit.field)) continue;
            if (file == files.front()) {
                *limit.value = file->reader->number(limit.field).value_or(*limit.value);
            } else {
                file->reader->refuse(
                    limit.field,
                    std::string("stands in a file that is included; only the main file says ") +
                        limit.what);
            }
        }
    }
    settings.total_rate_limit = static_cast<std::uint32_t>(rate);
}

void check_enough(ConfigFile& main, const DeclaredActions& actions, const Settings& settings,
                  bool has_watches) {
    ObjectReader& fields = *main.reader;
    // Whoever could not include something may have meant to find them there.
    const bool all_read = !fields.has("include") || main.problems.empty();
    if (all_read && !has_watches) fields.require("watches");
    if (all_read && actions.names.empty()) fields.require("actions");
    if (!actions.names.empty() && actions.enabled_names.empty()) {
        fields.refuse("actions", "has every action switched off, so that changes would go nowhere");
    }
    if (has_watches && settings.watches.empty()) {
        fields.refuse("watches", "has every watch switched off, so that nothing would be watched");
    }
}

}  // namespace

Settings read_settings(const ConfigFiles& files, SwitchedOff& switched_off) {
    Settings settings;
    ActionsReader actions(settings, switched_off);
    for (const auto& file : files) {
        if (file->reader) actions.read(*file);
    }
    read_limits(files, settings);
    DefaultsReader defaults;
    WatchesReader watches(actions.declared, settings, switched_off);
    bool has_watches = false;
    for (const auto& file : files) {
        if (!file->reader) continue;
        watches.read(*file, defaults.read(*file, actions.declared));
        has_watches = has_watches || file->reader->children("watches") != nullptr;
    }
    settings.state = read_state(files);
    if (files.front()->reader) {
        check_enough(*files.front(), actions.declared, settings, has_watches);
    }
    return settings;
}

}  // namespace regwatch
