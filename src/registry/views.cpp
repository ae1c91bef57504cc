#include "registry/views.h"

#include <initializer_list>
#include <string_view>
#include <vector>

#include "text/fold.h"

namespace regwatch {
namespace {

using Parts = std::vector<std::u16string>;
using Place = std::initializer_list<std::u16string_view>;

bool could_begin_with(const Parts& parts, Place place) {
    auto part = parts.begin();
    for (const std::u16string_view name : place) {
        if (part == parts.end()) return false;
        if (*part == u"**") return true;
        if (name != u"*" && !matches_glob(*part, name)) return false;
        ++part;
    }
    return true;
}

bool is_companion_of_a_hive(const Parts& parts) {
    return !parts.empty() && matches_glob(u"*_Classes", parts.front());
}

}  // namespace

bool has_32bit_view(const KeyPath& key) {
    const Parts parts = key.components();
    switch (key.root) {
        case Root::local_machine:
            return could_begin_with(parts, {u"SOFTWARE"});
        case Root::users:
            return is_companion_of_a_hive(parts) ||
                   could_begin_with(parts, {u"*", u"Software", u"Classes"});
        case Root::current_user:
            return could_begin_with(parts, {u"Software", u"Classes"});
    }
    return false;
}

bool contains_32bit_view(const KeyPath& key) {
    if (!has_32bit_view(key)) return false;
    const std::size_t depth = key.components().size();
    switch (key.root) {
        case Root::local_machine:
            return depth == 1 || (depth == 2 && equal_folded(key.leaf(), u"Classes"));
        case Root::users:
            return depth == 1 || (depth == 3 && equal_folded(key.leaf(), u"Classes"));
        case Root::current_user:
            return depth == 2;
    }
    return false;
}

}  // namespace regwatch
