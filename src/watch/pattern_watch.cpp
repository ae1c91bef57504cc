#include "watch/pattern_watch.h"

#include <utility>

#include "text/fold.h"

namespace regwatch {
namespace {

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

// The hives of people (S-1-5-21-… of a machine or domain, S-1-12-… of the cloud), without the
// "_Classes" companions and without the service accounts.
bool is_hive_of_a_person(std::u16string_view name) {
    return (matches_glob(u"S-1-5-21-*", name) || matches_glob(u"S-1-12-*", name)) &&
           !matches_glob(u"*_Classes", name);
}

}  // namespace

PatternWatch::PatternWatch(const WatchSettings& watch, const KeyPath& pattern, FirstLook first_look,
                           Detection first_detection, WatchOwner& owner)
    : watch_(watch),
      owner_(owner),
      first_look_(first_look),
      first_detection_(first_detection),
      users_only_(pattern.root == Root::current_user),
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
    glob_ = components.at(wild);
    rest_ = join(components, wild + 1, components.size());
}

Result<std::unique_ptr<WatchNode>> PatternWatch::create(
    const WatchSettings& watch, const KeyPath& pattern, FirstLook first_look,
    Detection first_detection, const KeyWatch::Ports& ports, WatchOwner& owner) {
    std::unique_ptr<PatternWatch> node(
        new PatternWatch(watch, pattern, first_look, first_detection, owner));
    auto names = KeyWatch::create(
        {watch.name, node->prefix_, Scope::names, FirstLook::report, first_detection}, ports,
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
    std::vector<std::unique_ptr<WatchNode>> nodes;
    {
        const Lock lock(mutex_);
        nodes.swap(nodes_);
    }
    for (const auto& node : nodes) node->close();
}

void PatternWatch::add_status(std::vector<WatchStatus>& all) const {
    const KeyStatus names = names_->status();
    if (names.state == WatchState::retrying || names.state == WatchState::waiting) {
        all.push_back({watch_.name, prefix_.utf8(), names.state, names.error});
    }
    const Lock lock(mutex_);
    for (const auto& node : nodes_) node->add_status(all);
}

void PatternWatch::on_settled() {
    settled_ = true;
    owner_.on_settled();
}

void PatternWatch::on_look(const KeyWatchPlan&, Look& look) {
    if (look.now == nullptr) return;
    const bool first = look.previous == WallTime{};
    // A hive that is loaded brings keys that existed before; any other new key is really new.
    const bool hive = prefix_.root == Root::users && prefix_.is_root();
    for (const Subkey& subkey : look.now->subkeys) {
        if (!fits(subkey.name) || !attached_.insert(fold(subkey.name)).second) continue;
        if (first) {
            attach(subkey.name, first_look_, first_detection_);
        } else if (hive) {
            attach(subkey.name, FirstLook::accept, Detection::hive_load);
        } else {
            attach(subkey.name, FirstLook::report, Detection::notify);
        }
    }
}

bool PatternWatch::fits(const std::u16string& name) const {
    return users_only_ ? is_hive_of_a_person(name) : matches_glob(glob_, name);
}

void PatternWatch::attach(const std::u16string& name, FirstLook first_look,
                          Detection first_detection) {
    KeyPath path = prefix_.child(name);
    if (!rest_.empty()) path.subkey += u'\\' + rest_;
    auto node = owner_.make_node(watch_, path, first_look, first_detection);
    if (!node) {
        attached_.erase(fold(name));
        owner_.on_not_created(watch_, path, node.error());
        return;
    }
    WatchNode& made = **node;
    {
        const Lock lock(mutex_);
        nodes_.push_back(std::move(node).value());
    }
    made.start();
}

}  // namespace regwatch
