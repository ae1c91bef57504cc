#include "delivery/debounce.h"

#include <algorithm>
#include <utility>

#include "text/fold.h"

namespace regwatch {

namespace {

bool is_about_a_value(const Change& change) {
    return change.kind == DifferenceKind::value_set || change.kind == DifferenceKind::value_deleted;
}

// A key's creation and deletion are one object, its values are others, and everything else (such as
// its permissions) is one for each kind.
std::u16string object_of(const Change& change) {
    std::u16string object = change.key.folded();
    object.push_back(u'\0');
    if (is_about_a_value(change)) return object + u'v' + fold(change.value_name);
    const bool is_existence =
        change.kind == DifferenceKind::key_created || change.kind == DifferenceKind::key_deleted;
    object.push_back(is_existence ? u'k'
                                  : static_cast<char16_t>(u'0' + static_cast<int>(change.kind)));
    return object;
}

bool is_the_same_again(const Change& first, const Change& last) {
    if (is_about_a_value(first)) return first.before == last.after;
    return (first.kind == DifferenceKind::key_created &&
            last.kind == DifferenceKind::key_deleted) ||
           (first.kind == DifferenceKind::key_deleted && last.kind == DifferenceKind::key_created);
}

Debounce::Settled settle(std::vector<SharedChange> merged) {
    const Change& first = *merged.front();
    const SharedChange last = merged.back();
    if (merged.size() == 1) return {last, std::move(merged)};
    if (is_the_same_again(first, *last)) return {nullptr, std::move(merged)};
    auto change = std::make_shared<Change>(*last);
    if (is_about_a_value(first)) change->before = first.before;
    change->not_before = first.not_before;
    return {std::move(change), std::move(merged)};
}

}  // namespace

void Debounce::add(SharedChange change, SteadyTime now) {
    Held& held = held_[object_of(*change)];
    if (held.changes.empty()) held.first = now;
    held.last = now;
    held.changes.push_back(std::move(change));
}

SteadyTime Debounce::due(const Held& held) const {
    return std::min(held.last + settings_.quiet, held.first + settings_.longest);
}

template <class Ready>
std::vector<Debounce::Settled> Debounce::take(Ready ready) {
    std::vector<Settled> settled;
    for (auto held = held_.begin(); held != held_.end();) {
        if (!ready(held->second)) {
            ++held;
            continue;
        }
        settled.push_back(settle(std::move(held->second.changes)));
        held = held_.erase(held);
    }
    std::sort(settled.begin(), settled.end(), [](const Settled& a, const Settled& b) {
        return a.merged.back()->sequence < b.merged.back()->sequence;
    });
    return settled;
}

std::vector<Debounce::Settled> Debounce::take_due(SteadyTime now) {
    return take([&](const Held& held) { return due(held) <= now; });
}

std::vector<Debounce::Settled> Debounce::take_all() {
    return take([](const Held&) { return true; });
}

std::optional<SteadyTime> Debounce::next_due() const {
    std::optional<SteadyTime> next;
    for (const auto& [object, held] : held_) next = std::min(next.value_or(due(held)), due(held));
    return next;
}

std::size_t Debounce::held() const {
    std::size_t count = 0;
    for (const auto& [object, held] : held_) count += held.changes.size();
    return count;
}

}  // namespace regwatch
