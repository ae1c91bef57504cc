// A client of the persistent thread for tests: runs a function for each signal and counts them.
//
// Any thread. Watches over the thread's promise by itself: two callbacks at once, or one elsewhere,
// are remembered for ever.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>

#include "contract/bound.h"
#include "platform/persistent_thread.h"

namespace regwatch::test {

class Signals final : public PersistentThread::Client {
public:
    // The number to create the wait with. `handler` runs on the persistent thread.
    std::uint64_t add(std::function<void()> handler = [] {});
    // From then on a callback with this number is stray.
    void remove(std::uint64_t id);

    void on_signal(std::uint64_t id) noexcept override;

    // Whether the handler has returned `count` times within the bound.
    [[nodiscard]] bool wait_for(std::uint64_t id, int count);
    [[nodiscard]] int count(std::uint64_t id);
    [[nodiscard]] int most_at_once();
    [[nodiscard]] int stray();

private:
    struct Entry {
        std::function<void()> handler;
        int count = 0;
    };

    std::mutex mutex_;
    std::condition_variable changed_;
    std::map<std::uint64_t, Entry> entries_;
    std::uint64_t last_ = 0;
    int running_ = 0;
    int most_at_once_ = 0;
    int stray_ = 0;
};

}  // namespace regwatch::test
