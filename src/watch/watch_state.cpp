#include "watch/watch_state.h"

namespace regwatch {

const char* name_of(WatchState state) noexcept {
    switch (state) {
        case WatchState::starting:
            return "starting";
        case WatchState::watching:
            return "watching";
        case WatchState::waiting:
            return "waiting";
        case WatchState::retrying:
            return "retrying";
        case WatchState::closed:
            return "closed";
        case WatchState::no_match:
            return "no_match";
        case WatchState::at_limit:
            return "at_limit";
        case WatchState::shared:
            return "shared";
    }
    return "closed";
}

}  // namespace regwatch
