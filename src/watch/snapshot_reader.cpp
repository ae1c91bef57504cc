#include "watch/snapshot_reader.h"

#include <utility>
#include <vector>

namespace regwatch {
namespace {

constexpr int kAttempts = 8;
// Deeper than the registry allows keys to be nested (512, sdk "Registry element size limits").
constexpr int kMaxDepth = 512;

bool undisturbed(const KeyInfo& before, const KeyInfo& after, const Snapshot& read, Scope scope) {
    return before.last_write == after.last_write && before.subkey_count == after.subkey_count &&
           before.value_count == after.value_count && after.subkey_count == read.subkeys.size() &&
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

Result<Snapshot> read_key(RegistryKey& key, Scope scope) {
    auto before = key.info();
    if (!before) return std::move(before).error();
    for (int attempt = 0; attempt < kAttempts; ++attempt) {
        auto read = read_once(key, scope);
        if (!read) return std::move(read).error();
        auto after = key.info();
        if (!after) return std::move(after).error();
        if (undisturbed(*before, *after, *read, scope)) {
            read->last_write = after->last_write;
            read->sort();
            return std::move(read).value();
        }
        before = after;
    }
    return Error{ErrorKind::transient, 0, "reading the key", "",
                 "it changes faster than it can be read"};
}

Result<void> read_below(RegistryKey& key, Snapshot& snapshot, int depth);

// Reads one subkey with all that is below it. False: it is gone by now.
Result<bool> read_subkey(RegistryKey& key, Subkey& subkey, int depth) {
    const auto unreadable = [](const Error& error) -> Result<bool> {
        if (error.kind == ErrorKind::transient) return error;
        return error.kind != ErrorKind::not_found && error.kind != ErrorKind::gone;
    };
    auto opened = key.open_subkey(subkey.name);
    if (!opened) return unreadable(opened.error());
    auto below = read_key(**opened, Scope::subtree);
    if (!below) return unreadable(below.error());
    subkey.last_write = below->last_write;
    subkey.below = std::make_unique<Snapshot>(std::move(below).value());
    if (auto done = read_below(**opened, *subkey.below, depth + 1); !done) {
        return std::move(done).error();
    }
    return true;
}

// A subkey that goes away while its parent is read is left out, as if it had gone a moment earlier:
// with its name but without its content it would look like a subkey that nobody went into.
Result<void> read_below(RegistryKey& key, Snapshot& snapshot, int depth) {
    if (depth >= kMaxDepth) return {};
    std::vector<Subkey> present;
    present.reserve(snapshot.subkeys.size());
    for (Subkey& subkey : snapshot.subkeys) {
        auto there = read_subkey(key, subkey, depth);
        if (!there) return std::move(there).error();
        if (*there) present.push_back(std::move(subkey));
    }
    snapshot.subkeys = std::move(present);
    return {};
}

}  // namespace

Result<Snapshot> read_snapshot(RegistryKey& key, Scope scope) {
    auto snapshot = read_key(key, scope);
    if (!snapshot || scope != Scope::subtree) return snapshot;
    if (auto below = read_below(key, *snapshot, 0); !below) return std::move(below).error();
    return snapshot;
}

}  // namespace regwatch
