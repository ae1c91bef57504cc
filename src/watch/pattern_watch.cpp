#include "watch/pattern_watch.h"

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include "text/fold.h"

namespace regwatch {
namespace {

std::set<std::u16string> folded_names(const Snapshot& names) {
    std::set<std::u16string> folded;
    for (const Subkey& subkey : names.subkeys) folded.insert(fold(subkey.name));
    return folded;
}

}  // namespace

PatternWatch::PatternWatch(const WatchSettings& watch, const FoundPath& pattern,
                           FirstLook first_look, std::shared_ptr<PatternBudget> budget,
                           WatchOwner& owner)
    : watch_(watch),
      owner_(owner),
      first_look_(first_look),
      is_first_(budget == nullptr),
      budget_(budget ? std::move(budget)
                     : std::make_shared<PatternBudget>(pattern.path.utf8(), watch.max_keys)),
      pattern_(pattern.path, pattern.literal) {}

Result<std::unique_ptr<WatchNode>> PatternWatch::create(
    const WatchSettings& watch, const FoundPath& pattern, FirstLook first_look, Detection detection,
    std::shared_ptr<PatternBudget> budget, const KeyWatch::Ports& ports, WatchOwner& owner) {
    std::unique_ptr<PatternWatch> node(
        new PatternWatch(watch, pattern, first_look, std::move(budget), owner));
    auto names = KeyWatch::create(
        {watch.name, node->pattern_.prefix(), Scope::names, FirstLook::report, detection}, ports,
        *node);
    if (!names) return std::move(names).error();
    node->names_ = std::move(names).value();
    owner.on_created();
    return std::unique_ptr<WatchNode>(std::move(node));
}

// The names first, so that no new node is made while the others are closed.
void PatternWatch::close() noexcept {
    names_->close();
    if (!std::exchange(settled_, true)) owner_.on_settled();
    Children children;
    {
        const Lock lock(mutex_);
        children.swap(children_);
    }
    for (const auto& [name, node] : children) {
        node->close();
        budget_->give_back();
    }
}

void PatternWatch::add_status(std::vector<WatchStatus>& all) const {
    const KeyStatus names = names_->status();
    if (names.state == WatchState::retrying || names.state == WatchState::waiting) {
        all.push_back({watch_.name, pattern_.prefix().utf8(), names.state, names.error});
    }
    if (is_first_ && !budget_->found()) {
        all.push_back({watch_.name, budget_->pattern(), WatchState::no_match, {}});
    }
    if (is_first_ && budget_->refused()) {
        all.push_back({watch_.name, budget_->pattern(), WatchState::at_limit,
                       "more than " + std::to_string(budget_->limit()) + " keys fit"});
    }
    const Lock lock(mutex_);
    for (const auto& [name, node] : children_) node->add_status(all);
}

void PatternWatch::release_hive(std::u16string_view sid) {
    if (is_in_hive_of(pattern_.prefix(), sid)) names_->release_hive();
    std::vector<std::shared_ptr<WatchNode>> nodes;
    {
        const Lock lock(mutex_);
        for (const auto& [name, node] : children_) nodes.push_back(node);
    }
    for (const auto& node : nodes) node->release_hive(sid);
}

// All of it: a key that still has to tell of its deletion is not gone.
bool PatternWatch::is_gone() const {
    if (names_->status().state != WatchState::waiting) return false;
    const Lock lock(mutex_);
    return std::all_of(children_.begin(), children_.end(),
                       [](const auto& child) { return child.second->is_gone(); });
}

void PatternWatch::on_settled() {
    settled_ = true;
    owner_.on_settled();
}

void PatternWatch::on_look(const KeyWatchPlan&, Look& look) {
    looked_for_gone_ = false;
    if (look.is_first) {
        take_first(look);
    } else if (look.now != nullptr) {
        // A hive that is loaded brings keys that existed before; any other new key is really new.
        const bool hive = pattern_.finds_hives();
        for (const Subkey& subkey : look.now->subkeys) {
            take_subkey(*look.now, subkey.name, hive ? first_look_ : FirstLook::report,
                        hive ? Detection::hive_load : look.detection);
        }
    }
    // After the nodes were made: who knows the names has them.
    owner_.on_names(watch_, pattern_.names_row(), look);
}

void PatternWatch::take_first(const Look& look) {
    const auto stored = owner_.baseline(watch_, pattern_.names_row());
    std::set<std::u16string> before;
    if (stored && stored->state) before = folded_names(*stored->state);
    const Snapshot nothing;
    const Snapshot& present = look.now ? *look.now : nothing;
    for (const Subkey& subkey : present.subkeys) {
        const bool is_new =
            stored && !pattern_.finds_hives() && !before.contains(fold(subkey.name));
        take_subkey(present, subkey.name, is_new ? FirstLook::report : first_look_, look.detection);
    }
    // Those that are gone: their nodes find that out. A hive that is not loaded is not gone.
    if (!stored || !stored->state || pattern_.finds_hives()) return;
    for (const Subkey& subkey : stored->state->subkeys) {
        take_subkey(present, subkey.name, first_look_, look.detection);
    }
}

void PatternWatch::take_subkey(const Snapshot& present, const std::u16string& name,
                               FirstLook first_look, Detection detection) {
    for (const KeyPattern::Found& found : pattern_.find(name)) {
        if (!is_attached(found.id)) attach(found, present, first_look, detection);
    }
}

bool PatternWatch::is_attached(const std::u16string& child) const {
    const Lock lock(mutex_);
    return children_.contains(child);
}

void PatternWatch::attach(const KeyPattern::Found& found, const Snapshot& present,
                          FirstLook first_look, Detection detection) {
    if (!take_from_budget(present)) {
        if (budget_->note_refused()) owner_.on_pattern_full(watch_, *budget_, found.path);
        return;
    }
    auto made =
        owner_.make_node(watch_, {found.path, found.literal}, first_look, detection, budget_);
    if (!made) {
        budget_->give_back();
        owner_.on_not_created(watch_, found.path, made.error());
        return;
    }
    const std::shared_ptr<WatchNode> node = std::move(made).value();
    {
        const Lock lock(mutex_);
        children_.emplace(found.id, node);
    }
    node->start();
}

bool PatternWatch::take_from_budget(const Snapshot& present) {
    return budget_->take() || (drop_gone(present) && budget_->take());
}

// One that the names list again is about to find its key: it stays.
bool PatternWatch::drop_gone(const Snapshot& present) {
    if (std::exchange(looked_for_gone_, true)) return false;
    const std::set<std::u16string> names = folded_names(present);
    std::vector<std::shared_ptr<WatchNode>> gone;
    {
        const Lock lock(mutex_);
        std::erase_if(children_, [&](const auto& child) {
            const std::u16string name(KeyPattern::name_of(child.first));
            if (names.contains(name) || !child.second->is_gone()) return false;
            gone.push_back(child.second);
            return true;
        });
    }
    for (const auto& node : gone) {
        node->close();
        budget_->give_back();
    }
    return !gone.empty();
}

}  // namespace regwatch
