#include "watch/pattern_watch.h"

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include "text/fold.h"
#include "watch/control_set.h"

namespace regwatch {
namespace {

constexpr std::u16string_view kAnyDepth = u"**";

std::u16string join(const std::vector<std::u16string>& components, std::size_t from,
                    std::size_t to) {
    std::u16string joined;
    for (std::size_t i = from; i < to; ++i) {
        if (i > from) joined += u'\\';
        joined += components[i];
    }
    return joined;
}

bool has_wildcard(std::u16string_view component) {
    return component.find_first_of(u"*?") != std::u16string_view::npos;
}

bool is_companion(std::u16string_view name) { return matches_glob(u"*_Classes", name); }

// The hives of people (S-1-5-21-… of a machine or domain, S-1-12-… of the cloud), without the
// "_Classes" companions and without the service accounts.
bool is_hive_of_a_person(std::u16string_view name) {
    return (matches_glob(u"S-1-5-21-*", name) || matches_glob(u"S-1-12-*", name)) &&
           !is_companion(name);
}

std::set<std::u16string> folded_names(const Snapshot& names) {
    std::set<std::u16string> folded;
    for (const Subkey& subkey : names.subkeys) folded.insert(fold(subkey.name));
    return folded;
}

KeyPath below(const KeyPath& key, const std::u16string& rest) {
    return rest.empty() ? key : key.child(rest);
}

}  // namespace

PatternWatch::PatternWatch(const WatchSettings& watch, const KeyPath& pattern, FirstLook first_look,
                           std::shared_ptr<PatternBudget> budget, WatchOwner& owner)
    : watch_(watch),
      owner_(owner),
      first_look_(first_look),
      users_only_(pattern.root == Root::current_user),
      is_first_(budget == nullptr),
      budget_(budget ? std::move(budget)
                     : std::make_shared<PatternBudget>(pattern.utf8(), watch.max_keys)),
      pattern_(pattern),
      prefix_(pattern) {
    if (users_only_) {
        prefix_.root = Root::users;
        prefix_.subkey.clear();
        rest_ = pattern.subkey;
        return;
    }
    const auto components = pattern.components();
    std::size_t wild = 0;
    while (wild < components.size() && !has_wildcard(components[wild])) ++wild;
    prefix_.subkey = join(components, 0, wild);
    any_depth_rest_ = join(components, wild, components.size());
    while (wild + 1 < components.size() && components[wild] == kAnyDepth) {
        any_depth_ = true;
        ++wild;
    }
    glob_ = components.at(wild);
    rest_ = join(components, wild + 1, components.size());
}

Result<std::unique_ptr<WatchNode>> PatternWatch::create(
    const WatchSettings& watch, const KeyPath& pattern, FirstLook first_look, Detection detection,
    std::shared_ptr<PatternBudget> budget, const KeyWatch::Ports& ports, WatchOwner& owner) {
    std::unique_ptr<PatternWatch> node(
        new PatternWatch(watch, pattern, first_look, std::move(budget), owner));
    auto names = KeyWatch::create(
        {watch.name, node->prefix_, Scope::names, FirstLook::report, detection}, ports, *node);
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
        all.push_back({watch_.name, prefix_.utf8(), names.state, names.error});
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
    if (is_in_hive_of(prefix_, sid)) names_->release_hive();
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
        const bool hive = finds_hives();
        for (const Subkey& subkey : look.now->subkeys) {
            take_subkey(*look.now, subkey.name, hive ? first_look_ : FirstLook::report,
                        hive ? Detection::hive_load : look.detection);
        }
    }
    // After the nodes were made: who knows the names has them.
    owner_.on_names(watch_, pattern_, look);
}

void PatternWatch::take_first(const Look& look) {
    const auto stored = owner_.baseline(watch_, pattern_);
    std::set<std::u16string> before;
    if (stored && stored->state) before = folded_names(*stored->state);
    const Snapshot nothing;
    const Snapshot& present = look.now ? *look.now : nothing;
    for (const Subkey& subkey : present.subkeys) {
        const bool is_new = stored && !finds_hives() && !before.contains(fold(subkey.name));
        take_subkey(present, subkey.name, is_new ? FirstLook::report : first_look_, look.detection);
    }
    // Those that are gone: their nodes find that out. A hive that is not loaded is not gone.
    if (!stored || !stored->state || finds_hives()) return;
    for (const Subkey& subkey : stored->state->subkeys) {
        take_subkey(present, subkey.name, first_look_, look.detection);
    }
}

bool PatternWatch::finds_hives() const { return prefix_.root == Root::users && prefix_.is_root(); }

// A companion "…_Classes" of a hive is the user's Software\Classes once more: it is meant only where the
// pattern says so. CurrentControlSet is one of its neighbours once more.
bool PatternWatch::fits(std::u16string_view glob, const std::u16string& name) const {
    if (users_only_) return is_hive_of_a_person(name);
    if (finds_hives() && is_companion(name) && !is_companion(glob)) return false;
    if (is_control_set_link(prefix_.child(name))) return false;
    return matches_glob(glob, name);
}

void PatternWatch::take_subkey(const Snapshot& present, const std::u16string& name,
                               FirstLook first_look, Detection detection) {
    const KeyPath path = prefix_.child(name);
    const std::u16string found = fold(name);
    if (fits(glob_, name) && !is_attached(found)) {
        attach(found, present, below(path, rest_), first_look, detection);
    }
    const std::u16string deeper = u'\\' + found;
    if (any_depth_ && fits(kAnyDepth, name) && !is_attached(deeper)) {
        attach(deeper, present, below(path, any_depth_rest_), first_look, detection);
    }
}

bool PatternWatch::is_attached(const std::u16string& child) const {
    const Lock lock(mutex_);
    return children_.contains(child);
}

void PatternWatch::attach(const std::u16string& child, const Snapshot& present, const KeyPath& path,
                          FirstLook first_look, Detection detection) {
    if (!take_from_budget(present)) {
        if (budget_->note_refused()) owner_.on_pattern_full(watch_, *budget_, path);
        return;
    }
    auto made = owner_.make_node(watch_, path, first_look, detection, budget_);
    if (!made) {
        budget_->give_back();
        owner_.on_not_created(watch_, path, made.error());
        return;
    }
    const std::shared_ptr<WatchNode> node = std::move(made).value();
    {
        const Lock lock(mutex_);
        children_.emplace(child, node);
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
            const std::u16string name(child.first, child.first.front() == u'\\' ? 1 : 0);
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
