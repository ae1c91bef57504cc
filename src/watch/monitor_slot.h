// A subscription together with the note that it has signalled.
//
// on_monitor_signal() on the persistent thread; the rest on the strand that it pokes, which must exist
// before the first subscription and outlive the last.
#pragma once

#include <atomic>
#include <memory>

#include "platform/strand.h"
#include "watch/monitor_set.h"

namespace regwatch {

struct MonitorSlot final : MonitorListener {
    explicit MonitorSlot(const std::unique_ptr<Strand>& strand_in) : strand(strand_in) {}

    void on_monitor_signal() noexcept override {
        signalled = true;
        strand->poke();
    }
    [[nodiscard]] bool take_signal() noexcept { return signalled.exchange(false); }

    // A seat whose registration was refused is kept until a timer asks again: replacing it at once
    // would fail at once, for ever.
    [[nodiscard]] bool failed() const { return seat && seat->state() == KeyMonitor::State::failed; }
    [[nodiscard]] bool gone() const { return seat && seat->state() == KeyMonitor::State::gone; }
    void drop_failed() {
        if (failed()) seat.drop();
    }

    const std::unique_ptr<Strand>& strand;
    std::atomic<bool> signalled = false;
    Subscription seat;
};

}  // namespace regwatch
