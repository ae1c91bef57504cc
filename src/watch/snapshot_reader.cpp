#include "watch/snapshot_reader.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "registry/sorting.h"

namespace regwatch {
namespace {

constexpr int kAttempts = 8;
// More than the longest step of the clock that stamps keys: 15.6 ms, the timer interrupt of Windows.
constexpr WallTicks kClockStep = std::chrono::milliseconds(100);

// What one key holds of its own. Values that are known by the key's time stay where they are.
struct OwnContent {
    KeyInfo info;
    bool time_is_proof = false;
    bool values_are_known = false;
    std::vector<Value> values;
    std::vector<SubkeyName> subkeys;
};

// How much is read of the values of one key.
enum class Values {
    none,   // they are not wanted
    known,  // by the key's time, from the look before
    all,
};

bool complete(const KeyInfo& before, const KeyInfo& after, const OwnContent& read, Values values) {
    return before.subkey_count == after.subkey_count && before.value_count == after.value_count &&
           after.subkey_count == read.subkeys.size() &&
           (values != Values::all || after.value_count == read.values.size());
}

// Not their data: writing moves no entry, only coming and going does. Whoever writes to one value
// without pause would otherwise hide the key.
bool same_entries(const OwnContent& a, const OwnContent& b) {
    const auto same_name = [](const auto& x, const auto& y) { return x.name == y.name; };
    return std::equal(a.values.begin(), a.values.end(), b.values.begin(), b.values.end(),
                      same_name) &&
           std::equal(a.subkeys.begin(), a.subkeys.end(), b.subkeys.begin(), b.subkeys.end(),
                      same_name);
}

// A list of one entry is read in one piece.
bool may_be_torn(const OwnContent& read) {
    return read.values.size() > 1 || read.subkeys.size() > 1;
}

bool same_text(const Security& a, const Security& b) { return a && b ? *a == *b : !a == !b; }

class Reader {
public:
    Reader(const ReadPlan& plan, const Clock& clock, std::u16string_view path,
           bool keeps_known_subkeys)
        : plan_(plan), clock_(clock), keeps_known_subkeys_(keeps_known_subkeys), path_(path) {}

    Result<SharedSnapshot> read_all(RegistryKey& key, const SharedSnapshot& before) {
        is_first_ = before == nullptr;
        const bool is_passed = !path_.empty() && fate_of_key() == Selection::Subkey::passed;
        return read(key, before, nullptr, 0, !is_passed);
    }

private:
    // `above` is the security of the key above, which most keys have too. A key that is not wanted is
    // read for what is below it.
    Result<SharedSnapshot> read(RegistryKey& key, const SharedSnapshot& before,
                                const Security& above, std::size_t depth, bool is_wanted) {
        const bool with_values = is_wanted && plan_.scope != Scope::names;
        auto own = read_own(key, trusted(before), with_values);
        if (!own) return std::move(own).error();
        const std::size_t left_out = count_left_out();
        if (!own->values_are_known) leave_out_excess(own->values, before.get());
        Security security;
        if (plan_.security && is_wanted) {
            auto read = read_security(key, before ? before->security : nullptr, above);
            if (!read) return std::move(read).error();
            security = std::move(read).value();
        }
        auto subkeys = read_subkeys(key, own->subkeys, before.get(), security, depth);
        if (!subkeys) return std::move(subkeys).error();
        if (count_left_out() != left_out) own->time_is_proof = false;
        return assemble(*own, std::move(subkeys).value(), std::move(security), before);
    }

    // Of the key that `path_` leads to.
    [[nodiscard]] Selection::Subkey fate_of_key() const {
        return plan_.selection->takes_all_subkeys() ? Selection::Subkey::read
                                                    : plan_.selection->subkey(path_);
    }

    [[nodiscard]] std::size_t count_left_out() const {
        return plan_.share ? plan_.share->left_out_by_look() : 0;
    }

    // A value that has grown too large stays what it was: that it is gone would not be true.
    void leave_out_excess(std::vector<Value>& values, const Snapshot* before) const {
        if (!plan_.share) return;
        const ValueList known = before ? before->values : ValueList();
        auto was = known.begin();
        std::erase_if(values, [&](Value& value) {
            while (was != known.end() && (*was).name < value.name) ++was;
            const std::size_t size = value.data.bytes.size();
            if (was == known.end() || (*was).name != value.name) {
                return !plan_.share->take(size_of_value(value.name, size));
            }
            const auto more = static_cast<std::int64_t>(size) -
                              static_cast<std::int64_t>((*was).data.bytes.size());
            if (more > 0 && !plan_.share->take({0, more})) value.data = (*was).data;
            return false;
        });
    }

    [[nodiscard]] const Snapshot* trusted(const SharedSnapshot& before) const {
        const bool trust = before && before->time_is_proof && plan_.trust == Trust::times;
        return trust ? before.get() : nullptr;
    }

    static Result<OwnContent> read_once(RegistryKey& key, Values wanted) {
        OwnContent read;
        read.values_are_known = wanted == Values::known;
        if (wanted == Values::all) {
            auto values = key.values();
            if (!values) return std::move(values).error();
            read.values = std::move(values).value();
        }
        auto subkeys = key.subkeys();
        if (!subkeys) return std::move(subkeys).error();
        read.subkeys = std::move(subkeys).value();
        return read;
    }

    Result<OwnContent> read_own(RegistryKey& key, const Snapshot* known, bool with_values) const {
        const WallTime begin = clock_.wall_now();
        auto before = key.info();
        if (!before) return std::move(before).error();
        std::optional<OwnContent> first;
        for (int attempt = 0; attempt < kAttempts; ++attempt) {
            const bool is_known = known != nullptr && known->last_write == before->last_write;
            Values values = is_known ? Values::known : Values::all;
            if (!with_values) values = Values::none;
            auto read = read_once(key, values);
            if (!read) return std::move(read).error();
            auto after = key.info();
            if (!after) return std::move(after).error();
            if (!complete(*before, *after, *read, values) ||
                (is_known && before->last_write != after->last_write)) {
                first.reset();
            } else {
                // The older one: what was written after it may be in the snapshot or not.
                read->info = *before;
                read->time_is_proof = before->last_write == after->last_write &&
                                      after->last_write < begin - kClockStep;
                sort_and_keep_the_last(read->values);
                sort_and_keep_the_last(read->subkeys);
                if (read->time_is_proof || !may_be_torn(*read) ||
                    (first && same_entries(*first, *read))) {
                    plan_.selection->keep_wanted(read->values, *plan_.key);
                    return std::move(read).value();
                }
                first = std::move(read).value();
            }
            before = after;
        }
        return Error{ErrorKind::transient, 0, "reading the key", "",
                     "it changes faster than it can be read"};
    }

    // Where it cannot be read the key is watched all the same, and nothing is said about it.
    static Result<Security> read_security(RegistryKey& key, const Security& before,
                                          const Security& above) {
        auto sddl = key.security();
        if (!sddl) {
            const ErrorKind kind = sddl.error().kind;
            if (kind == ErrorKind::gone || kind == ErrorKind::not_found) {
                return std::move(sddl).error();
            }
            return before;
        }
        for (const Security& known : {before, above}) {
            if (known && *known == *sddl) return known;
        }
        return std::make_shared<const std::string>(std::move(sddl).value());
    }

    Result<std::vector<Subkey>> read_subkeys(RegistryKey& key, std::vector<SubkeyName>& names,
                                             const Snapshot* before, const Security& above,
                                             std::size_t depth) {
        std::vector<Subkey> subkeys;
        subkeys.reserve(names.size());
        for (SubkeyName& name : names) {
            Subkey subkey{std::move(name.name), name.last_write, nullptr};
            const std::size_t length = path_.size();
            if (!path_.empty()) path_ += u'\\';
            path_ += subkey.name;
            auto there = visit(key, subkey, before, above, depth);
            path_.resize(length);
            if (!there) return std::move(there).error();
            if (!*there) continue;
            subkeys.push_back(std::move(subkey));
        }
        return subkeys;
    }

    // False: it is gone by now, or it is left out.
    Result<bool> visit(RegistryKey& key, Subkey& subkey, const Snapshot* before,
                       const Security& above, std::size_t depth) {
        const Selection::Subkey fate = fate_of_key();
        if (fate == Selection::Subkey::left_out) return false;
        const Subkey* const known = before ? find_subkey(*before, subkey.name) : nullptr;
        if (known == nullptr && plan_.share && !plan_.share->take(size_of_key(subkey.name))) {
            return false;
        }
        if (fate == Selection::Subkey::named || plan_.scope != Scope::subtree ||
            depth >= kMaxKeyDepth) {
            return true;
        }
        return read_subkey(key, subkey, known, above, depth, fate == Selection::Subkey::read);
    }

    // Nothing of it can have changed that this time would not tell of.
    [[nodiscard]] bool is_untouched(const Subkey& subkey, const Subkey* known) const {
        return known != nullptr && known->below && !plan_.security && trusted(known->below) &&
               known->below->subkeys.empty() && known->below->last_write == subkey.last_write;
    }

    // Its own part of the subtree tells of what is below it. A key without subkeys may have no part.
    [[nodiscard]] bool is_kept(const Subkey* known, std::size_t depth) const {
        return keeps_known_subkeys_ && depth == 0 && known != nullptr && known->below &&
               !known->below->subkeys.empty();
    }

    // Reads one subkey with all that is below it. False: it is gone by now. A subkey that goes away
    // while its parent is read is left out, as if it had gone a moment earlier: with its name but
    // without its content it would look like a subkey that nobody went into.
    Result<bool> read_subkey(RegistryKey& key, Subkey& subkey, const Subkey* known,
                             const Security& above, std::size_t depth, bool is_wanted) {
        if (is_untouched(subkey, known) || is_kept(known, depth)) {
            subkey.below = known->below;
            return true;
        }
        auto opened = key.open_subkey(subkey.name);
        if (!opened) return keep_unread(subkey, known, std::move(opened).error());
        auto below = read(**opened, known ? known->below : nullptr, above, depth + 1, is_wanted);
        if (!below) return keep_unread(subkey, known, std::move(below).error());
        subkey.below = std::move(below).value();
        subkey.last_write = subkey.below->last_write;
        return true;
    }

    // What is known of it stays, so that a change that nobody may see now is one when it can be seen. Of
    // a new one everything is news by then; one that only changes too fast comes with what is in it.
    Result<bool> keep_unread(Subkey& subkey, const Subkey* known, Error error) {
        const bool may_pass = error.kind == ErrorKind::transient;
        if (may_pass && plan_.unread == nullptr) return error;
        if (error.kind == ErrorKind::not_found || error.kind == ErrorKind::gone) return false;
        if (plan_.unread != nullptr) plan_.unread->push_back({path_, std::move(error)});
        if (known != nullptr) {
            subkey.below = known->below;
        } else if (!is_first_) {
            if (may_pass) return false;
            subkey.below = std::make_shared<const Snapshot>();
        }
        return true;
    }

    // The earlier snapshot itself where it says the same.
    SharedSnapshot assemble(const OwnContent& own, std::vector<Subkey> subkeys, Security security,
                            const SharedSnapshot& before) const {
        ValueList values = own.values_are_known ? ValueList() : ValueList(own.values);
        const bool same =
            before && before->last_write == own.info.last_write &&
            before->time_is_proof == own.time_is_proof && same_text(before->security, security) &&
            (own.values_are_known || before->values == values) &&
            std::equal(before->subkeys.begin(), before->subkeys.end(), subkeys.begin(),
                       subkeys.end(), [](const Subkey& a, const Subkey& b) {
                           return a.below == b.below && a.last_write == b.last_write &&
                                  a.name == b.name;
                       });
        if (same) return before;
        subkeys.shrink_to_fit();
        auto snapshot = std::make_shared<Snapshot>();
        snapshot->last_write = own.info.last_write;
        snapshot->time_is_proof = own.time_is_proof;
        if (own.values_are_known) {
            snapshot->values = before->values;
        } else {
            snapshot->values = std::move(values);
        }
        snapshot->subkeys = std::move(subkeys);
        snapshot->security = std::move(security);
        return snapshot;
    }

    const ReadPlan plan_;
    const Clock& clock_;
    const bool keeps_known_subkeys_;
    bool is_first_ = false;
    std::u16string path_;  // of the key that is read, relative to the watched one
};

}  // namespace

Result<SharedSnapshot> read_snapshot(RegistryKey& key, const ReadPlan& plan, const Clock& clock,
                                     const SharedSnapshot& before, std::u16string_view path) {
    return Reader(plan, clock, path, false).read_all(key, before);
}

Result<SharedSnapshot> read_inner_key(RegistryKey& key, const ReadPlan& plan, const Clock& clock,
                                      const SharedSnapshot& before, std::u16string_view path) {
    return Reader(plan, clock, path, true).read_all(key, before);
}

}  // namespace regwatch
