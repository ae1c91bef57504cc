// The mark of the numbers in memory, which fails on demand. Any thread.
#pragma once

#include <cstdint>
#include <optional>

#include "base/sync.h"
#include "platform/number_mark.h"

namespace regwatch::test {

class MemoryMark : public NumberMark {
public:
    // Until told otherwise, writing, or reading as well.
    void fail_writing(bool fails) {
        Lock lock(mutex_);
        fails_to_write_ = fails;
    }
    void fail_all(bool fails) {
        Lock lock(mutex_);
        fails_to_write_ = fails_to_read_ = fails;
    }
    [[nodiscard]] std::uint64_t writes() const {
        Lock lock(mutex_);
        return writes_;
    }

    Result<std::optional<NumbersMarked>> read() override {
        Lock lock(mutex_);
        if (fails_to_read_) return failure("reading");
        return marked_;
    }
    Result<void> write(const NumbersMarked& marked) override {
        Lock lock(mutex_);
        ++writes_;
        if (fails_to_write_) return failure("writing");
        marked_ = marked;
        return {};
    }

private:
    static Error failure(const char* doing) {
        return {ErrorKind::transient, 0, doing, "the mark", "test"};
    }

    mutable Mutex mutex_;
    bool fails_to_read_ REGWATCH_GUARDED_BY(mutex_) = false;
    bool fails_to_write_ REGWATCH_GUARDED_BY(mutex_) = false;
    std::uint64_t writes_ REGWATCH_GUARDED_BY(mutex_) = 0;
    std::optional<NumbersMarked> marked_ REGWATCH_GUARDED_BY(mutex_);
};

}  // namespace regwatch::test
