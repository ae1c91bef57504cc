#include "state/change_numbers.h"

#include <algorithm>
#include <utility>

namespace regwatch {
namespace {

// So many that the mark is hardly ever written, and so few that they last for ever.
constexpr std::uint64_t kSetAside = 1'000'000;

}  // namespace

std::optional<ChangeNumbers::Skipped> ChangeNumbers::begin(const StoreOpened* opened) {
    if (mark_ != nullptr) {
        // What cannot be read is as good as none.
        if (auto read = mark_->read()) found_ = marked_ = *read;
    }
    if (opened != nullptr) {
        const auto skipped = go_on_from(*opened);
        if (skipped) {
            (void)keep();
        } else {
            // The nearer to what it has, the more surely an older copy of the store is known as one.
            (void)write({last_, last_ + kSetAside});
        }
        return skipped;
    }
    if (!found_) return std::nullopt;
    last_ = found_->set_aside;
    is_known_ = true;
    return std::nullopt;
}

// A store that has come less far than the mark says is another one, or has not got all that was handed on.
std::optional<ChangeNumbers::Skipped> ChangeNumbers::go_on_from(const StoreOpened& opened) {
    is_confirmed_ = is_known_ = true;
    stored_ = last_ = opened.last_sequence;
    std::optional<Skipped> skipped;
    const bool lacks_some = found_ && (opened.is_new || stored_ < found_->stored);
    if (lacks_some && found_->set_aside > stored_) {
        last_ = found_->set_aside;
        skipped = Skipped{stored_, last_};
    }
    return skipped;
}

std::optional<ChangeNumbers::Skipped> ChangeNumbers::opened(const StoreOpened& opened) {
    const std::uint64_t begun_after = found_ ? found_->set_aside : 0;
    const bool is_first = !std::exchange(is_confirmed_, true);
    if (is_first && (!found_ || last_ == begun_after)) return go_on_from(opened);
    is_known_ = true;
    stored_ = opened.last_sequence;
    std::optional<Skipped> skipped;
    if (is_first && stored_ < begun_after) skipped = Skipped{stored_, begun_after};
    last_ = std::max(last_, stored_);
    if (is_first && stored_ > begun_after) given_twice_up_to_ = last_;
    return skipped;
}

std::uint64_t ChangeNumbers::next() noexcept { return is_known_ ? ++last_ : 0; }

void ChangeNumbers::stored(std::uint64_t up_to) noexcept { stored_ = std::max(stored_, up_to); }

Result<void> ChangeNumbers::keep() {
    const bool is_all_stored = is_confirmed_ && stored_ >= last_;
    if (is_all_stored) {
        // In time, so that a store that fails after that leaves something to give.
        const bool is_enough =
            marked_ && marked_->stored <= last_ && marked_->set_aside >= last_ + kSetAside / 2;
        if (!is_enough) (void)write({last_, last_ + kSetAside});
        return {};
    }
    if (!is_known_)
        return Error{ErrorKind::transient, 0, "setting numbers aside for", "changes",
                     "nobody knows how far they have come"};
    const bool is_set_aside = marked_ && marked_->set_aside >= last_;
    if (is_set_aside && marked_->stored == marked_->set_aside) return {};
    const std::uint64_t up_to = is_set_aside ? marked_->set_aside : last_ + kSetAside;
    auto written = write({up_to, up_to});
    if (!written && !is_confirmed_) is_known_ = false;
    return written;
}

Result<void> ChangeNumbers::write(const NumbersMarked& marked) {
    if (mark_ == nullptr)
        return Error{ErrorKind::unsupported, 0, "setting numbers aside in", "memory",
                     "nothing is kept beside the state"};
    auto written = mark_->write(marked);
    // A torn one is not what was there before, nor what was to be there.
    if (written) marked_ = marked;
    return written;
}

}  // namespace regwatch
