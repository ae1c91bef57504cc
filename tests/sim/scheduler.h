// Runs simulated threads one at a time and decides at every switch point which of them goes on.
//
// All of one run happens on one OS thread: a simulated thread has the processor until it comes to a
// switch point (a port call), a contended lock, or a wait. Only there can another one go on, so the
// course of a run depends on nothing but the choices. Time is virtual: it passes when nobody can do
// anything else, and then jumps to the next moment that somebody waits for.
//
// A run is over when its main body returns; every thread must have ended by then. It fails when an
// invariant does not hold (fail), when nobody can go on (deadlock), and when it does not come to
// an end (livelock). A failed run is left as it stands, never unwound: after a broken invariant
// there is no telling what a destructor would do.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "sim/choices.h"
#include "sim/fiber.h"

namespace regwatch::sim {

struct SchedulerOptions {
    std::size_t max_steps = 20'000;  // of one run; beyond it is a livelock
    // Lets time pass early too, wherever a switch is possible: a timer may fire before work that
    // could be done first. Where timers set themselves again, only with a bound on forced switches.
    bool timers_at_any_time = false;
    // Makes every lock a switch point, not only a contended one. For code that shares fields
    // between two port calls.
    bool locks_are_points = false;
    // check() lets everything pass, must_hold() nothing: for runs in which something fails that the
    // scenario did not reckon with.
    bool only_must_hold = false;
    bool keep_trace = false;
};

struct Outcome {
    std::optional<std::string> failure;
    std::size_t steps = 0;
    std::vector<std::string> trace;  // who went on with what: "writer: set_value"; if asked for

    [[nodiscard]] bool ok() const noexcept { return !failure.has_value(); }
};

class Scheduler {
public:
    using ThreadId = std::size_t;  // 0 is the main body
    using Ready = std::function<bool()>;

    Scheduler(FiberPool& fibers, SchedulerOptions options) : fibers_(fibers), options_(options) {}
    ~Scheduler();
    Scheduler(const Scheduler&) = delete;
    Scheduler& operator=(const Scheduler&) = delete;

    Outcome run(ChoiceSource& choices, std::function<void()> main);

    // The run that the calling code is part of; null outside of every run.
    [[nodiscard]] static Scheduler* current() noexcept;

    // The rest is for the threads of the run.

    ThreadId spawn(std::string name, std::function<void()> body);
    void join(ThreadId thread);
    [[nodiscard]] ThreadId this_thread() const noexcept { return running_; }

    // Labels are literals.
    void point(const char* label);
    // `ready` must depend on nothing but what other threads do; it is asked often.
    void wait_until(const char* label, Ready ready);
    // False when the time came first.
    bool wait_until(const char* label, SteadyTime due, Ready ready);
    void sleep_for(Duration duration);
    // Until nobody else can do anything without time going by.
    void settle();
    [[nodiscard]] SteadyTime now() const noexcept { return now_; }

    // For what the real system leaves open; 0 is the plain answer.
    std::size_t choose(std::size_t count, const char* label);
    [[noreturn]] void fail(std::string reason);

    // For simulated_sync: how many locks the running thread holds.
    [[nodiscard]] int& locks_held() noexcept { return threads_[running_]->locks_held; }
    [[nodiscard]] bool locks_are_points() const noexcept { return options_.locks_are_points; }
    [[nodiscard]] bool only_must_hold() const noexcept { return options_.only_must_hold; }
    // For allocations.h.
    struct Allocations {
        std::size_t made = 0;     // by the code under test
        std::size_t failing = 0;  // the number of the one that fails; 0: none
    };
    [[nodiscard]] Allocations& allocations() noexcept { return allocations_; }
    // Whether those of the running thread count.
    [[nodiscard]] bool& allocations_count() noexcept {
        return threads_.empty() ? outside_ : threads_[running_]->allocations_count;
    }

private:
    enum class State { ready, waiting, settling, ended };
    struct Thread {
        std::string name;
        std::unique_ptr<Fiber> fiber;
        State state = State::ready;
        Ready ready;                      // of `waiting`; empty: only the time counts
        std::optional<SteadyTime> due;    // of `waiting`
        const char* label = "the start";  // of the switch point where it stopped
        int locks_held = 0;
        bool allocations_count = false;
    };

    Fiber& run_body(ThreadId self, const std::function<void()>& body);
    void give_way(State state, const char* label);
    void collect_candidates();
    void let_time_pass_early();
    void add_earliest_sleepers();
    [[nodiscard]] bool can_go_on(const Thread& thread) const;
    ThreadId pick();
    Fiber& stop_with(std::string reason);
    [[nodiscard]] std::string describe_deadlock() const;
    void note(std::string_view what);

    FiberPool& fibers_;
    const SchedulerOptions options_;
    ChoiceSource* choices_ = nullptr;
    Fiber root_;
    std::vector<std::unique_ptr<Thread>> threads_;
    std::vector<ThreadId> candidates_;  // a member so that its memory is used again
    ThreadId running_ = 0;
    SteadyTime now_{};
    Allocations allocations_;
    bool outside_ = false;  // of every thread no allocation counts
    Outcome outcome_;
};

// Fails the run when `condition` does not hold: what the scenario expects of this course of events, and
// what must hold in every course.
void check(bool condition, std::string_view reason);
void must_hold(bool condition, std::string_view reason);

// That long, and then until nobody has anything to do.
inline void let_pass(Duration time) {
    Scheduler::current()->sleep_for(time);
    Scheduler::current()->settle();
}

}  // namespace regwatch::sim
