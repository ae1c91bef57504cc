#include "support/apply.h"

#include <algorithm>
#include <memory>
#include <string_view>
#include <utility>

#include "text/utf.h"

namespace regwatch::test {
namespace {

template <class Entry>
auto find_place(std::vector<Entry>& entries, std::u16string_view name) {
    return std::lower_bound(
        entries.begin(), entries.end(), name,
        [](const Entry& entry, std::u16string_view wanted) { return entry.name < wanted; });
}

template <class Entry>
bool is_at(std::vector<Entry>& entries, typename std::vector<Entry>::iterator place,
           std::u16string_view name) {
    return place != entries.end() && place->name == name;
}

// What is below a subkey may be shared with other snapshots, so it is a copy that is changed.
Snapshot& own_copy(Subkey& subkey) {
    auto own = std::make_shared<Snapshot>(*subkey.below);
    Snapshot& changed = *own;
    subkey.below = std::move(own);
    return changed;
}

Snapshot* key_to_change(Snapshot& root, std::u16string_view path) {
    Snapshot* key = &root;
    while (!path.empty()) {
        const std::size_t end = path.find(u'\\');
        const std::u16string_view name = path.substr(0, end);
        path.remove_prefix(end == std::u16string_view::npos ? path.size() : end + 1);
        const auto place = find_place(key->subkeys, name);
        if (!is_at(key->subkeys, place, name) || !place->below) return nullptr;
        key = &own_copy(*place);
    }
    return key;
}

const char* apply_to_value(Snapshot& key, const Difference& difference) {
    std::vector<Value> values(key.values.begin(), key.values.end());
    const auto place = find_place(values, difference.value_name);
    const bool is_there = is_at(values, place, difference.value_name);
    if (is_there != difference.before.has_value()) return "the value is (not) there already";
    if (is_there && place->data != *difference.before) return "the old data is another";
    if (difference.kind == DifferenceKind::value_deleted) {
        if (difference.after) return "a deletion has no new data";
        values.erase(place);
    } else if (!difference.after) {
        return "the new data is missing";
    } else if (is_there) {
        if (place->data == *difference.after) return "nothing changes";
        place->data = *difference.after;
    } else {
        values.insert(place, {difference.value_name, *difference.after});
    }
    key.values = values;
    return nullptr;
}

const char* rename_subkey(Snapshot& parent, std::u16string_view name,
                          const Difference& difference) {
    const auto from = find_place(parent.subkeys, name);
    if (!is_at(parent.subkeys, from, name)) return "the key is not there";
    Subkey moved = std::move(*from);
    parent.subkeys.erase(from);
    const auto to = find_place(parent.subkeys, difference.new_name);
    if (is_at(parent.subkeys, to, difference.new_name)) return "the new name is taken";
    moved.name = difference.new_name;
    parent.subkeys.insert(to, std::move(moved));
    return nullptr;
}

Security security_of(const std::string& sddl) {
    return sddl.empty() ? nullptr : std::make_shared<const std::string>(sddl);
}

const char* apply_to_security(Snapshot& key, const Difference& difference) {
    if (!key.security || *key.security != difference.security_before) {
        return "the old security is another";
    }
    if (difference.security_before == difference.security_after) return "nothing changes";
    key.security = security_of(difference.security_after);
    return nullptr;
}

const char* apply_to_subkey(Snapshot& parent, std::u16string_view name,
                            const Difference& difference) {
    const auto place = find_place(parent.subkeys, name);
    const bool is_there = is_at(parent.subkeys, place, name);
    if (difference.kind == DifferenceKind::key_created) {
        if (is_there) return "the key is there already";
        auto made = std::make_shared<Snapshot>();
        made->security = security_of(difference.security_after);
        parent.subkeys.insert(place,
                              {std::u16string(name), difference.last_write, std::move(made)});
        return nullptr;
    }
    if (!is_there) return "the key is not there";
    if (place->below && place->below->entry_count() != 0) return "the key is not empty";
    parent.subkeys.erase(place);
    return nullptr;
}

const char* apply_to_root(std::optional<Snapshot>& state, const Difference& difference) {
    if (difference.kind == DifferenceKind::key_created) {
        if (state) return "the key is there already";
        state.emplace().security = security_of(difference.security_after);
        return nullptr;
    }
    if (!state) return "the key is not there";
    if (state->entry_count() != 0) return "the key is not empty";
    state.reset();
    return nullptr;
}

const char* apply_one(std::optional<Snapshot>& state, const Difference& difference) {
    const bool is_value = is_about_a_value(difference.kind);
    const bool is_security = difference.kind == DifferenceKind::security_changed;
    if (!is_value && !is_security && difference.key.empty()) {
        return apply_to_root(state, difference);
    }
    if (!state) return "there is no key";
    const std::u16string_view path = difference.key;
    const std::size_t end = path.rfind(u'\\');
    const bool is_direct = end == std::u16string_view::npos;
    const std::u16string_view parent = is_direct ? std::u16string_view() : path.substr(0, end);
    Snapshot* key = key_to_change(*state, is_value || is_security ? path : parent);
    if (!key) return "the key is not there";
    if (is_value) return apply_to_value(*key, difference);
    if (is_security) return apply_to_security(*key, difference);
    const std::u16string_view name = is_direct ? path : path.substr(end + 1);
    return difference.kind == DifferenceKind::key_renamed ? rename_subkey(*key, name, difference)
                                                          : apply_to_subkey(*key, name, difference);
}

}  // namespace

Result<std::optional<Snapshot>> apply(std::optional<Snapshot> state,
                                      const std::vector<Difference>& differences) {
    for (const Difference& difference : differences) {
        if (const char* reason = apply_one(state, difference)) {
            return Error{ErrorKind::invalid, 0, "applying a difference to",
                         readable(difference.key + u" / " + difference.value_name), reason};
        }
    }
    return Result<std::optional<Snapshot>>(std::move(state));
}

bool has_same_content(const Snapshot& a, const Snapshot& b) {
    return !a.security == !b.security && (!a.security || *a.security == *b.security) &&
           a.values == b.values &&
           std::equal(a.subkeys.begin(), a.subkeys.end(), b.subkeys.begin(), b.subkeys.end(),
                      [](const Subkey& x, const Subkey& y) {
                          if (x.name != y.name || !x.below != !y.below) return false;
                          return !x.below || has_same_content(*x.below, *y.below);
                      });
}

}  // namespace regwatch::test
