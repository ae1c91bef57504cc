#include <algorithm>
#include <unordered_map>
#include <utility>

#include "settings/nearest_name.h"
#include "settings/object_reader.h"
#include "settings/readers.h"
#include "settings/values.h"
#include "settings/wording.h"

namespace regwatch {
namespace {

constexpr std::size_t kMaxTagLength = 64;

std::size_t character_count(std::string_view utf8) {
    return static_cast<std::size_t>(std::count_if(utf8.begin(), utf8.end(), [](char c) {
        return (static_cast<unsigned char>(c) >> 6) != 2;
    }));
}

std::string complaint_about_key(const Result<KeyPath>& parsed) {
    if (!parsed) return "is not the path of a key: " + parsed.error().reason;
    for (const std::u16string& component : parsed->components()) {
        if (component.find(u"**") != std::u16string::npos) {
            return "holds \"**\"; a '*' stands for any text within one name, and \"recursive\": "
                   "true "
                   "watches everything below";
        }
    }
    return {};
}

std::vector<KeyPath> read_keys(ObjectReader& reader, View view) {
    std::vector<KeyPath> keys;
    std::unordered_map<std::u16string, std::string_view> seen;
    const std::vector<JsonNode>* const entries = reader.children("keys");
    if (entries == nullptr) return keys;
    for (std::size_t i = 0; i < entries->size(); ++i) {
        const JsonNode& entry = (*entries)[i];
        if (entry.kind != JsonKind::string) continue;
        Result<KeyPath> parsed = KeyPath::parse(std::string_view(entry.text), view);
        const std::string complaint = complaint_about_key(parsed);
        if (!complaint.empty()) {
            reader.refuse_entry("keys", i, complaint);
            continue;
        }
        const auto [earlier, is_new] = seen.emplace(parsed->folded(), entry.text);
        if (is_new) {
            keys.push_back(std::move(parsed).value());
        } else {
            reader.refuse_entry("keys", i, "is the same key as " + in_quotes(earlier->second));
        }
    }
    return keys;
}

std::vector<std::string> read_texts(const ObjectReader& reader, std::string_view field) {
    std::vector<std::string> texts;
    const std::vector<JsonNode>* const entries = reader.children(field);
    if (entries == nullptr) return texts;
    for (const JsonNode& entry : *entries) texts.push_back(entry.text);
    return texts;
}

void check_tags(ObjectReader& reader, const std::vector<std::string>& tags) {
    for (std::size_t i = 0; i < tags.size(); ++i) {
        const std::string control = first_control_character(tags[i]);
        if (!control.empty()) {
            reader.refuse_entry("tags", i, "holds the control character " + control);
        } else if (character_count(tags[i]) > kMaxTagLength) {
            reader.refuse_entry("tags", i, "is too long");
        }
    }
}

// Entries that are no strings are reported already, and have no text here.
void check_empty(ObjectReader& reader, std::string_view field) {
    const std::vector<JsonNode>* const entries = reader.children(field);
    if (entries == nullptr) return;
    for (std::size_t i = 0; i < entries->size(); ++i) {
        const JsonNode& entry = (*entries)[i];
        if (entry.kind == JsonKind::string && entry.text.empty())
            reader.refuse_entry(field, i, "is empty");
    }
}

void check_techniques(ObjectReader& reader, const std::vector<std::string>& techniques) {
    for (std::size_t i = 0; i < techniques.size(); ++i) {
        if (!techniques[i].empty() && !is_technique(techniques[i]))
            reader.refuse_entry("techniques", i, "is not a technique");
    }
}

std::string complaint_about_action(const std::string& name, const DeclaredActions& declared) {
    constexpr std::size_t kMaxListed = 10;
    std::vector<std::string> known;
    for (const std::string_view other : declared.names) known.push_back(in_quotes(other));
    std::string out = "is not the name of an action in this file";
    out += did_you_mean(nearest_name(name, declared.names));
    if (known.empty() || known.size() > kMaxListed) return out;
    return out + "; there is " + listed(known, "and");
}

std::vector<std::string> read_actions(ObjectReader& reader, const DeclaredActions& declared,
                                      const ProblemList& problems) {
    if (!reader.has("actions")) return declared.enabled_names;
    std::vector<std::string> names;
    bool all_known = true;
    const std::vector<JsonNode>* const entries = reader.children("actions");
    if (entries == nullptr) return names;
    for (std::size_t i = 0; i < entries->size(); ++i) {
        const JsonNode& entry = (*entries)[i];
        const auto found = declared.enabled.find(entry.text);
        if (found == declared.enabled.end()) {
            all_known = false;
            if (entry.kind != JsonKind::string || entry.text.empty()) continue;
            const std::string complaint =
                problems.is_full() ? "" : complaint_about_action(entry.text, declared);
            reader.refuse_entry("actions", i, complaint);
        } else if (found->second) {
            names.push_back(entry.text);
        }
    }
    if (names.empty() && all_known) {
        reader.refuse("actions", "names only actions that are switched off (\"enabled\": false)");
    }
    return names;
}

}  // namespace

ReadWatch read_watch(const JsonNode& node, const JsonPath& path, const DeclaredActions& actions,
                     ProblemList& problems) {
    ReadWatch watch;
    if (node.kind != JsonKind::object) {
        problems.add(path, node.offset,
                     "found " + describe(node) +
                         "; a watch is an object such as {\"name\": \"run\", \"keys\": "
                         "[\"HKLM\\\\SOFTWARE\"]}");
        return watch;
    }
    ObjectReader reader(node, path, kWatchSection, problems);
    if (const std::string* name = reader.text("name")) {
        const std::string complaint = name_complaint(*name);
        if (!complaint.empty()) reader.refuse("name", complaint);
        watch.settings.name = *name;
    }
    const View view = reader.choice("view").value_or(0) == 0 ? View::bits64 : View::bits32;
    watch.settings.keys = read_keys(reader, view);
    watch.settings.recursive = reader.flag("recursive", watch.settings.recursive);
    if (const auto severity = reader.choice("severity")) {
        watch.settings.severity = static_cast<Severity>(*severity);
    }
    watch.settings.tags = read_texts(reader, "tags");
    check_tags(reader, watch.settings.tags);
    watch.settings.techniques = read_texts(reader, "techniques");
    check_techniques(reader, watch.settings.techniques);
    for (const std::string_view field : {"tags", "techniques", "actions"})
        check_empty(reader, field);
    watch.settings.actions = read_actions(reader, actions, problems);
    watch.enabled = reader.flag("enabled", true);
    return watch;
}

}  // namespace regwatch
