#include "watch/pattern_watch.h"

#include <algorithm>
#include <utility>

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
      is_first_(pattern.literal == 0),
      budget_(std::move(budget)),
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
    std::vector<Child> children;
    {
        const Lock lock(mutex_);
        for (auto& [name, child] : children_) children.push_back(std::move(child));
        children_.clear();
    }
    let_go(children);
    budget_->forget_refused(refused_.size());
    refused_.clear();
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
    for (const auto& [name, child] : children_) child.node->add_status(all);
}

void PatternWatch::release_hive(std::u16string_view sid) {
    if (is_in_hive_of(pattern_.prefix(), sid)) names_->release_hive();
    std::vector<std::shared_ptr<WatchNode>> nodes;
    {
        const Lock lock(mutex_);
        for (const auto& [name, child] : children_) nodes.push_back(child.node);
    }
    for (const auto& node : nodes) node->release_hive(sid);
}

// All of it: a key that still has to tell of its deletion is not gone.
bool PatternWatch::is_gone() const {
    if (names_->status().state != WatchState::waiting) return false;
    const Lock lock(mutex_);
    return std::all_of(children_.begin(), children_.end(),
                       [](const auto& child) { return child.second.node->is_gone(); });
}

void PatternWatch::on_settled() {
    settled_ = true;
    owner_.on_settled();
}

void PatternWatch::on_look(const KeyWatchPlan&, Look& look) {
    looked_for_gone_ = false;
    const Snapshot nothing;
    const Snapshot& present = look.now ? *look.now : nothing;
    forget_gone(present);
    const bool is_first = look.is_first;
    if (is_first || is_unread_) compare(present, look);
    if (!is_first) {
        // A hive that is loaded brings keys that existed before; any other new key is really new.
        const bool hive = pattern_.finds_hives();
        for (const Subkey& subkey : present.subkeys) {
            take_subkey(present, subkey.name, hive ? first_look_ : FirstLook::report,
                        hive ? Detection::hive_load : look.detection);
        }
    }
    // After the nodes were made: who knows the names has them.
    owner_.on_names(watch_, pattern_.names_row(), look);
}

// With the names that an earlier run knew; where those cannot be read now, with the next look at which
// they can.
void PatternWatch::compare(const Snapshot& present, Look& look) {
    const auto known = owner_.baseline(watch_, pattern_.names_row());
    const Detection detection = look.is_first ? look.detection : names_->plan().first_detection;
    const bool hive = pattern_.finds_hives();
    if (!known) {
        if (!look.is_first) return;
        for (const Subkey& subkey : present.subkeys) {
            take_subkey(present, subkey.name, first_look_, detection);
        }
        // A hive that was not loaded is not gone, and one that is loaded is not new.
        if (hive) return;
        is_unread_ = true;
        undecided_ = folded_names(present);
        return;
    }
    const std::optional<StoredBaseline>& stored = known->stored;
    std::set<std::u16string> before;
    if (stored && stored->state) before = folded_names(*stored->state);
    for (const Subkey& subkey : present.subkeys) {
        const bool is_new = stored && !hive && !before.contains(fold(subkey.name));
        if (look.is_first) {
            take_subkey(present, subkey.name, is_new ? FirstLook::report : first_look_, detection);
        } else if (is_new && undecided_.contains(fold(subkey.name))) {
            report_anew(present, subkey.name);
        }
    }
    is_unread_ = false;
    undecided_.clear();
    look.writes_whole = known->is_of_another;
    look.is_first = true;  // for what is kept of it
    // Those that are gone: their nodes find that out.
    if (!stored || !stored->state || hive) return;
    for (const Subkey& subkey : stored->state->subkeys) {
        take_subkey(present, subkey.name, first_look_, detection);
    }
}

// It came while nobody watched, but was taken for one that had been there.
void PatternWatch::report_anew(const Snapshot& present, const std::u16string& name) {
    for (const KeyPattern::Found& found : pattern_.find(name)) {
        std::vector<Child> before;
        {
            const Lock lock(mutex_);
            const auto child = children_.find(found.id);
            if (child != children_.end()) {
                before.push_back(std::move(child->second));
                children_.erase(child);
            }
        }
        let_go(before);
        const auto refused = refused_.find(found.id);
        if (refused != refused_.end()) refused->second = FirstLook::report_anew;
        attach(found, present, FirstLook::report_anew, names_->plan().first_detection);
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
    const bool is_key = !KeyPattern::is_one(found.path, found.literal);
    if (is_key && budget_->rivals().have(found.path)) return budget_->note_left_to_rival();
    const auto refused = refused_.find(found.id);
    // When it is first watched says nothing of when it came.
    if (refused != refused_.end()) first_look = refused->second;
    if (!take_from_budget(present)) {
        if (refused != refused_.end()) return;
        refused_.emplace(found.id, first_look);
        if (budget_->note_refused()) owner_.on_pattern_full(watch_, *budget_, found.path);
        return;
    }
    if (refused != refused_.end()) {
        refused_.erase(refused);
        budget_->note_placed();
    }
    auto made =
        owner_.make_node(watch_, {found.path, found.literal}, first_look, detection, budget_);
    if (!made) {
        budget_->give_back();
        owner_.on_not_created(watch_, found.path, made.error());
        return;
    }
    if (is_key) budget_->note_found();
    const std::shared_ptr<WatchNode> node = std::move(made).value();
    {
        const Lock lock(mutex_);
        children_.emplace(found.id, Child{node, is_key});
    }
    const bool is_news = first_look != FirstLook::accept && first_look_ == FirstLook::accept;
    if (is_news) owner_.on_newcomer(watch_, {found.path, found.literal});
    node->start();
}

bool PatternWatch::take_from_budget(const Snapshot& present) {
    return budget_->take() || (drop_gone(present) && budget_->take());
}

void PatternWatch::let_go(const std::vector<Child>& children) noexcept {
    for (const Child& child : children) {
        child.node->close();
        if (child.is_key) budget_->note_lost();
        budget_->give_back();
    }
}

// What comes again under its name is another key.
void PatternWatch::forget_gone(const Snapshot& present) {
    if (refused_.empty() && undecided_.empty()) return;
    const std::set<std::u16string> names = folded_names(present);
    budget_->forget_refused(std::erase_if(refused_, [&](const auto& refused) {
        return !names.contains(std::u16string(KeyPattern::name_of(refused.first)));
    }));
    std::erase_if(undecided_, [&](const auto& name) { return !names.contains(name); });
}

// One that the names list again is about to find its key: it stays.
bool PatternWatch::drop_gone(const Snapshot& present) {
    if (std::exchange(looked_for_gone_, true)) return false;
    const std::set<std::u16string> names = folded_names(present);
    std::vector<Child> gone;
    {
        const Lock lock(mutex_);
        std::erase_if(children_, [&](const auto& child) {
            const std::u16string name(KeyPattern::name_of(child.first));
            if (names.contains(name) || !child.second.node->is_gone()) return false;
            gone.push_back(child.second);
            return true;
        });
    }
    let_go(gone);
    return !gone.empty();
}

}  // namespace regwatch
