#include <atomic>
#include <cstdlib>
#include <iostream>
#include <thread>

#include "sim/threads.h"

namespace regwatch::sim {

struct Thread::State {
    // Set by the thread itself, which may ask for it before the constructor below is through.
    std::atomic<std::thread::id> id;
    std::thread thread;
};

Thread::Thread(std::string, std::function<void()> body) : state_(std::make_unique<State>()) {
    state_->thread = std::thread([state = state_.get(), run = std::move(body)] {
        state->id = std::this_thread::get_id();
        run();
    });
}

Thread::~Thread() { join(); }

void Thread::join() {
    if (state_->thread.joinable()) state_->thread.join();
}

bool Thread::is_current() const noexcept { return state_->id.load() == std::this_thread::get_id(); }

void switch_point(const char*) {}
void blocking_switch_point(const char*) {}
std::size_t choose(std::size_t, const char*) { return 0; }

void violation(const std::string& what) {
    std::cerr << "a rule of the platform was broken: " << what << '\n';
    std::abort();
}

void run_code_under_test(const std::function<void()>& code) { code(); }

SteadyTime steady_now() noexcept { return std::chrono::steady_clock::now(); }

FakeLock::FakeLock(Mutex& mutex) : mutex_(mutex) { mutex_.lock(); }
FakeLock::~FakeLock() { mutex_.unlock(); }

void Signal::notify() noexcept { condition_.notify_all(); }

void Signal::wait(const char*, Mutex& mutex, const Ready& ready) {
    while (!ready()) condition_.wait(mutex);
}

bool Signal::wait_until(const char*, Mutex& mutex, SteadyTime due, const Ready& ready) {
    return condition_.wait_until(mutex, due, ready);
}

}  // namespace regwatch::sim
