#include "service/mutes.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "service/history_text.h"
#include "text/time.h"

namespace regwatch {
namespace {

using nlohmann::ordered_json;

Error no_mutes(const char* why) {
    return {ErrorKind::invalid, 0, "reading what is muted", kMutesFile, why};
}

}  // namespace

std::string mutes_json(const std::vector<Mute>& mutes) {
    ordered_json list = ordered_json::array();
    for (const Mute& mute : mutes)
        list.push_back({{"watch", mute.watch}, {"until", mute_end_text(mute.until)}});
    return ordered_json{{"mutes", std::move(list)}}.dump(4) + "\n";
}

Result<std::vector<Mute>> parse_mutes(std::string_view json) {
    const auto parsed = ordered_json::parse(json, nullptr, false);
    if (!parsed.is_object() || !parsed.contains("mutes") || !parsed.at("mutes").is_array())
        return no_mutes("it is no list of mutes");
    std::vector<Mute> mutes;
    for (const auto& entry : parsed.at("mutes")) {
        if (!entry.is_object() || !entry.contains("watch") || !entry.contains("until") ||
            !entry.at("watch").is_string() || !entry.at("until").is_string())
            return no_mutes("an entry is no mute");
        const auto until = parse_moment(entry.at("until").get<std::string>(), WallTime{});
        if (!until) return no_mutes("the end of a mute is no time");
        mutes.push_back({entry.at("watch").get<std::string>(), *until});
    }
    return mutes;
}

std::vector<Mute> with_mute(std::vector<Mute> mutes, const Mute& mute, WallTime now) {
    std::erase_if(
        mutes, [&](const Mute& known) { return known.until <= now || known.watch == mute.watch; });
    if (mute.until > now) mutes.push_back(mute);
    return mutes;
}

MuteSchedules schedules_of(const Settings& settings) {
    MuteSchedules schedules;
    for (const WatchSettings& watch : settings.watches) {
        if (!watch.mute_at.empty()) schedules[watch.name] = watch.mute_at;
    }
    return schedules;
}

std::string muted_name(const std::string& watch) {
    return watch.empty() ? "every watch" : "the watch " + watch;
}

std::string mute_end_text(WallTime until) { return to_iso_text(until).substr(0, 19) + "Z"; }

}  // namespace regwatch
