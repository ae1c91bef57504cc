#include "watch/snapshot_reader.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>
#include <vector>

namespace regwatch {
namespace {

constexpr int kAttempts = 8;
// More than the longest step of the clock that stamps keys: 15.6 ms, the timer interrupt of Windows.
constexpr WallTicks kClockStep = std::chrono::milliseconds(100);
bool complete(const KeyInfo& before, const KeyInfo& after, const Snapshot& read, Scope scope) {
    return before.subkey_count == after.subkey_count && before.value_count == after.value_count &&
           after.subkey_count == read.subkeys.size() &&
           (scope == Scope::names || after.value_count == read.values.size());
}

Result<Snapshot> read_once(RegistryKey& key, Scope scope) {
    Snapshot read;
    if (scope != Scope::names) {
        auto values = key.values();
        if (!values) return std::move(values).error();
        read.values = std::move(values).value();
    }
    auto names = key.subkeys();
    if (!names) return std::move(names).error();
    read.subkeys.reserve(names->size());
    for (SubkeyName& subkey : *names) {
        read.subkeys.push_back({std::move(subkey.name), subkey.last_write, nullptr});
    }
    return read;
}

// Not their data: writing moves no entry, only coming and going does. Whoever writes to one value
// without pause would otherwise hide the key.
bool same_entries(const Snapshot& a, const Snapshot& b) {
    const auto same_name = [](const auto& x, const auto& y) { return x.name == y.name; };
    return std::equal(a.values.begin(), a.values.end(), b.values.begin(), b.values.end(),
                      same_name) &&
           std::equal(a.subkeys.begin(), a.subkeys.end(), b.subkeys.begin(), b.subkeys.end(),
                      same_name);
}

// A list of one entry is read in one piece.
bool may_be_torn(const Snapshot& read) { return read.values.size() > 1 || read.subkeys.size() > 1; }

Result<Snapshot> read_key(RegistryKey& key, Scope scope, const Clock& clock) {
    const WallTime begin = clock.wall_now();
    auto before = key.info();
    if (!before) return std::move(before).error();
    std::optional<Snapshot> first;
    for (int attempt = 0; attempt < kAttempts; ++attempt) {
        auto read = read_once(key, scope);
        if (!read) return std::move(read).error();
        auto after = key.info();
        if (!after) return std::move(after).error();
        if (!complete(*before, *after, *read, scope)) {
            first.reset();
        } else {
            // The older one: what was written after it may be in the snapshot or not.
            read->last_write = before->last_write;
            read->sort();
            const bool time_is_proof =
                before->last_write == after->last_write && after->last_write < begin - kClockStep;
            if (time_is_proof || !may_be_torn(*read) || (first && same_entries(*first, *read))) {
                return std::move(read).value();
            }
            first = std::move(read).value();
        }
        before = after;
    }
    return Error{ErrorKind::transient, 0, "reading the key", "",
                 "it changes faster than it can be read"};
}

// One look at a subtree.
class SubtreeReader {
public:
    SubtreeReader(const Selection& selection, const Clock& clock)
        : selection_(selection), clock_(clock) {}

    // A subkey that goes away while its parent is read is left out, as if it had gone a moment earlier:
    // with its name but without its content it would look like a subkey that nobody went into.
    Result<void> read_below(RegistryKey& key, Snapshot& snapshot, std::size_t depth) {
        if (depth >= kMaxKeyDepth) return {};
        std::vector<Subkey> present;
        present.reserve(snapshot.subkeys.size());
        for (Subkey& subkey : snapshot.subkeys) {
            const std::size_t length = path_.size();
            if (!path_.empty()) path_ += u'\\';
            path_ += subkey.name;
            auto there = visit(key, subkey, depth);
            path_.resize(length);
            if (!there) return std::move(there).error();
            if (*there) present.push_back(std::move(subkey));
        }
        snapshot.subkeys = std::move(present);
        return {};
    }

private:
    // False: it is gone by now, or it is not wanted.
    Result<bool> visit(RegistryKey& key, Subkey& subkey, std::size_t depth) {
        if (selection_.takes_all_subkeys()) return read_subkey(key, subkey, depth, true);
        switch (selection_.subkey(path_)) {
            case Selection::Subkey::left_out:
                return false;
            case Selection::Subkey::named:
                return true;
            case Selection::Subkey::passed:
                return read_subkey(key, subkey, depth, false);
            case Selection::Subkey::read:
                return read_subkey(key, subkey, depth, true);
        }
        return true;
    }

    // Reads one subkey with all that is below it. False: it is gone by now.
    Result<bool> read_subkey(RegistryKey& key, Subkey& subkey, std::size_t depth,
                             bool with_values) {
        const auto unreadable = [](const Error& error) -> Result<bool> {
            if (error.kind == ErrorKind::transient) return error;
            return error.kind != ErrorKind::not_found && error.kind != ErrorKind::gone;
        };
        auto opened = key.open_subkey(subkey.name);
        if (!opened) return unreadable(opened.error());
        const Scope scope = with_values ? Scope::subtree : Scope::names;
        auto below = read_key(**opened, scope, clock_);
        if (!below) return unreadable(below.error());
        selection_.keep_wanted(below->values);
        subkey.last_write = below->last_write;
        subkey.below = std::make_unique<Snapshot>(std::move(below).value());
        if (auto done = read_below(**opened, *subkey.below, depth + 1); !done) {
            return std::move(done).error();
        }
        return true;
    }

    const Selection& selection_;
    const Clock& clock_;
    std::u16string path_;  // of the key that is read, relative to the watched one
};

}  // namespace

Result<Snapshot> read_snapshot(RegistryKey& key, Scope scope, const Selection& selection,
                               const Clock& clock) {
    auto snapshot = read_key(key, scope, clock);
    if (!snapshot) return snapshot;
    selection.keep_wanted(snapshot->values);
    if (scope == Scope::subtree) {
        auto below = SubtreeReader(selection, clock).read_below(key, *snapshot, 0);
        if (!below) return std::move(below).error();
    } else if (!selection.takes_all_subkeys()) {
        std::erase_if(snapshot->subkeys, [&](const Subkey& subkey) {
            return selection.subkey(subkey.name) == Selection::Subkey::left_out;
        });
    }
    return snapshot;
}

}  // namespace regwatch
