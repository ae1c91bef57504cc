#include "service/status_report.h"

#include <algorithm>
#include <array>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>

#include "service/mutes.h"
#include "text/time.h"

namespace regwatch {
namespace {

using nlohmann::ordered_json;

// All that there are.
constexpr std::array kStates = {WatchState::watching, WatchState::waiting,  WatchState::retrying,
                                WatchState::starting, WatchState::no_match, WatchState::at_limit,
                                WatchState::shared,   WatchState::closed};

ordered_json keys_json(const std::vector<WatchStatus>& watches) {
    ordered_json keys = ordered_json::array();
    for (const WatchStatus& watch : watches) {
        ordered_json key = {
            {"watch", watch.watch}, {"key", watch.key}, {"state", name_of(watch.state)}};
        if (!watch.error.empty()) key["error"] = watch.error;
        keys.push_back(std::move(key));
    }
    return keys;
}

ordered_json counts_json(const std::vector<WatchStatus>& watches) {
    std::map<WatchState, std::size_t> counts;
    for (const WatchStatus& watch : watches) ++counts[watch.state];
    ordered_json by_state;
    for (const WatchState state : kStates) by_state[name_of(state)] = counts[state];
    return by_state;
}

ordered_json actions_json(const std::vector<QueueStatus>& queues) {
    ordered_json actions = ordered_json::array();
    for (const QueueStatus& queue : queues)
        actions.push_back(
            {{"name", queue.action}, {"queued", queue.queued}, {"dropped", queue.dropped}});
    return actions;
}

ordered_json fights_json(const std::vector<GivenUp>& given_up) {
    ordered_json fights = ordered_json::array();
    for (const GivenUp& one : given_up)
        fights.push_back({{"by", one.by}, {"watch", one.watch}, {"what", one.what}});
    return fights;
}

ordered_json muted_json(const std::vector<Mute>& mutes, WallTime now) {
    ordered_json muted = ordered_json::array();
    for (const Mute& mute : mutes) {
        if (mute.until > now)
            muted.push_back({{"watch", mute.watch}, {"until", mute_end_text(mute.until)}});
    }
    return muted;
}

// Whoever edits the file by hand gets what can be made of it, and no exception.
std::string text_at(const ordered_json& json, const char* pointer) {
    const ordered_json::json_pointer place(pointer);
    if (!json.contains(place)) return "?";
    const auto& value = json.at(place);
    return value.is_string() ? value.get<std::string>() : value.dump();
}

std::uint64_t number_at(const ordered_json& json, const char* pointer) {
    const ordered_json::json_pointer place(pointer);
    if (!json.contains(place) || !json.at(place).is_number_unsigned()) return 0;
    return json.at(place).get<std::uint64_t>();
}

std::vector<std::string> texts_at(const ordered_json& json, const char* pointer) {
    std::vector<std::string> texts;
    const ordered_json::json_pointer place(pointer);
    if (!json.contains(place) || !json.at(place).is_array()) return texts;
    for (const auto& text : json.at(place))
        if (text.is_string()) texts.push_back(text.get<std::string>());
    return texts;
}

void add_config(const ordered_json& json, std::string& out) {
    out += "Configuration: " + text_at(json, "/config/file") + ", taken over " +
           text_at(json, "/config/taken_over_at") + " (generation " +
           text_at(json, "/config/generation") + "; " + text_at(json, "/config/watches") +
           " watch(es), " + text_at(json, "/config/actions") + " action(s))\n";
    if (text_at(json, "/config/last_good_in_use") == "true")
        out += "  This is the last good one; the file cannot be used.\n";
    const auto problems = texts_at(json, "/config/problems");
    if (!problems.empty()) out += "  The file as it is now was not taken over:\n";
    for (const std::string& problem : problems) out += "    " + problem + "\n";
}

// Empty: none that somebody could do something about.
std::string trouble_of(const ordered_json& key) {
    if (!key.is_object()) return {};
    if (key.contains("error")) return text_at(key, "/error");
    const std::string state = text_at(key, "/state");
    if (state == name_of(WatchState::no_match)) return "no key fits it now";
    if (state == name_of(WatchState::at_limit)) return "not all of it is watched";
    return {};
}

void add_keys(const ordered_json& json, std::string& out) {
    out += "Keys:";
    for (const WatchState state : kStates) {
        const std::string name = name_of(state);
        const auto count = number_at(json, ("/keys/by_state/" + name).c_str());
        if (count != 0 || state == WatchState::watching)
            out += " " + std::to_string(count) + " " + name;
    }
    out += "\n";
    const ordered_json::json_pointer list("/keys/list");
    if (!json.contains(list) || !json.at(list).is_array()) return;
    for (const auto& key : json.at(list)) {
        const std::string trouble = trouble_of(key);
        if (!trouble.empty())
            out += "  " + text_at(key, "/key") + " (watch " + text_at(key, "/watch") +
                   "): " + trouble + "\n";
    }
}

void add_counts(const ordered_json& json, std::string& out) {
    out += "Changes: " + text_at(json, "/changes") + " since the start, the last has the number " +
           text_at(json, "/last_sequence") + "\n  " + text_at(json, "/merged") + " merged, " +
           text_at(json, "/truncated") + " truncated, " + text_at(json, "/dropped") + " dropped, " +
           text_at(json, "/given_up") + " given up, " + text_at(json, "/missing_in_history") +
           " missing in the history\nState: " + text_at(json, "/state") + "\n";
}

void add_actions(const ordered_json& json, std::string& out) {
    const ordered_json::json_pointer list("/actions");
    if (!json.contains(list) || !json.at(list).is_array()) return;
    for (const auto& action : json.at(list))
        out += "Action " + text_at(action, "/name") + ": " + text_at(action, "/queued") +
               " queued, " + text_at(action, "/dropped") + " dropped\n";
}

void add_muted(const ordered_json& json, std::string& out) {
    const ordered_json::json_pointer list("/muted");
    if (!json.contains(list) || !json.at(list).is_array()) return;
    for (const auto& mute : json.at(list))
        out += "Muted: " + muted_name(text_at(mute, "/watch")) + " until " +
               text_at(mute, "/until") + "\n";
}

void add_left_alone(const ordered_json& json, std::string& out) {
    const ordered_json::json_pointer list("/left_alone");
    if (!json.contains(list) || !json.at(list).is_array()) return;
    for (const auto& one : json.at(list))
        out += "Left alone, because somebody changes it again and again: " + text_at(one, "/what") +
               " (watch " + text_at(one, "/watch") + ", by " + text_at(one, "/by") + ")\n";
}

}  // namespace

std::string status_json(const ServiceFacts& facts) {
    const ordered_json status = {
        {"version", REGWATCH_VERSION},
        {"started_at", facts.started_at},
        {"written_at", to_iso_text(facts.now)},
        {"serial", facts.serial},
        {"config",
         {{"file", facts.config},
          {"generation", facts.generation},
          {"taken_over_at", facts.taken_over_at},
          {"reloads_done", facts.reloads_done},
          {"last_good_in_use", facts.last_good_in_use},
          {"problems", facts.problems},
          {"refused_as", static_cast<int>(facts.refused_as)},
          {"watches", facts.watches},
          {"actions", facts.actions}}},
        {"state", name_of(facts.engine.store)},
        {"last_sequence", facts.engine.counts.last_sequence},
        {"changes", facts.engine.counts.changes},
        {"merged", facts.engine.counts.merged},
        {"truncated", facts.engine.counts.truncated},
        {"dropped", facts.engine.dropped},
        {"given_up", facts.engine.counts.lost},
        {"missing_in_history", facts.engine.counts.missing},
        {"registrations", facts.engine.registrations},
        {"keys",
         {{"total", facts.engine.watches.size()},
          {"by_state", counts_json(facts.engine.watches)},
          {"list", keys_json(facts.engine.watches)}}},
        {"actions", actions_json(facts.engine.queues)},
        {"muted", muted_json(facts.mutes, facts.now)},
        {"left_alone", fights_json(facts.engine.given_up)},
        {"event_log_lacks", facts.event_log_lacks},
    };
    return status.dump(4, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

std::string status_text(const std::string& json) {
    const auto status = ordered_json::parse(json, nullptr, false);
    if (!status.is_object()) return {};
    std::string out = "RegWatch " + text_at(status, "/version") + " is running since " +
                      text_at(status, "/started_at") + ".\n";
    add_config(status, out);
    add_keys(status, out);
    add_counts(status, out);
    add_actions(status, out);
    add_muted(status, out);
    add_left_alone(status, out);
    if (number_at(status, "/event_log_lacks") != 0)
        out += "The Event Log takes no events now: it lacks " +
               text_at(status, "/event_log_lacks") + " notice(s), which are in regwatch.log\n";
    return out;
}

bool status_has_watch(const std::string& json, const std::string& watch) {
    const auto status = ordered_json::parse(json, nullptr, false);
    const ordered_json::json_pointer list("/keys/list");
    if (!status.is_object() || !status.contains(list) || !status.at(list).is_array()) return false;
    const auto& keys = status.at(list);
    return std::any_of(keys.begin(), keys.end(),
                       [&](const auto& key) { return text_at(key, "/watch") == watch; });
}

StatusMark status_mark(const std::string& json) {
    const auto status = ordered_json::parse(json, nullptr, false);
    if (!status.is_object()) return {};
    StatusMark mark;
    mark.started_at = text_at(status, "/started_at");
    mark.serial = number_at(status, "/serial");
    mark.reloads_done = number_at(status, "/config/reloads_done");
    mark.problems = texts_at(status, "/config/problems");
    // Of a service that is older than the command.
    mark.refused_as = mark.problems.empty() ? ExitCode::ok : ExitCode::config_invalid;
    if (const auto code = number_at(status, "/config/refused_as"); code != 0)
        mark.refused_as = static_cast<ExitCode>(code);
    mark.watches = number_at(status, "/config/watches");
    mark.actions = number_at(status, "/config/actions");
    mark.state = text_at(status, "/state");
    return mark;
}

}  // namespace regwatch
