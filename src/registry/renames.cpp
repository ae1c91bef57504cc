#include "registry/renames.h"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <string_view>
#include <unordered_map>

namespace regwatch {
namespace {

std::size_t mixed(std::size_t hash, std::size_t more) {
    return (hash ^ more) * 0x9E3779B97F4A7C15ULL + (hash >> 7);
}

std::size_t hash_of(std::u16string_view text) { return std::hash<std::u16string_view>()(text); }

std::size_t hash_of(const Snapshot& key) {
    std::size_t hash = key.values.size();
    for (const ValueView value : key.values) {
        hash = mixed(hash, hash_of(value.name));
        hash = mixed(hash, static_cast<std::size_t>(value.data.type));
        for (const std::uint8_t byte : value.data.bytes) hash = mixed(hash, byte);
    }
    for (const Subkey& subkey : key.subkeys) {
        hash = mixed(hash, hash_of(subkey.name));
        if (subkey.below) hash = mixed(hash, hash_of(*subkey.below));
    }
    return hash;
}

bool same_security(const Security& a, const Security& b) { return a && b ? *a == *b : !a == !b; }

// A key that was not read could hold anything.
bool equal_at_every_depth(const Snapshot& a, const Snapshot& b) {
    return same_security(a.security, b.security) && a.values == b.values &&
           std::equal(a.subkeys.begin(), a.subkeys.end(), b.subkeys.begin(), b.subkeys.end(),
                      [](const Subkey& x, const Subkey& y) {
                          return x.name == y.name && x.below && y.below &&
                                 equal_at_every_depth(*x.below, *y.below);
                      });
}

bool can_be_known_again(const Subkey& subkey) {
    return subkey.below && !(subkey.below->values.empty() && subkey.below->subkeys.empty());
}

// By content; null where two have the same.
using ByContent = std::unordered_map<std::size_t, const Subkey*>;

ByContent sorted_by_content(const std::vector<const Subkey*>& subkeys) {
    ByContent sorted;
    for (const Subkey* subkey : subkeys) {
        if (!can_be_known_again(*subkey)) continue;
        const auto [place, is_first] = sorted.emplace(hash_of(*subkey->below), subkey);
        if (!is_first) place->second = nullptr;
    }
    return sorted;
}

}  // namespace

void Renames::add(const Subkey& was, const Subkey& is) {
    pairs_.emplace_back(&was, &is);
    members_.insert({&was, &is});
}

Renames find_renames(const std::vector<const Subkey*>& went,
                     const std::vector<const Subkey*>& came) {
    Renames renames;
    if (went.empty() || came.empty()) return renames;
    const ByContent gone = sorted_by_content(went);
    const ByContent there = sorted_by_content(came);
    for (const Subkey* was : went) {
        if (!can_be_known_again(*was)) continue;
        const std::size_t content = hash_of(*was->below);
        const auto found = there.find(content);
        if (found == there.end() || found->second == nullptr || gone.at(content) != was) continue;
        if (equal_at_every_depth(*was->below, *found->second->below)) {
            renames.add(*was, *found->second);
        }
    }
    return renames;
}

}  // namespace regwatch
