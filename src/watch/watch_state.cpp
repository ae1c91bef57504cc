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
    }
    return "closed";
}

}  // namespace regwatch
