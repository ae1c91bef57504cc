#include "registry/diff.h"

#include <utility>

#include "registry/renames.h"

namespace regwatch {
namespace {

// Walks two sorted lists side by side: `only_before`, `only_after` or `both` for each name.
template <class Entries, class OnlyBefore, class OnlyAfter, class Both>
void merge(const Entries& before, const Entries& after, OnlyBefore only_before,
           OnlyAfter only_after, Both both) {
    auto old_entry = before.begin();
    auto new_entry = after.begin();
    while (old_entry != before.end() && new_entry != after.end()) {
        const auto& was = *old_entry;
        const auto& is = *new_entry;
        const int order = was.name.compare(is.name);
        if (order == 0) both(was, is);
        if (order < 0) only_before(was);
        if (order > 0) only_after(is);
        if (order <= 0) ++old_entry;
        if (order >= 0) ++new_entry;
    }
    for (; old_entry != before.end(); ++old_entry) only_before(*old_entry);
    for (; new_entry != after.end(); ++new_entry) only_after(*new_entry);
}

class Comparison {
public:
    explicit Comparison(Renamed renamed) : renamed_(renamed) {}

    std::vector<Difference> take() { return std::move(differences_); }

    void created(const Snapshot* key, WallTime last_write) {
        Difference& difference =
            add_key(DifferenceKind::key_created, key ? key->last_write : last_write);
        if (!key) return;
        if (key->security) difference.security_after = *key->security;
        for (const ValueView value : key->values) {
            add_value(value.name, nullptr, &value.data, key->last_write);
        }
        for (const Subkey& subkey : key->subkeys) {
            at(subkey, [&] { created(subkey.below.get(), subkey.last_write); });
        }
    }

    void deleted(const Snapshot* key) {
        if (key) {
            for (const ValueView value : key->values) {
                add_value(value.name, &value.data, nullptr, WallTime{});
            }
            for (const Subkey& subkey : key->subkeys) {
                at(subkey, [&] { deleted(subkey.below.get()); });
            }
        }
        Difference& difference = add_key(DifferenceKind::key_deleted, WallTime{});
        if (key && key->security) difference.security_before = *key->security;
    }

    void changed(const Snapshot& before, const Snapshot& after) {
        compare_security(before, after);
        merge(
            before.values, after.values,
            [&](const ValueView& value) {
                add_value(value.name, &value.data, nullptr, after.last_write);
            },
            [&](const ValueView& value) {
                add_value(value.name, nullptr, &value.data, after.last_write);
            },
            [&](const ValueView& was, const ValueView& is) {
                if (was.data == is.data) return;
                add_value(is.name, &was.data, &is.data, after.last_write);
            });
        compare_subkeys(before, after);
    }

private:
    void compare_security(const Snapshot& before, const Snapshot& after) {
        if (!before.security || !after.security || *before.security == *after.security) return;
        Difference& difference = add_key(DifferenceKind::security_changed, after.last_write);
        difference.security_before = *before.security;
        difference.security_after = *after.security;
    }

    void compare_subkeys(const Snapshot& before, const Snapshot& after) {
        std::vector<const Subkey*> went;
        std::vector<const Subkey*> came;
        merge(
            before.subkeys, after.subkeys, [&](const Subkey& subkey) { went.push_back(&subkey); },
            [&](const Subkey& subkey) { came.push_back(&subkey); },
            [](const Subkey&, const Subkey&) {});
        const Renames renames = renamed_ == Renamed::told ? find_renames(went, came) : Renames();
        for (const auto& [was, is] : renames.pairs()) {
            const WallTime last_write = is->below->last_write;
            at(*was, [&] { add_key(DifferenceKind::key_renamed, last_write); });
            differences_.back().new_name = is->name;
        }
        merge(
            before.subkeys, after.subkeys,
            [&](const Subkey& subkey) {
                if (renames.holds(subkey)) return;
                at(subkey, [&] { deleted(subkey.below.get()); });
            },
            [&](const Subkey& subkey) {
                if (renames.holds(subkey)) return;
                at(subkey, [&] { created(subkey.below.get(), subkey.last_write); });
            },
            [&](const Subkey& was, const Subkey& is) {
                if (!was.below || !is.below || was.below == is.below) return;
                at(is, [&] { changed(*was.below, *is.below); });
            });
    }

    // Runs `visit` one level down, where path_ is the subkey's.
    template <class Visit>
    void at(const Subkey& subkey, Visit visit) {
        const std::size_t length = path_.size();
        if (!path_.empty()) path_.push_back(u'\\');
        path_ += subkey.name;
        visit();
        path_.resize(length);
    }

    Difference& add_key(DifferenceKind kind, WallTime last_write) {
        Difference& difference = differences_.emplace_back();
        difference.kind = kind;
        difference.key = path_;
        difference.last_write = last_write;
        return difference;
    }

    void add_value(std::u16string_view name, const ValueDataView* before,
                   const ValueDataView* after, WallTime last_write) {
        Difference& difference = differences_.emplace_back();
        difference.kind = after ? DifferenceKind::value_set : DifferenceKind::value_deleted;
        difference.key = path_;
        difference.value_name = name;
        if (before) difference.before = *before;
        if (after) difference.after = *after;
        difference.last_write = last_write;
    }

    const Renamed renamed_;
    std::u16string path_;
    std::vector<Difference> differences_;
};

}  // namespace

bool is_about_a_value(DifferenceKind kind) noexcept {
    return kind == DifferenceKind::value_set || kind == DifferenceKind::value_deleted;
}

std::vector<Difference> diff(const Snapshot* before, const Snapshot* after, Renamed renamed) {
    Comparison comparison(renamed);
    if (before && after) {
        comparison.changed(*before, *after);
    } else if (after) {
        comparison.created(after, WallTime{});
    } else if (before) {
        comparison.deleted(before);
    }
    return comparison.take();
}

}  // namespace regwatch
