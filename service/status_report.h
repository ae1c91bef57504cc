// What `status` tells of the running service: written by the service, read by the command.
//
// Pure; any thread. Times are text in UTC. Fields are only ever added.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/time.h"
#include "delivery/mute.h"
#include "engine.h"
#include "service/exit_code.h"

namespace regwatch {

struct ServiceFacts {
    std::string started_at;
    WallTime now{};
    std::uint64_t serial = 0;  // of this report, from 1

    std::string config;  // its file
    std::uint64_t generation =
        0;  // how many configurations were taken over, the first one included
    std::uint64_t reloads_done = 0;  // how often the file was looked at again, taken over or not
    std::string taken_over_at;
    bool last_good_in_use = false;
    std::vector<std::string> problems;   // of the file as it is now, if it was not taken over
    ExitCode refused_as = ExitCode::ok;  // what a start with that file would end with
    std::size_t watches = 0;
    std::size_t actions = 0;
    EngineStatus engine;
    std::vector<Mute> mutes;            // by command
    std::uint64_t event_log_lacks = 0;  // notices that it did not take and that are not told yet
};

[[nodiscard]] std::string status_json(const ServiceFacts& facts);

// From what status_json wrote to lines for people; nothing when it is none.
[[nodiscard]] std::string status_text(const std::string& json);

// What waiting for an answer needs of it.
struct StatusMark {
    std::string started_at;
    std::uint64_t serial = 0;
    std::uint64_t reloads_done = 0;
    std::vector<std::string> problems;
    ExitCode refused_as = ExitCode::ok;
    std::size_t watches = 0;
    std::size_t actions = 0;
    std::string state;  // of the store, as its name

    // Whether this one was written after the other.
    [[nodiscard]] bool is_newer_than(const StatusMark& other) const {
        return started_at != other.started_at || serial > other.serial;
    }
};
// Whether keys of this watch are in the status.
[[nodiscard]] bool status_has_watch(const std::string& json, const std::string& watch);
// Zeros when it is no status.
[[nodiscard]] StatusMark status_mark(const std::string& json);

}  // namespace regwatch
