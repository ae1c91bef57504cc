#include "registry/diff.h"

#include <utility>

namespace regwatch {
namespace {

// Walks two sorted lists side by side: `only_before`, `only_after` or `both` for each name.
template <class Entry, class OnlyBefore, class OnlyAfter, class Both>
void merge(const std::vector<Entry>& before, const std::vector<Entry>& after,
           OnlyBefore only_before, OnlyAfter only_after, Both both) {
    auto old_entry = before.begin();
    auto new_entry = after.begin();
    while (old_entry != before.end() && new_entry != after.end()) {
        const int order = old_entry->name.compare(new_entry->name);
        if (order < 0) {
            only_before(*old_entry++);
        } else if (order > 0) {
            only_after(*new_entry++);
        } else {
            both(*old_entry++, *new_entry++);
        }
    }
    while (old_entry != before.end()) only_before(*old_entry++);
    while (new_entry != after.end()) only_after(*new_entry++);
}

class Comparison {
public:
    std::vector<Difference> take() { return std::move(differences_); }

    void created(const Snapshot* key, WallTime last_write) {
        add_key(DifferenceKind::key_created, key ? key->last_write : last_write);
        if (!key) return;
        for (const Value& value : key->values) {
            add_value(value.name, nullptr, &value.data, key->last_write);
        }
        for (const Subkey& subkey : key->subkeys) {
            at(subkey, [&] { created(subkey.below.get(), subkey.last_write); });
        }
    }

    void deleted(const Snapshot* key) {
        if (key) {
            for (const Value& value : key->values) {
                add_value(value.name, &value.data, nullptr, WallTime{});
            }
            for (const Subkey& subkey : key->subkeys) {
                at(subkey, [&] { deleted(subkey.below.get()); });
            }
        }
        add_key(DifferenceKind::key_deleted, WallTime{});
    }

    void changed(const Snapshot& before, const Snapshot& after) {
        merge(
            before.values, after.values,
            [&](const Value& value) {
                add_value(value.name, &value.data, nullptr, after.last_write);
            },
            [&](const Value& value) {
                add_value(value.name, nullptr, &value.data, after.last_write);
            },
            [&](const Value& was, const Value& is) {
                if (was.data == is.data) return;
                add_value(is.name, &was.data, &is.data, after.last_write);
            });
        merge(
            before.subkeys, after.subkeys,
            [&](const Subkey& subkey) { at(subkey, [&] { deleted(subkey.below.get()); }); },
            [&](const Subkey& subkey) {
                at(subkey, [&] { created(subkey.below.get(), subkey.last_write); });
            },
            [&](const Subkey& was, const Subkey& is) {
                if (!was.below || !is.below) return;
                at(is, [&] { changed(*was.below, *is.below); });
            });
    }

private:
    // Runs `visit` one level down, where path_ is the subkey's.
    template <class Visit>
    void at(const Subkey& subkey, Visit visit) {
        const std::size_t length = path_.size();
        if (!path_.empty()) path_.push_back(u'\\');
        path_ += subkey.name;
        visit();
        path_.resize(length);
    }

    void add_key(DifferenceKind kind, WallTime last_write) {
        Difference& difference = differences_.emplace_back();
        difference.kind = kind;
        difference.key = path_;
        difference.last_write = last_write;
    }

    void add_value(const std::u16string& name, const ValueData* before, const ValueData* after,
                   WallTime last_write) {
        Difference& difference = differences_.emplace_back();
        difference.kind = after ? DifferenceKind::value_set : DifferenceKind::value_deleted;
        difference.key = path_;
        difference.value_name = name;
        if (before) difference.before = *before;
        if (after) difference.after = *after;
        difference.last_write = last_write;
    }

    std::u16string path_;
    std::vector<Difference> differences_;
};

}  // namespace

std::vector<Difference> diff(const Snapshot* before, const Snapshot* after) {
    Comparison comparison;
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
