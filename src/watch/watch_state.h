// Where a watched key stands; for status and for people. Plain values; any thread.
#pragma once

#include <string>

namespace regwatch {

enum class WatchState {
    starting,
    watching,
    waiting,
    retrying,
    closed,
    no_match,  // of a pattern: no key fits it now
    at_limit,  // of a pattern: more keys fit than it may have; of a key: not all of it is watched
    shared,    // of a key in the 32-bit view: it is the same one as in the 64-bit view
};
[[nodiscard]] const char* name_of(WatchState state) noexcept;

struct KeyStatus {
    WatchState state = WatchState::starting;
    std::string error;  // of `retrying`, or of what cannot be watched although the key is
};

// One key that is watched or waited for, of one watch of the config.
struct WatchStatus {
    std::string watch;
    std::string key;
    WatchState state = WatchState::starting;
    std::string error;  // as KeyStatus has it
};

}  // namespace regwatch
