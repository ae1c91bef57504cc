#include "watch/tree_parts.h"

#include <algorithm>
#include <utility>

#include "text/fold.h"

namespace regwatch {
namespace {

bool is_below(std::u16string_view path, std::u16string_view above) {
    if (above.empty()) return !path.empty();
    return path.size() > above.size() && path.starts_with(above) && path[above.size()] == u'\\';
}

std::u16string_view parent_of(std::u16string_view path) {
    const std::size_t end = path.rfind(u'\\');
    return end == std::u16string_view::npos ? std::u16string_view() : path.substr(0, end);
}

KeyPath path_of(const KeyPath& root, const std::u16string& part) {
    KeyPath path = root;
    if (part.empty()) return path;
    if (!path.subkey.empty()) path.subkey += u'\\';
    path.subkey += part;
    return path;
}

// The tree with `below` at the path; as it was where there is no such key any more.
SharedSnapshot with_key(const SharedSnapshot& tree, std::u16string_view path,
                        const SharedSnapshot& below) {
    if (path.empty()) return below;
    const std::size_t end = path.find(u'\\');
    const Subkey* const subkey = find_subkey(*tree, path.substr(0, end));
    if (subkey == nullptr || !subkey->below) return tree;
    const auto rest =
        end == std::u16string_view::npos ? std::u16string_view() : path.substr(end + 1);
    SharedSnapshot changed = with_key(subkey->below, rest, below);
    if (changed == subkey->below) return tree;
    auto copy = std::make_shared<Snapshot>(*tree);
    Subkey& place = copy->subkeys[static_cast<std::size_t>(subkey - tree->subkeys.data())];
    place.last_write = changed->last_write;
    place.below = std::move(changed);
    return copy;
}

SharedSnapshot shared_key(const SharedSnapshot& tree, std::u16string_view path) {
    if (path.empty()) return tree;
    const Snapshot* const above = find_key(*tree, parent_of(path));
    if (above == nullptr) return nullptr;
    const std::size_t end = path.rfind(u'\\');
    const Subkey* const subkey =
        find_subkey(*above, end == std::u16string_view::npos ? path : path.substr(end + 1));
    return subkey == nullptr ? nullptr : subkey->below;
}

}  // namespace

void TreeParts::take_signals() {
    for (const auto& place : places_) {
        if (!place->slot.take_signal()) continue;
        place->owes_look = true;
        place->due = true;
        if (place->slot.gone()) lose(*place);
        if (place->slot.failed()) {
            undivided_ = true;
            settled_ = false;
        }
    }
}

bool TreeParts::have_signals() const {
    return std::any_of(places_.begin(), places_.end(),
                       [](const auto& place) { return place->slot.signalled.load(); });
}

// Also when a part lost its monitor, and has to get another.
bool TreeParts::want_a_look() const {
    if (places_.empty()) return false;
    return !settled_ || std::any_of(places_.begin(), places_.end(),
                                    [](const auto& place) { return place->due; });
}

void TreeParts::looked() noexcept {
    for (const auto& place : places_) {
        if (std::exchange(place->owes_look, false)) place->slot.seat.looked();
    }
}

void TreeParts::clear() noexcept {
    places_.clear();
    wanted_.clear();
    settled_ = false;
}

void TreeParts::try_again() noexcept {
    if (!std::exchange(undivided_, false)) return;
    wanted_.clear();
    settled_ = false;
}

TreeParts::Place* TreeParts::find(const Part& part) const {
    const auto found = std::find_if(places_.begin(), places_.end(),
                                    [&](const auto& place) { return place->part == part; });
    return found == places_.end() ? nullptr : found->get();
}

bool TreeParts::is_wanted(const Part& part) const {
    return std::find(wanted_.begin(), wanted_.end(), part) != wanted_.end();
}

void TreeParts::lose(Place& place) {
    place.slot.seat.drop();
    (void)place.slot.take_signal();
    place.owes_look = false;
    place.due = false;
    place.covered = false;
    settled_ = false;
}

void TreeParts::lose_below(std::u16string_view path) {
    for (const auto& place : places_) {
        if (is_below(place->part.path, path)) lose(*place);
    }
}

// Whoever watches the names of a key is told that a subkey was deleted, and under Wine nobody else is.
// So its parts are asked whether they still are what they are called.
void TreeParts::verify_below(std::u16string_view path) {
    for (const auto& place : places_) {
        if (!is_below(place->part.path, path) || parent_of(place->part.path) != path) continue;
        if (!place->slot.seat || place->slot.seat->still_named()) continue;
        lose(*place);
        lose_below(place->part.path);
    }
}

Result<SharedSnapshot> TreeParts::read_due(SharedSnapshot tree, const ReadPlan& plan,
                                           const Clock& clock) {
    // From the top down: what is above says which keys there are.
    std::sort(places_.begin(), places_.end(),
              [](const auto& a, const auto& b) { return a->part.path < b->part.path; });
    std::vector<Place*> done;
    for (const auto& place : places_) {
        if (!place->due || !place->slot.seat.registered()) continue;
        auto now = read(*place, tree, plan, clock);
        if (!now) {
            if (now.error().kind == ErrorKind::gone) {
                lose(*place);
                lose_below(place->part.path);
                continue;
            }
            if (plan.unread != nullptr && !place->part.path.empty()) {
                plan.unread->push_back({place->part.path, std::move(now).error()});
                continue;
            }
            for (Place* read : done) read->due = true;
            return std::move(now).error();
        }
        place->due = false;
        place->covered = true;
        done.push_back(place.get());
        tree = with_key(tree, place->part.path, *now);
        if (place->part.scope == Scope::key) verify_below(place->part.path);
    }
    return tree;
}

Result<SharedSnapshot> TreeParts::read(Place& place, const SharedSnapshot& tree,
                                       const ReadPlan& plan, const Clock& clock) {
    if (!place.slot.seat->still_named()) {
        return Error{ErrorKind::gone, 0, "reading a part of the subtree", "", "it was renamed"};
    }
    const SharedSnapshot before = shared_key(tree, place.part.path);
    RegistryKey& key = place.slot.seat->key();
    return place.part.scope == Scope::key
               ? read_inner_key(key, plan, clock, before, place.part.path)
               : read_snapshot(key, plan, clock, before, place.part.path);
}

void TreeParts::read_again(std::u16string_view path) {
    Place* found = nullptr;
    for (const auto& place : places_) {
        if (!place->slot.seat || !(place->part.path == path || is_below(path, place->part.path)))
            continue;
        if (!found || place->part.path.size() >= found->part.path.size()) found = place.get();
    }
    if (found != nullptr) found->due = true;
}

void TreeParts::all_read() noexcept {
    for (const auto& place : places_) {
        if (!place->due || !place->slot.seat.registered()) continue;
        place->due = false;
        place->covered = true;
    }
}

bool TreeParts::adapt(const Snapshot& tree, Keys keys, MonitorSlot& target) {
    if (settled_ && keys == Keys::same) return false;
    settled_ = false;
    if (undivided_) {
        wanted_ = {{u"", Scope::subtree}};
    } else if (keys == Keys::changed || wanted_.empty()) {
        wanted_ = plan_parts(tree, max_keys_, wanted_);
    }
    if (place_missing(target)) return true;
    if (all_covered(target)) take_over(target);
    return false;
}

bool TreeParts::place_missing(const MonitorSlot& target) {
    bool again = false;
    for (const Part& part : wanted_) {
        if (part.path.empty() && part.scope == target.seat->scope()) continue;
        Place* place = find(part);
        if (place == nullptr) {
            places_.push_back(std::make_unique<Place>(part, strand_));
            place = places_.back().get();
        }
        if (place->slot.seat) continue;
        const auto placed = this->place(*place, target);
        if (!placed) {
            const ErrorKind kind = placed.error().kind;
            // Gone in between: whoever watches the names above it has been told, or will be.
            if (kind == ErrorKind::not_found || kind == ErrorKind::gone) continue;
            if (std::exchange(undivided_, true)) return false;
            wanted_ = {{u"", Scope::subtree}};
            return true;
        }
        again = again || place->due;
    }
    return again;
}

Result<void> TreeParts::place(Place& place, const MonitorSlot& target) {
    auto seat = monitors_.subscribe(path_of(root_, place.part.path), place.part.scope, place.slot);
    if (!seat) return std::move(seat).error();
    // By its full name a key may be found elsewhere than by its way from the key above: a link in
    // between, or a view of the registry.
    auto above = target.seat->key().native_name();
    if (!above) return std::move(above).error();
    auto name = (*seat)->key().native_name();
    if (!name) return std::move(name).error();
    // In any case: the system keeps one text for all keys of a name, in whose case is left open.
    if (!equal_folded(*name, place.part.path.empty() ? *above : *above + u'\\' + place.part.path)) {
        return Error{ErrorKind::invalid, 0, "dividing the subtree", "", "a part lies elsewhere"};
    }
    place.slot.seat = std::move(seat).value();
    // Somebody else has this monitor registered already, so that no first signal comes.
    if (place.slot.seat.registered()) place.due = true;
    return {};
}

bool TreeParts::all_covered(const MonitorSlot& target) const {
    return std::all_of(wanted_.begin(), wanted_.end(), [&](const Part& part) {
        if (part.path.empty() && part.scope == target.seat->scope()) return true;
        const Place* const place = find(part);
        return place != nullptr && place->slot.seat.registered() && place->covered;
    });
}

// The successor of the key's own monitor moves into its slot: a second seat at the same monitor, whose
// registration counts for it from then on; what was signalled to the first one goes along.
void TreeParts::take_over(MonitorSlot& target) {
    for (const auto& place : places_) {
        if (!place->part.path.empty() || !is_wanted(place->part)) continue;
        auto seat = monitors_.subscribe(root_, place->part.scope, target);
        if (!seat || !seat->same_monitor(place->slot.seat)) return;
        target.seat = std::move(seat).value();
        place->slot.seat.drop();
        if (place->slot.take_signal()) target.on_monitor_signal();
        break;
    }
    std::erase_if(places_, [this](const auto& place) {
        return place->part.path.empty() || !is_wanted(place->part);
    });
    settled_ = true;
}

}  // namespace regwatch
