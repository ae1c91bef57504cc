// What the config says, as plain values. Whoever holds one of these holds a config that was checked
// as a whole: names are unique, references resolve, paths parse, limits hold.
//
// Plain values; any thread. Made by settings/loader.h, or in code by `watch` and by tests.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/severity.h"
#include "base/time.h"
#include "registry/diff.h"
#include "registry/extent.h"
#include "registry/key_path.h"
#include "registry/selection.h"
#include "settings/change_filter.h"
#include "settings/expectation.h"
#include "settings/mute_window.h"

namespace regwatch {

struct ActionFilter {
    std::string action;
    ChangeFilter filter;

    friend bool operator==(const ActionFilter&, const ActionFilter&) = default;
};

// Which kinds of differences a watch reports. Unless something else is said all but new permissions,
// which every key has to be asked for.
class ChangeKinds {
public:
    ChangeKinds() = default;
    static ChangeKinds none() { return ChangeKinds(0); }
    void add(DifferenceKind kind) { bits_ |= bit(kind); }
    [[nodiscard]] bool has(DifferenceKind kind) const { return (bits_ & bit(kind)) != 0; }

    friend bool operator==(const ChangeKinds&, const ChangeKinds&) = default;

private:
    explicit ChangeKinds(std::uint32_t bits) : bits_(bits) {}
    static std::uint32_t bit(DifferenceKind kind) {
        return std::uint32_t{1} << static_cast<unsigned>(kind);
    }

    std::uint32_t bits_ = ~bit(DifferenceKind::security_changed);
};

// How much of the keys is kept in memory, to be compared with. What is beyond is not watched.
struct KeepLimits {
    std::uint64_t entries = 1'000'000;  // keys and values
    std::uint64_t bytes = 268'435'456;  // of their names and data

    friend bool operator==(const KeepLimits&, const KeepLimits&) = default;
};

struct WatchSettings {
    std::string name;
    // May hold wildcards within a component, "**" for any number of them, and current_user, which
    // means every user's hive.
    std::vector<KeyPath> keys;
    bool recursive = false;
    bool both_views = false;  // a key in the 32-bit view that is shared is left to the other view
    Selection selection{};
    ChangeKinds changes{};
    std::uint32_t max_keys = 10'000;           // that one pattern may find
    std::uint64_t max_value_size = 1'048'576;  // bytes of data in a record; more is cut
    KeepLimits limits{};
    Severity severity = Severity::medium;
    std::vector<std::string> tags;
    std::vector<std::string> techniques;
    std::vector<std::string> actions;  // names of actions
    // An action gets the changes that pass every filter under its name; other changes do not count
    // as undelivered. The action's own filter is among them.
    std::vector<ActionFilter> filters{};
    std::string description{};
    std::vector<Expectation> expect{};
    bool enforce = false;  // what is not as expected is written back
    std::vector<MuteWindow> mute_at{};
    Duration debounce{};  // how long changes are gathered before the key is looked at

    friend bool operator==(const WatchSettings&, const WatchSettings&) = default;
};

// Whether a key that is watched for `a` need not be looked at anew for `b`: all but the keys
// themselves, and what is only done with its changes, is equal.
[[nodiscard]] bool looks_alike(const WatchSettings& a, const WatchSettings& b);

// What a look has to find out for the watch: where renamed keys are not reported as such, they are
// keys that went and keys that came.
[[nodiscard]] Renamed renames_told_by(const WatchSettings& watch);
// With the key that redacted data is concealed with.
[[nodiscard]] Extent extent_of(const WatchSettings& watch, const ConcealingKey& key);

struct LogSettings {
    std::string folder;  // UTF-8, absolute; empty: the logs folder of the data directory
    std::uint64_t max_file_size = 10'485'760;  // 10 MB; a new file is begun beyond it
    std::uint32_t max_files = 10;

    friend bool operator==(const LogSettings&, const LogSettings&) = default;
};

struct EventLogSettings {
    friend bool operator==(const EventLogSettings&, const EventLogSettings&) = default;
};

// What becomes of a program that others than administrators may change.
enum class UnsafeFiles { refuse, warn };

struct ProgramSettings {
    std::string file;  // UTF-8, absolute
    std::vector<std::string> arguments;
    std::string working_directory;
    Duration timeout = std::chrono::seconds(30);
    std::vector<std::pair<std::string, std::string>> environment;  // added to a short list
    std::string sha256;                                            // lower case; empty: any
    UnsafeFiles unsafe_files = UnsafeFiles::refuse;
    std::uint64_t output_limit = 65'536;  // 64 KB
    std::uint32_t max_processes = 32;
    std::uint64_t max_memory = 1'073'741'824;  // 1 GB, of all its processes together
    std::string execution_policy = "RemoteSigned";

    friend bool operator==(const ProgramSettings&, const ProgramSettings&) = default;
};

struct RestoreSettings {
    friend bool operator==(const RestoreSettings&, const RestoreSettings&) = default;
};

struct ActionSettings {
    std::string name;
    std::variant<LogSettings, EventLogSettings, ProgramSettings, RestoreSettings> what;
    std::size_t queue_limit = 10'000;  // changes
    Duration retry_for = std::chrono::hours(24);
    std::uint32_t rate_limit = 0;  // changes a minute of one watch; 0: any number
    std::uint32_t total_rate_limit = 0;
    ChangeFilter when{};  // is in the filters of every watch that uses the action

    friend bool operator==(const ActionSettings&, const ActionSettings&) = default;
};

// What of a key that has never been seen before is a change.
enum class Unseen : std::uint8_t { accept, report };

// What is kept of the past and for how long, and how often it is said that all goes well.
struct StateSettings {
    Unseen on_first_start = Unseen::accept;
    Duration heartbeat = std::chrono::hours(1);
    // Older or more changes are forgotten, unless an action is still owed them.
    Duration history_age = std::chrono::hours(24 * 90);
    std::uint64_t history_count = 1'000'000;
    // Older or more deliveries of one action are given up, and counted.
    Duration pending_age = std::chrono::hours(24 * 7);
    std::uint64_t pending_count = 100'000;

    friend bool operator==(const StateSettings&, const StateSettings&) = default;
};

struct Settings {
    std::vector<WatchSettings> watches;
    std::vector<ActionSettings> actions;
    StateSettings state{};
    KeepLimits limits{4'000'000, 1'073'741'824};  // of all watches together
    std::uint32_t total_rate_limit = 0;  // changes a minute of all actions together; 0: any number

    friend bool operator==(const Settings&, const Settings&) = default;
};

}  // namespace regwatch
