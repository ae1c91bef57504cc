#include "service/service_state.h"

namespace regwatch {
namespace {

constexpr ServiceState::Answer kRefused{true, std::nullopt};
constexpr ServiceState::Answer kNothingToSay{false, std::nullopt};

bool is_pending(ServicePhase phase) noexcept {
    return phase == ServicePhase::starting || phase == ServicePhase::stopping;
}

}  // namespace

const char* name_of(ServicePhase phase) noexcept {
    switch (phase) {
        case ServicePhase::starting:
            return "starting";
        case ServicePhase::running:
            return "running";
        case ServicePhase::stopping:
            return "stopping";
        case ServicePhase::stopped:
            return "stopped";
    }
    return "unknown";
}

ServiceState::Answer ServiceState::apply(ServiceEvent event) noexcept {
    if (phase_ == ServicePhase::stopped) return kRefused;
    switch (event) {
        case ServiceEvent::step_done:
            return is_pending(phase_) ? next_check_point() : kRefused;
        case ServiceEvent::started:
            if (phase_ == ServicePhase::stopping) return kNothingToSay;
            return phase_ == ServicePhase::starting ? enter(ServicePhase::running) : kRefused;
        case ServiceEvent::stop_requested:
            if (phase_ == ServicePhase::stopping) return kNothingToSay;
            return enter(ServicePhase::stopping);
    }
    return kRefused;
}

ServiceState::Answer ServiceState::end(ServiceExit exit) noexcept {
    if (phase_ == ServicePhase::stopped) return kRefused;
    exit_ = exit;
    return enter(ServicePhase::stopped);
}

ServiceStatus ServiceState::status() const noexcept {
    ServiceStatus status;
    status.phase = phase_;
    status.accepts_stop = phase_ == ServicePhase::running;
    if (is_pending(phase_)) {
        status.check_point = check_point_;
        status.wait_hint = phase_ == ServicePhase::starting ? hints_.starting : hints_.stopping;
    }
    status.exit = exit_;
    return status;
}

ServiceState::Answer ServiceState::enter(ServicePhase phase) noexcept {
    phase_ = phase;
    check_point_ = 1;
    return {false, status()};
}

ServiceState::Answer ServiceState::next_check_point() noexcept {
    ++check_point_;
    return {false, status()};
}

}  // namespace regwatch
