#include "watch/watch_set.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "watch/control_set.h"
#include "watch/key_pattern.h"
#include "watch/pattern_watch.h"
#include "watch/single_watch.h"

namespace regwatch {
namespace {

// A name has no control character, so that no two watches share an id.
std::u16string id_of(const WatchSettings& watch, const KeyPath& key) {
    return std::u16string(watch.name.begin(), watch.name.end()) + u'\n' + key.folded();
}

// CurrentControlSet may be in its way.
bool may_be_in_system(const KeyPath& key) {
    if (key.root != Root::local_machine) return false;
    const std::u16string_view first =
        std::u16string_view(key.subkey).substr(0, key.subkey.find(u'\\'));
    return matches_glob(first, u"SYSTEM");
}

}  // namespace

WatchSet::WatchSet(const Ports& ports, LookKeeper& keeper, const KeepLimits& limits)
    : ports_(ports),
      keeper_(keeper),
      monitors_(ports.registry, ports.thread),
      quota_of_all_(std::make_shared<Quota>("", limits, nullptr)) {}

Result<std::unique_ptr<WatchSet>> WatchSet::create(const Settings& settings, const Ports& ports,
                                                   LookKeeper& keeper, Begin begin) {
    std::unique_ptr<WatchSet> set(new WatchSet(ports, keeper, settings.limits));
    auto planned = set->plan(settings.watches, begin);
    if (!planned) return std::move(planned).error();
    const Lock lock(set->mutex_);
    set->entries_ = std::move(planned->all);
    set->now_ = std::move(planned->now);
    return set;
}

WatchSet::~WatchSet() { close(); }

void WatchSet::start() {
    const Turn turn(*this);
    if (!turn) return;
    for (const auto& entry : entries()) entry->node->start();
}

Result<WatchSet::Reloaded> WatchSet::reload(const Settings& settings, FirstLook first_look,
                                            const std::function<void()>& before_change) {
    const Turn turn(*this);
    if (!turn) return Error{ErrorKind::gone, 0, "changing", "the watches", "they are being closed"};
    auto planned = plan(settings.watches, {first_look, Detection::reload});
    if (!planned) return std::move(planned).error();
    const Reloaded reloaded{planned->all.size() - planned->added.size(), planned->added.size(),
                            planned->removed.size()};
    before_change();
    set_limits(settings);
    carry_out(std::move(planned).value());
    return reloaded;
}

Result<WatchSet::Plan> WatchSet::plan(const std::vector<WatchSettings>& watches, Begin begin) {
    std::unordered_multimap<std::u16string, std::shared_ptr<Entry>> before;
    for (auto& entry : entries()) before.emplace(entry->id, entry);
    Plan plan;
    for (const WatchSettings& watch : watches) {
        const auto settings = std::make_shared<const WatchSettings>(watch);
        const bool has_links = std::any_of(watch.keys.begin(), watch.keys.end(), may_be_in_system);
        auto rivals = rivals_of(
            watch.keys, has_links && watch.keys.size() > 1 ? control_set() : std::u16string());
        for (std::size_t i = 0; i < watch.keys.size(); ++i) {
            const KeyPath& key = watch.keys[i];
            // By another name it is watched already.
            if (!KeyPattern::is_one(key, 0) && rivals[i].have(key)) continue;
            std::u16string id = id_of(watch, key);
            const auto known = before.find(id);
            if (known != before.end() && looks_alike(*known->second->made_for, watch) &&
                known->second->rivals == rivals[i]) {
                plan.now[known->second->made_for.get()] = settings;
                plan.all.push_back(std::move(known->second));
                before.erase(known);
                continue;
            }
            auto node = make_entry_node(*settings, key, rivals[i], begin);
            if (!node) {
                for (const auto& entry : plan.added) entry->node->close();
                return std::move(node).error();
            }
            plan.now[settings.get()] = settings;
            plan.added.push_back(std::make_shared<Entry>(
                std::move(id), settings, std::move(rivals[i]), std::move(node).value()));
            plan.all.push_back(plan.added.back());
        }
    }
    for (auto& [id, entry] : before) plan.removed.push_back(std::move(entry));
    return plan;
}

void WatchSet::carry_out(Plan plan) {
    {
        const Lock lock(mutex_);
        entries_ = std::move(plan.all);
        // What is let go delivers as before until it is closed.
        for (auto& [known, settings] : plan.now) now_[known] = settings;
    }
    for (const auto& entry : plan.removed) entry->node->close();
    {
        const Lock lock(mutex_);
        now_ = std::move(plan.now);
    }
    for (const auto& entry : plan.added) {
        if (is_closing()) return;
        entry->node->start();
    }
}

// What is above a lower limit stays; nothing comes until there is room.
void WatchSet::set_limits(const Settings& settings) {
    quota_of_all_->set_limits(settings.limits);
    for (const WatchSettings& watch : settings.watches) quota(watch)->set_limits(watch.limits);
    const Lock lock(mutex_);
    std::erase_if(quotas_, [](const auto& known) { return known.second.use_count() == 1; });
}

std::shared_ptr<Quota> WatchSet::quota(const WatchSettings& watch) {
    const Lock lock(mutex_);
    std::shared_ptr<Quota>& known = quotas_[watch.name];
    if (!known) known = std::make_shared<Quota>(watch.name, watch.limits, quota_of_all_);
    return known;
}

WatchSet::Turn::Turn(WatchSet& set) : set_(set) {
    const Lock lock(set_.mutex_);
    while (set_.changing_ && !set_.closing_) set_.changed_.wait(set_.mutex_);
    mine_ = !set_.closing_;
    if (mine_) set_.changing_ = true;
}

WatchSet::Turn::~Turn() {
    if (!mine_) return;
    const Lock lock(set_.mutex_);
    set_.changing_ = false;
    set_.changed_.notify_all();
}

bool WatchSet::is_closing() const {
    const Lock lock(mutex_);
    return closing_;
}

void WatchSet::wait_until_settled() {
    const Lock lock(mutex_);
    // What is closed counts as settled.
    while (unsettled_ > 0) changed_.wait(mutex_);
}

void WatchSet::close() noexcept {
    {
        const Lock lock(mutex_);
        closing_ = true;
        changed_.notify_all();
        while (changing_) changed_.wait(mutex_);
    }
    // From here on the entries stay as they are.
    for (std::size_t i = 0; WatchNode* const node = node_at(i); ++i) node->close();
}

std::vector<WatchStatus> WatchSet::status() const {
    std::vector<WatchStatus> all;
    for (const auto& entry : entries()) entry->node->add_status(all);
    return all;
}

WatchSet::Entries WatchSet::entries() const {
    const Lock lock(mutex_);
    return entries_;
}

WatchNode* WatchSet::node_at(std::size_t index) const noexcept {
    const Lock lock(mutex_);
    return index < entries_.size() ? entries_[index]->node.get() : nullptr;
}

Result<std::unique_ptr<WatchNode>> WatchSet::make_entry_node(const WatchSettings& watch,
                                                             const KeyPath& key,
                                                             const Rivals& rivals, Begin begin) {
    std::shared_ptr<PatternBudget> budget;
    if (KeyPattern::is_one(key, 0)) {
        budget = std::make_shared<PatternBudget>(resolved(key).utf8(), watch.max_keys, rivals);
    }
    return make_node(watch, {key, 0}, begin.first_look, begin.detection, std::move(budget));
}

KeyPath WatchSet::resolved(KeyPath path) {
    return is_in_system_hive(path) ? without_control_set_link(std::move(path), control_set())
                                   : path;
}

Result<std::unique_ptr<WatchNode>> WatchSet::make_node(const WatchSettings& watch, FoundPath found,
                                                       FirstLook first_look, Detection detection,
                                                       std::shared_ptr<PatternBudget> budget) {
    KeyPath& path = found.path;
    path = resolved(std::move(path));
    const KeyWatch::Ports ports{monitors_, ports_.executor, ports_.clock, ports_.journal};
    if (KeyPattern::is_one(path, found.literal)) {
        return PatternWatch::create(watch, found, first_look, detection, std::move(budget), ports,
                                    *this);
    }
    return SingleWatch::create(watch, std::move(path), first_look, detection, ports, *this);
}

WatchSet::SharedSettings WatchSet::now(const WatchSettings& known) const {
    const Lock lock(mutex_);
    return now_.at(&known);
}

void WatchSet::on_look(const WatchSettings& watch, const KeyPath& key, Look& look) {
    // The first is the baseline; a sweep says that the key is still as it was.
    const bool is_worth_keeping = look.is_first || look.detection == Detection::sweep;
    if (!is_worth_keeping && look.differences.empty()) {
        keeper_.found_nothing(*now(watch), key, look);
        return;
    }
    if (is_in_system_hive(key)) look.control_set = control_set();
    keeper_.take(*now(watch), key, look);
}

Result<KnownBefore> WatchSet::baseline(const WatchSettings& watch, const KeyPath& key) {
    const SharedSettings settings = now(watch);
    auto own = keeper_.baseline(*settings, key);
    if (!own) return std::move(own).error();
    KnownBefore known{std::move(own).value()};
    if (!is_in_system_hive(key)) return known;
    // The system was started with another control set: what differs from the last one is news.
    const bool has_own = known.stored.has_value();
    for (const KeyPath& other : in_other_control_sets(key, control_set(), settings->keys)) {
        // What is seen in each run says nothing of which of them was the last.
        if (has_own && is_watched_apart(other, settings->keys)) continue;
        auto then = keeper_.baseline(*settings, other);
        if (!then || !*then || (known.stored && (*then)->seen <= known.stored->seen)) continue;
        known = {std::move(then).value(), true};
    }
    return known;
}

void WatchSet::on_names(const WatchSettings& watch, const KeyPath& pattern, Look& look) {
    if (look.is_first || !look.differences.empty()) keeper_.take_names(*now(watch), pattern, look);
}

void WatchSet::on_newcomer(const WatchSettings& watch, const FoundPath& found) {
    const SharedSettings settings = now(watch);
    const bool is_key = !KeyPattern::is_one(found.path, found.literal);
    const KeyPath row = is_key ? found.path : KeyPattern(found.path, found.literal).names_row();
    const auto known = keeper_.baseline(*settings, row);
    if (!known || *known) return;
    Look look;
    look.is_first = true;
    look.writes_whole = true;
    look.at = ports_.clock.wall_now();
    look.concealed_with = key();
    if (is_key) {
        keeper_.take_absent(*settings, row, look);
    } else {
        keeper_.take_names(*settings, row, look);
    }
}

void WatchSet::release_hive(std::u16string_view sid) {
    for (const auto& entry : entries()) entry->node->release_hive(sid);
}

void WatchSet::tell_unmatched() {
    for (const auto& entry : entries()) {
        if (!entry->node->is_without_match() || entry->is_told_unmatched.exchange(true)) continue;
        std::vector<WatchStatus> where;
        entry->node->add_status(where);
        for (const WatchStatus& pattern : where) {
            if (pattern.state != WatchState::no_match) continue;
            ports_.journal.write({EventId::pattern_unmatched, {pattern.watch, pattern.key}});
        }
    }
}

// Does not change while the system runs; asked for when the first key needs it.
std::u16string WatchSet::control_set() {
    {
        const Lock lock(mutex_);
        if (control_set_) return *control_set_;
    }
    std::u16string current = current_control_set(ports_.registry);
    const Lock lock(mutex_);
    control_set_ = current;
    return current;
}

void WatchSet::on_created() {
    const Lock lock(mutex_);
    ++unsettled_;
}

void WatchSet::on_settled() {
    const Lock lock(mutex_);
    --unsettled_;
    if (unsettled_ == 0) changed_.notify_all();
}

void WatchSet::on_not_created(const WatchSettings& watch, const KeyPath& key, const Error& error) {
    ports_.journal.write({EventId::key_failed, {watch.name, key.utf8(), error.text() + "."}});
}

void WatchSet::on_pattern_full(const WatchSettings& watch, const PatternBudget& budget,
                               const KeyPath& first_left_out) {
    ports_.journal.write(
        {EventId::pattern_full,
         {watch.name, budget.pattern(), std::to_string(budget.limit()), first_left_out.utf8()}});
}

}  // namespace regwatch
