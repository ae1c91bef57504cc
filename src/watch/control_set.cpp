#include "watch/control_set.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "text/fold.h"

namespace regwatch {
namespace {

constexpr std::u16string_view kSystem = u"SYSTEM";
constexpr std::u16string_view kLink = u"SYSTEM\\CurrentControlSet";
constexpr std::uint64_t kLastControlSet = 999;
// Systems have two or three; the numbers that they went through may be higher.
constexpr std::uint64_t kLastLookedFor = 9;

bool is_at_or_below(std::u16string_view path, std::u16string_view place) {
    return equal_folded(path.substr(0, place.size()), place) &&
           (path.size() == place.size() || path[place.size()] == u'\\');
}

std::u16string control_set_of(std::uint64_t number) {
    std::u16string digits;
    for (std::uint64_t unit = 100; unit > 0; unit /= 10) {
        digits.push_back(static_cast<char16_t>(u'0' + number / unit % 10));
    }
    return u"ControlSet" + digits;
}

}  // namespace

bool is_in_system_hive(const KeyPath& key) {
    return key.root == Root::local_machine && is_at_or_below(key.subkey, kSystem);
}

bool is_control_set_link(const KeyPath& key) {
    return key.root == Root::local_machine && equal_folded(key.subkey, kLink);
}

std::u16string current_control_set(Registry& registry) {
    auto select = registry.open({Root::local_machine, u"SYSTEM\\Select", View::bits64});
    if (!select) return {};
    const auto values = (*select)->values();
    if (!values) return {};
    const auto current = std::find_if(values->begin(), values->end(), [](const Value& value) {
        return equal_folded(value.name, u"Current");
    });
    if (current == values->end()) return {};
    const auto number = as_number(current->data);
    if (!number || *number == 0 || *number > kLastControlSet) return {};
    return control_set_of(*number);
}

KeyPath without_control_set_link(KeyPath key, const std::u16string& control_set) {
    if (control_set.empty() || key.root != Root::local_machine ||
        !is_at_or_below(key.subkey, kLink)) {
        return key;
    }
    key.subkey.replace(kSystem.size() + 1, kLink.size() - kSystem.size() - 1, control_set);
    return key;
}

bool is_watched_apart(const KeyPath& key, const std::vector<KeyPath>& watched) {
    return std::any_of(watched.begin(), watched.end(), [&](const KeyPath& one) {
        if (one.root != key.root || is_at_or_below(one.subkey, kLink)) return false;
        const std::size_t wild = one.subkey.find_first_of(u"*?");
        if (wild == std::u16string::npos) return equal_folded(one.subkey, key.subkey);
        return equal_folded(std::u16string_view(key.subkey).substr(0, wild),
                            std::u16string_view(one.subkey).substr(0, wild));
    });
}

std::vector<KeyPath> in_other_control_sets(const KeyPath& key, const std::u16string& control_set,
                                           const std::vector<KeyPath>& watched) {
    const std::u16string place = std::u16string(kSystem) + u'\\' + control_set;
    if (control_set.empty() || key.root != Root::local_machine ||
        !is_at_or_below(key.subkey, place))
        return {};
    const auto with = [&](std::u16string_view other) {
        KeyPath path = key;
        path.subkey.replace(0, place.size(), other);
        return path;
    };
    const std::u16string by_link = with(kLink).folded();
    const bool is_spelled_so = std::any_of(watched.begin(), watched.end(), [&](const KeyPath& one) {
        return one.root == Root::local_machine && is_at_or_below(one.subkey, kLink) &&
               (one.has_wildcards() || one.folded() == by_link);
    });
    std::vector<KeyPath> others;
    for (std::uint64_t number = 1; is_spelled_so && number <= kLastLookedFor; ++number) {
        const std::u16string other = control_set_of(number);
        if (!equal_folded(other, control_set))
            others.push_back(with(std::u16string(kSystem) + u'\\' + other));
    }
    return others;
}

}  // namespace regwatch
