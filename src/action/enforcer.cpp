#include "action/enforcer.h"

#include <algorithm>
#include <utility>

#include "change/data_text.h"
#include "text/fold.h"
#include "text/utf.h"

namespace regwatch {
namespace {

constexpr std::size_t kMostShown = 200;  // units of a value's data

std::string shown(const std::optional<ValueData>& data) {
    if (!data) return "(not there)";
    return name_of(data->type) + " " + to_utf8(clip_readable(to_text(*data), kMostShown));
}

// Names of keys and values are the same in any case.
const Subkey* find_name(const Snapshot& key, std::u16string_view name) {
    const auto found =
        std::find_if(key.subkeys.begin(), key.subkeys.end(),
                     [&](const Subkey& subkey) { return equal_folded(subkey.name, name); });
    return found == key.subkeys.end() ? nullptr : &*found;
}

// Where a path leads to, and whether it ends early at a key that nobody could read.
struct Way {
    const Snapshot* key = nullptr;
    bool is_closed = false;
};

Way way_down(const Snapshot* key, std::u16string_view path) {
    while (key != nullptr && !path.empty()) {
        const std::size_t end = path.find(u'\\');
        const Subkey* const subkey = find_name(*key, path.substr(0, end));
        path.remove_prefix(end == std::u16string_view::npos ? path.size() : end + 1);
        if (subkey != nullptr && (!subkey->below || subkey->below->is_unread()))
            return {nullptr, true};
        key = subkey == nullptr ? nullptr : subkey->below.get();
    }
    return {key, false};
}

std::optional<ValueData> find_value(const Snapshot* key, std::u16string_view name) {
    if (key == nullptr) return std::nullopt;
    for (const ValueView value : key->values) {
        if (equal_folded(value.name, name)) return ValueData(value.data);
    }
    return std::nullopt;
}

RegistryEdit edit_for(const Expectation& expected, const KeyPath& key) {
    RegistryEdit edit{RegistryEdit::Kind::delete_value, key, expected.value_name, {}};
    if (!expected.subkey.empty()) {
        if (!edit.key.subkey.empty()) edit.key.subkey += u'\\';
        edit.key.subkey += expected.subkey;
    }
    if (expected.data) {
        edit.kind = RegistryEdit::Kind::set_value;
        edit.data = *expected.data;
    }
    return edit;
}

}  // namespace

Result<std::unique_ptr<Enforcer>> Enforcer::create(const Ports& ports) {
    std::unique_ptr<Enforcer> enforcer(new Enforcer(ports));
    auto strand = Strand::create(ports.executor, [self = enforcer.get()] { self->turn(); });
    if (!strand) return std::move(strand).error();
    enforcer->strand_ = std::move(strand).value();
    auto timer = ports.executor.create_timer([self = enforcer.get()] { self->strand_->poke(); });
    if (!timer) return std::move(timer).error();
    enforcer->timer_ = std::move(timer).value();
    return enforcer;
}

Enforcer::~Enforcer() { close(); }

void Enforcer::close() noexcept {
    if (strand_) strand_->close();
    if (timer_) timer_->cancel();
}

void Enforcer::see(const WatchSettings& watch, const KeyPath& key, const Snapshot* now,
                   Found found) {
    if (now == nullptr && key.root == Root::users) return;
    for (const Expectation& expected : watch.expect) {
        const Way way = way_down(now, expected.subkey);
        const auto data = find_value(way.key, expected.value_name);
        if (!data && (way.is_closed || found == Found::what_had_room)) continue;
        judge(watch, expected, key, data);
    }
}

void Enforcer::judge(const WatchSettings& watch, const Expectation& expected, const KeyPath& key,
                     const std::optional<ValueData>& found) {
    RegistryEdit edit = edit_for(expected, key);
    Id id = to_utf16(watch.name) + u'\0' + edit.key.folded() + u'\0' + fold(edit.value_name);
    Holding::News news{};
    Held told;
    {
        const Lock lock(mutex_);
        Held& held = held_[std::move(id)];
        held.watch = watch.name;
        held.expected = expected;
        held.edit = std::move(edit);
        news = held.holding.see(found, found == expected.data, watch.enforce,
                                ports_.clock.steady_now());
        if (news == Holding::News::none) return;
        told = held;
    }
    tell(news, told);
    // Also what was given up has its time.
    if (news == Holding::News::to_be_written || news == Holding::News::gave_up) strand_->poke();
}

void Enforcer::tell(Holding::News news, const Held& held) const {
    const std::string name = object_text(held.edit.key, held.edit.value_name);
    const std::string found = shown(held.holding.found());
    switch (news) {
        case Holding::News::deviates:
            return ports_.journal.write(
                {EventId::not_as_expected, {held.watch, name, found, shown(held.expected.data)}});
        case Holding::News::as_expected_again:
            return ports_.journal.write({EventId::as_expected_again, {held.watch, name}});
        case Holding::News::gave_up:
            return ports_.journal.write(
                {EventId::enforcing_gave_up,
                 {held.watch, name,
                  "it was set " + std::to_string(Holding::kMostInARow) +
                      " times in a row, and somebody made it " + found +
                      " again; it is left alone until that was quiet for 10 minutes."}});
        case Holding::News::none:
        case Holding::News::to_be_written:
            return;
    }
}

void Enforcer::keep_only(const std::vector<WatchSettings>& watches) {
    const auto is_expected = [&](const Held& held) {
        return std::any_of(watches.begin(), watches.end(), [&](const WatchSettings& watch) {
            return watch.name == held.watch && (watch.enforce || !held.holding.due()) &&
                   std::find(watch.expect.begin(), watch.expect.end(), held.expected) !=
                       watch.expect.end();
        });
    };
    const Lock lock(mutex_);
    std::erase_if(held_, [&](const auto& one) { return !is_expected(one.second); });
}

std::vector<GivenUp> Enforcer::given_up() const {
    const Lock lock(mutex_);
    std::vector<GivenUp> all;
    for (const auto& [id, held] : held_) {
        if (!held.holding.is_given_up()) continue;
        all.push_back({held.watch, held.watch, object_text(held.edit.key, held.edit.value_name)});
    }
    return all;
}

void Enforcer::turn() {
    const auto id = next_due();
    if (!id) return;
    const WritingTime::Turn writing(ports_.writing);
    if (!writing) return;
    write(*id);
    strand_->poke();
}

std::optional<Enforcer::Id> Enforcer::next_due() {
    const Lock lock(mutex_);
    std::optional<SteadyTime> first;
    const Id* id = nullptr;
    for (const auto& [name, held] : held_) {
        const auto due = held.holding.due();
        if (!due || (first && *first <= *due)) continue;
        first = due;
        id = &name;
    }
    if (id == nullptr) return std::nullopt;
    const Duration wait = *first - ports_.clock.steady_now();
    if (wait <= Duration::zero()) return *id;
    timer_->set(wait);
    return std::nullopt;
}

void Enforcer::write(const Id& id) {
    std::optional<Held> held;
    {
        const Lock lock(mutex_);
        const auto found = held_.find(id);
        if (found == held_.end()) return;
        held = found->second;
        found->second.holding.begin_writing();
    }
    const auto done = carry_out(held->edit, ports_.writer);
    const std::string reason = done ? std::string() : done.error().text() + ".";
    {
        const Lock lock(mutex_);
        const auto found = held_.find(id);
        if (found == held_.end()) return;
        const SteadyTime now = ports_.clock.steady_now();
        if (done) {
            found->second.holding.written(now);
        } else {
            found->second.holding.failed(done.error().kind == ErrorKind::transient, now);
        }
        if (std::exchange(found->second.told_reason, reason) == reason && !done) return;
    }
    const std::string name = object_text(held->edit.key, held->edit.value_name);
    if (!done) return ports_.journal.write({EventId::not_enforced, {held->watch, name, reason}});
    ports_.journal.write(
        {EventId::enforced,
         {held->watch, name, shown(held->holding.found()), shown(held->expected.data)}});
}

}  // namespace regwatch
