// The numbers of changes: counted on from one run to the next, and never given twice, whatever becomes of
// the store and of the process.
//
//   the store              a number is
//   has the change         known to it, before the change is handed on
//   cannot take it         within what the mark sets aside, before the change is handed on; of what is
//                          left of that when the process ends nobody knows whether it was given, so the
//                          next run goes on behind it
//   could not be read      behind all that any earlier run has set aside
//   nor can the mark       none until the store has the change
//
// A plain value, but for the mark, which it asks. For one thread at a time: whoever writes.
#pragma once

#include <cstdint>
#include <optional>

#include "base/result.h"
#include "platform/number_mark.h"
#include "platform/store.h"

namespace regwatch {

class ChangeNumbers {
public:
    // Numbers that nobody will get any more: from the one after the first up to the second.
    struct Skipped {
        std::uint64_t after = 0;
        std::uint64_t up_to = 0;
    };

    explicit ChangeNumbers(NumberMark* mark) : mark_(mark) {}  // may be null; outlives it

    // Once, before all else. Null: the store cannot be read.
    std::optional<Skipped> begin(const StoreOpened* opened);
    // The store can be read, at last or again.
    std::optional<Skipped> opened(const StoreOpened& opened);

    // 0: nobody knows which one is free.
    [[nodiscard]] std::uint64_t next() noexcept;
    // As if next() had not been called since it was this; they were not handed on.
    void take_back(std::uint64_t last) noexcept { last_ = last; }
    void stored(std::uint64_t up_to) noexcept;
    // After stored(), and before what has a number and is not stored is handed on. An error: it may not
    // be handed on with that number.
    Result<void> keep();

    [[nodiscard]] std::uint64_t last() const noexcept { return last_; }
    // The store has said how far the earlier runs have come.
    [[nodiscard]] bool confirmed() const noexcept { return is_confirmed_; }
    // Up to here numbers were given without the store that it has given as well, because nobody could
    // write the mark for so long: what was given them needs others. 0: nothing was.
    [[nodiscard]] std::uint64_t given_twice_up_to() const noexcept { return given_twice_up_to_; }

private:
    std::optional<Skipped> go_on_from(const StoreOpened& opened);
    Result<void> write(const NumbersMarked& marked);

    NumberMark* const mark_;
    std::optional<NumbersMarked> found_;   // at the start
    std::optional<NumbersMarked> marked_;  // as it is now
    std::uint64_t last_ = 0;               // that was given, or skipped
    std::uint64_t stored_ = 0;
    std::uint64_t given_twice_up_to_ = 0;
    bool is_known_ = false;  // which number comes next
    bool is_confirmed_ = false;
};

}  // namespace regwatch
