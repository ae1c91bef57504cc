// A disk that is full when the test says so, for every file that SQLite opens meanwhile: a write that
// would make a file larger is refused, as the system refuses it; one in place goes through.
//
// One at a time, and destroyed after all databases. fill() and make_room() on any thread.
#pragma once

#include <atomic>

namespace regwatch::test {

class FullDisk {
public:
    FullDisk();
    ~FullDisk();
    FullDisk(const FullDisk&) = delete;
    FullDisk& operator=(const FullDisk&) = delete;

    void fill() noexcept { is_full_ = true; }
    void make_room() noexcept { is_full_ = false; }
    [[nodiscard]] bool is_full() const noexcept { return is_full_; }

private:
    std::atomic<bool> is_full_ = false;
};

}  // namespace regwatch::test
