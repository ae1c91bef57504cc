#include "registry/extent.h"

#include <optional>

namespace regwatch {
namespace {

class Narrowing {
public:
    Narrowing(const Selection& had, const Selection& wanted, const ConcealingKey& key)
        : had_(had), wanted_(wanted), key_(key) {}

    Snapshot narrowed(const Snapshot& tree, bool is_wanted) {
        Snapshot left;
        left.last_write = tree.last_write;
        if (is_wanted) {
            left.values = values_of(tree);
            left.security = tree.security;
        }
        for (const Subkey& subkey : tree.subkeys) {
            const std::size_t length = path_.size();
            if (!path_.empty()) path_ += u'\\';
            path_ += subkey.name;
            add(subkey, left);
            path_.resize(length);
        }
        return left;
    }

private:
    void add(const Subkey& subkey, Snapshot& left) {
        const auto fate = wanted_.subkey(path_);
        if (fate == Selection::Subkey::left_out) return;
        Subkey kept{subkey.name, subkey.last_write, nullptr};
        if (subkey.below && fate != Selection::Subkey::named) {
            kept.below = std::make_shared<Snapshot>(
                narrowed(*subkey.below, fate == Selection::Subkey::read));
        }
        left.subkeys.push_back(std::move(kept));
    }

    [[nodiscard]] std::vector<Value> values_of(const Snapshot& tree) const {
        std::vector<Value> values;
        for (const ValueView view : tree.values) {
            if (!wanted_.wants_value(view.name)) continue;
            Value value = view;
            if (wanted_.redacts(value.name) && !had_.redacts(value.name)) {
                value.data = conceal(value.data, key_);
            }
            values.push_back(std::move(value));
        }
        return values;
    }

    const Selection& had_;
    const Selection& wanted_;
    const ConcealingKey& key_;
    std::u16string path_;
};

}  // namespace

Snapshot within(const Snapshot& tree, const Selection& had, const Selection& wanted,
                const ConcealingKey& key) {
    return Narrowing(had, wanted, key).narrowed(tree, true);
}

std::vector<Difference> diff_since(const Snapshot* before, const Extent& had, const Snapshot* now,
                                   const Extent& has, const ConcealingKey& key, Renamed renamed) {
    if (had == has) return diff(before, now, renamed);
    std::optional<Snapshot> was;
    std::optional<Snapshot> is;
    if (before) was = within(*before, had.selection, has.selection, key);
    if (now) is = within(*now, has.selection, had.selection, key);
    auto differences = diff(was ? &*was : nullptr, is ? &*is : nullptr, renamed);
    const auto is_redacted = [&](const Difference& difference) {
        return is_about_a_value(difference.kind) && (had.selection.redacts(difference.value_name) ||
                                                     has.selection.redacts(difference.value_name));
    };
    for (Difference& difference : differences) difference.concealed = is_redacted(difference);
    if (had.concealed_with == key.id()) return differences;
    std::erase_if(differences, [](const Difference& difference) {
        return difference.concealed && difference.before && difference.after &&
               may_be_same_concealed(*difference.before, *difference.after);
    });
    return differences;
}

}  // namespace regwatch
