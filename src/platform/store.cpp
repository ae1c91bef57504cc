#include "platform/store.h"

namespace regwatch {

const char* name_of(StoreState state) noexcept {
    switch (state) {
        case StoreState::ready:
            return "ready";
        case StoreState::locked:
            return "locked";
        case StoreState::full:
            return "disk full";
        case StoreState::read_only:
            return "read-only";
        case StoreState::damaged:
            return "damaged";
        case StoreState::newer:
            return "of another version";
        case StoreState::in_use:
            return "in use";
        case StoreState::failed:
            return "failed";
    }
    return "failed";
}

bool stands_for_names(const KeyPath& key) noexcept {
    return key.root == Root::current_user || key.subkey.starts_with(u'\\') ||
           key.subkey.find(u"\\\\") != std::u16string::npos;
}

}  // namespace regwatch
