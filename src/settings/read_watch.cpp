#include <algorithm>
#include <map>
#include <unordered_map>
#include <utility>

#include "registry/views.h"
#include "settings/nearest_name.h"
#include "settings/object_reader.h"
#include "settings/reach.h"
#include "settings/read_selection.h"
#include "settings/readers.h"
#include "settings/values.h"
#include "settings/wording.h"

namespace regwatch {
namespace {

constexpr std::size_t kMaxTagLength = 64;
constexpr std::size_t kMaxDescriptionLength = 1000;

std::size_t character_count(std::string_view utf8) {
    return static_cast<std::size_t>(std::count_if(utf8.begin(), utf8.end(), [](char c) {
        return (static_cast<unsigned char>(c) >> 6) != 2;
    }));
}

// In the order of kViews in watch_fields.cpp.
enum class Views { bits64, bits32, both };

bool lacks_view(const std::vector<KeyPath>& parsed, Views views) {
    return views != Views::bits64 && std::none_of(parsed.begin(), parsed.end(), has_32bit_view);
}

std::string complaint_about_key(const Result<std::vector<KeyPath>>& parsed, Views views,
                                bool recursive) {
    if (!parsed) return "is not the path of a key: " + parsed.error().reason;
    if (lacks_view(*parsed, views)) {
        return "is the same for 64-bit and for 32-bit programs; only keys below HKLM\\SOFTWARE and "
               "below Software\\Classes of a user have a 32-bit view; leave out \"view\"";
    }
    if (parsed->front().leaf() == u"**") {
        return "ends in \"**\"; \"recursive\": true watches everything below a key";
    }
    if (recursive && parsed->front().root == Root::users && parsed->front().is_root()) {
        return "would, with \"recursive\", keep every user's hive from being unloaded; write "
               "\"HKU\\*\", of which RegWatch lets go when a user logs off";
    }
    return complaint_about_stars(parsed->front().subkey);
}

// In each view that was asked for. Who watches all below a key that has the 32-bit keys below it
// watches them too.
void add_key(std::vector<KeyPath>& keys, KeyPath key, Views views, bool recursive) {
    if (views == Views::bits32) {
        if (has_32bit_view(key)) keys.push_back(std::move(key));
        return;
    }
    const bool both =
        views == Views::both && has_32bit_view(key) && !(recursive && contains_32bit_view(key));
    KeyPath other = key;
    other.view = View::bits32;
    keys.push_back(std::move(key));
    if (both) keys.push_back(std::move(other));
}

void read_keys(ObjectReader& reader, Views views, ReadWatch& watch) {
    std::vector<KeyPath>& keys = watch.settings.keys;
    const bool recursive = watch.settings.recursive;
    std::unordered_map<std::u16string, std::string_view> seen;
    const View view = views == Views::bits32 ? View::bits32 : View::bits64;
    const std::vector<JsonNode>* const entries = reader.children("keys");
    if (entries == nullptr) return;
    const JsonPath path = reader.path_of("keys");
    for (std::size_t i = 0; i < entries->size(); ++i) {
        const JsonNode& entry = (*entries)[i];
        if (entry.kind != JsonKind::string) continue;
        auto parsed = KeyPath::parse_all(entry.text, view);
        const std::string complaint = complaint_about_key(parsed, views, recursive);
        if (!complaint.empty()) {
            reader.refuse_entry("keys", i, complaint, control_character_at(entry.text));
            continue;
        }
        const auto [earlier, is_new] = seen.emplace(parsed->front().folded(), entry.text);
        if (!is_new) {
            reader.refuse_entry("keys", i, "is the same key as " + in_quotes(earlier->second));
            continue;
        }
        const bool is_pattern = parsed->front().has_wildcards();
        const auto before = static_cast<std::ptrdiff_t>(keys.size());
        for (KeyPath& key : *parsed) add_key(keys, std::move(key), views, recursive);
        if (!is_pattern) continue;
        const Problem place{{}, 0, 0, path.element(i).pointer(), {}};
        watch.patterns.push_back(
            {entry.offset, {place, {keys.begin() + before, keys.end()}, watch.settings.max_keys}});
    }
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
            reader.refuse_entry("tags", i, "holds the control character " + control,
                                control_character_at(tags[i]));
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
    std::string out = "is not the name of an action";
    out += did_you_mean(nearest_name(name, declared.names));
    if (known.empty() || known.size() > kMaxListed) return out;
    return out + "; there is " + listed(known, "and");
}

void add_filter(WatchSettings& watch, const std::string& action, const ChangeFilter& filter) {
    if (filter == ChangeFilter{}) return;
    watch.filters.push_back({action, filter});
}

// The actions that a watch names, one after another.
class UseReader {
public:
    UseReader(ObjectReader& reader, const DeclaredActions& declared, WatchSettings& watch)
        : reader_(reader), declared_(declared), watch_(watch) {}

    void read(const std::vector<JsonNode>& entries) {
        for (std::size_t i = 0; i < entries.size(); ++i) read_entry(entries[i], i);
        if (watch_.actions.empty() && all_known_) {
            reader_.refuse("actions",
                           "names only actions that are switched off (\"enabled\": false)");
        }
    }

private:
    void read_entry(const JsonNode& entry, std::size_t index) {
        const JsonPath list = reader_.path_of("actions");
        if (entry.kind == JsonKind::object) {
            const JsonPath path = list.element(index);
            ProblemList& problems = reader_.problems_of("actions");
            ObjectReader use(entry, path, kUseSection, problems);
            const ChangeFilter when = read_when(use);
            const std::string* const name = use.text("use");
            if (name == nullptr) {
                all_known_ = false;
                return;
            }
            take(*name, when, entry, [&](std::string_view why) { use.refuse("use", why); });
        } else if (entry.kind == JsonKind::string) {
            take(entry.text, {}, entry,
                 [&](std::string_view why) { reader_.refuse_entry("actions", index, why); });
        } else {
            all_known_ = false;
            reader_.refuse_entry("actions", index, "is neither a string nor an object");
        }
    }

    template <class Refuse>
    void take(const std::string& name, const ChangeFilter& when, const JsonNode& entry,
              const Refuse& refuse) {
        const ProblemList& problems = reader_.problems_of("actions");
        const auto [earlier, is_new] = seen_.emplace(name, &entry);
        if (!is_new) {
            refuse("is here twice; the first one is in " +
                   problems.line_of(earlier->second->offset));
            return;
        }
        const auto found = declared_.by_name.find(name);
        if (found == declared_.by_name.end()) {
            all_known_ = false;
            if (name.empty()) return refuse("is empty");
            return refuse(problems.is_full() ? "" : complaint_about_action(name, declared_));
        }
        if (!found->second.enabled) return;
        watch_.actions.push_back(name);
        add_filter(watch_, name, found->second.when);
        add_filter(watch_, name, when);
        if (when.severity > watch_.severity) {
            refuse("would get nothing, because its \"when\" asks for a higher severity than \"" +
                   std::string(name_of(watch_.severity)) + "\", which the watch has");
        }
    }

    ObjectReader& reader_;
    const DeclaredActions& declared_;
    WatchSettings& watch_;
    std::map<std::string_view, const JsonNode*> seen_;
    bool all_known_ = true;
};

void read_actions(ObjectReader& reader, const DeclaredActions& declared, WatchSettings& watch) {
    if (!reader.has("actions")) {
        watch.actions = declared.enabled_names;
        for (const std::string& name : watch.actions) {
            add_filter(watch, name, declared.by_name.find(name)->second.when);
        }
    } else if (const std::vector<JsonNode>* const entries = reader.children("actions")) {
        UseReader(reader, declared, watch).read(*entries);
    }
}

std::vector<MuteWindow> read_mute_windows(ObjectReader& reader) {
    std::vector<MuteWindow> windows;
    const std::vector<std::string> texts = read_texts(reader, "mute_at");
    for (std::size_t i = 0; i < texts.size(); ++i) {
        auto window = MuteWindow::parse(texts[i]);
        if (window) {
            windows.push_back(std::move(window).value());
        } else if (!texts[i].empty()) {
            reader.refuse_entry("mute_at", i, "is no such time");
        }
    }
    return windows;
}

// Fields that "defaults" may have too.
void read_shared(ObjectReader& reader, const DeclaredActions& actions, WatchSettings& watch) {
    watch.recursive = reader.flag("recursive", watch.recursive);
    read_selection(reader, watch);
    if (const auto severity = reader.choice("severity")) {
        watch.severity = static_cast<Severity>(*severity);
    }
    watch.tags = read_texts(reader, "tags");
    check_tags(reader, watch.tags);
    watch.techniques = read_texts(reader, "techniques");
    check_techniques(reader, watch.techniques);
    for (const std::string_view field : {"tags", "techniques", "mute_at"})
        check_empty(reader, field);
    read_actions(reader, actions, watch);
    const ChangeFilter when = read_when(reader);
    for (const std::string& action : watch.actions) add_filter(watch, action, when);
    watch.mute_at = read_mute_windows(reader);
    if (const auto debounce = reader.number("debounce"))
        watch.debounce = std::chrono::milliseconds(*debounce);
}

std::string read_description(ObjectReader& reader) {
    const std::string* const text = reader.text("description");
    if (text == nullptr) return {};
    const std::string control = first_control_character(*text);
    if (!control.empty()) {
        reader.refuse("description", "holds the control character " + control,
                      control_character_at(*text));
    } else if (character_count(*text) > kMaxDescriptionLength) {
        reader.refuse("description", "is too long");
    }
    return *text;
}

}  // namespace

void check_defaults(ObjectReader& defaults, const DeclaredActions& actions) {
    WatchSettings nobody;
    nobody.severity = Severity::critical;  // a watch may have more than the default
    read_shared(defaults, actions, nobody);
}

ReadWatch read_watch(const JsonNode& node, const JsonPath& path, const DeclaredActions& actions,
                     const ObjectReader* defaults, ProblemList& problems) {
    ReadWatch watch;
    if (node.kind != JsonKind::object) {
        problems.add(path, node.offset,
                     "found " + describe(node) +
                         "; a watch is an object such as {\"name\": \"run\", \"keys\": "
                         "[\"HKLM\\\\SOFTWARE\"]}");
        return watch;
    }
    const std::size_t problems_before = problems.count();
    ObjectReader reader(node, path, kWatchSection, problems, defaults);
    if (const std::string* name = reader.text("name")) {
        const std::string complaint = name_complaint(*name);
        if (!complaint.empty()) reader.refuse("name", complaint);
        watch.settings.name = *name;
    }
    watch.settings.description = read_description(reader);
    read_shared(reader, actions, watch.settings);
    const auto views = static_cast<Views>(reader.choice("view").value_or(0));
    watch.settings.both_views = views == Views::both;
    read_keys(reader, views, watch);
    watch.enabled = reader.flag("enabled", true);
    watch.settings.expect = read_expectations(reader, watch.settings);
    watch.settings.enforce = reader.flag("enforce", false);
    if (watch.settings.enforce && !reader.has("expect"))
        reader.refuse("enforce", "enforces nothing, because there is no \"expect\"");
    if (problems.count() != problems_before) return watch;
    const std::string why = why_it_reaches_nobody(watch.settings);
    if (!why.empty())
        problems.add(path, node.offset,
                     "no action would get a change of this watch, because " + why);
    return watch;
}

}  // namespace regwatch
