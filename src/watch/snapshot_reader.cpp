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
// Deeper than the registry allows keys to be nested (512, sdk "Registry element size limits").
constexpr int kMaxDepth = 512;

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

Result<void> read_below(RegistryKey& key, Snapshot& snapshot, const Clock& clock, int depth);

// Reads one subkey with all that is below it. False: it is gone by now.
Result<bool> read_subkey(RegistryKey& key, Subkey& subkey, const Clock& clock, int depth) {
    const auto unreadable = [](const Error& error) -> Result<bool> {
        if (error.kind == ErrorKind::transient) return error;
        return error.kind != ErrorKind::not_found && error.kind != ErrorKind::gone;
    };
    auto opened = key.open_subkey(subkey.name);
    if (!opened) return unreadable(opened.error());
    auto below = read_key(**opened, Scope::subtree, clock);
    if (!below) return unreadable(below.error());
    subkey.last_write = below->last_write;
    subkey.below = std::make_unique<Snapshot>(std::move(below).value());
    if (auto done = read_below(**opened, *subkey.below, clock, depth + 1); !done) {
        return std::move(done).error();
    }
    return true;
}

// A subkey that goes away while its parent is read is left out, as if it had gone a moment earlier:
// with its name but without its content it would look like a subkey that nobody went into.
Result<void> read_below(RegistryKey& key, Snapshot& snapshot, const Clock& clock, int depth) {
    if (depth >= kMaxDepth) return {};
    std::vector<Subkey> present;
    present.reserve(snapshot.subkeys.size());
    for (Subkey& subkey : snapshot.subkeys) {
        auto there = read_subkey(key, subkey, clock, depth);
        if (!there) return std::move(there).error();
        if (*there) present.push_back(std::move(subkey));
    }
    snapshot.subkeys = std::move(present);
    return {};
}

}  // namespace

Result<Snapshot> read_snapshot(RegistryKey& key, Scope scope, const Clock& clock) {
    auto snapshot = read_key(key, scope, clock);
    if (!snapshot || scope != Scope::subtree) return snapshot;
    if (auto below = read_below(key, *snapshot, clock, 0); !below) return std::move(below).error();
    return snapshot;
}

}  // namespace regwatch
