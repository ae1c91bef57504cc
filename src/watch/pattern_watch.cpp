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
                           Detection detection, WatchOwner& owner)
    : watch_(watch),
      owner_(owner),
      first_look_(first_look),
      detection_(detection),
      users_only_(pattern.root == Root::current_user),
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
    glob_ = components.at(wild);
    rest_ = join(components, wild + 1, components.size());
}

Result<std::unique_ptr<WatchNode>> PatternWatch::create(const WatchSettings& watch,
                                                        const KeyPath& pattern,
                                                        FirstLook first_look, Detection detection,
                                                        const KeyWatch::Ports& ports,
                                                        WatchOwner& owner) {
    std::unique_ptr<PatternWatch> node(
        new PatternWatch(watch, pattern, first_look, detection, owner));
    auto names = KeyWatch::create({watch.name, node->prefix_, Scope::names, FirstLook::report},
                                  ports, *node);
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
    if (look.is_first) {
        attach_first(look);
    } else if (look.now != nullptr) {
        // A hive that is loaded brings keys that existed before; any other new key is really new.
        const bool hive = finds_hives();
        for (const Subkey& subkey : look.now->subkeys) {
            if (!fits(subkey.name)) continue;
            attach(subkey.name, hive ? first_look_ : FirstLook::report,
                   hive ? Detection::hive_load : look.detection);
        }
    }
    // After the nodes were made: who knows the names has them.
    owner_.on_names(watch_, pattern_, look);
}

void PatternWatch::attach_first(const Look& look) {
    const auto stored = owner_.baseline(watch_, pattern_);
    std::set<std::u16string> before;
    if (stored && stored->state) {
        for (const Subkey& subkey : stored->state->subkeys) before.insert(fold(subkey.name));
    }
    if (look.now != nullptr) {
        for (const Subkey& subkey : look.now->subkeys) {
            if (!fits(subkey.name)) continue;
            const bool is_new = stored && !finds_hives() && before.count(fold(subkey.name)) == 0;
            attach(subkey.name, is_new ? FirstLook::report : first_look_, detection_);
        }
    }
    // Those that are gone: their nodes find that out. A hive that is not loaded is not gone.
    if (!stored || !stored->state || finds_hives()) return;
    for (const Subkey& subkey : stored->state->subkeys) {
        if (fits(subkey.name)) attach(subkey.name, first_look_, detection_);
    }
}

bool PatternWatch::finds_hives() const { return prefix_.root == Root::users && prefix_.is_root(); }

bool PatternWatch::fits(const std::u16string& name) const {
    return users_only_ ? is_hive_of_a_person(name) : matches_glob(glob_, name);
}

void PatternWatch::attach(const std::u16string& name, FirstLook first_look, Detection detection) {
    if (!attached_.insert(fold(name)).second) return;
    KeyPath path = prefix_.child(name);
    if (!rest_.empty()) path.subkey += u'\\' + rest_;
    auto node = owner_.make_node(watch_, path, first_look, detection);
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
