#include "sim/sim_registry_writer.h"

namespace regwatch::sim {

namespace {

constexpr const char* kSetting = "setting a value of the key";
constexpr const char* kDeletingValue = "deleting a value of the key";
constexpr const char* kCreating = "creating the key";
constexpr const char* kDeleting = "deleting the key";

}  // namespace

Result<void> SimRegistryWriter::begin(const char* doing, const KeyPath& key) {
    blocking_switch_point(doing);
    if (const auto kind = kernel_.faults().next(doing)) {
        return make_error(*kind, doing, key.utf8());
    }
    if (key.root == Root::current_user) {
        return make_error(ErrorKind::invalid, doing, key.utf8());
    }
    FakeLock lock(kernel_.mutex);
    const NodePtr node = kernel_.tree.find(key);
    if (node != nullptr && node->refusal) return make_error(*node->refusal, doing, key.utf8());
    return {};
}

Result<void> SimRegistryWriter::set_value(const KeyPath& key, std::u16string_view name,
                                          const ValueData& data) {
    if (auto begun = begin(kSetting, key); !begun) return begun;
    if (!kernel_.set_value(key, name, data)) {
        return make_error(ErrorKind::not_found, kSetting, key.utf8());
    }
    on_value_set();
    return {};
}

Result<void> SimRegistryWriter::delete_value(const KeyPath& key, std::u16string_view name) {
    if (auto begun = begin(kDeletingValue, key); !begun) return begun;
    if (kernel_.delete_value(key, name)) return {};
    return make_error(ErrorKind::not_found, kDeletingValue, key.utf8());
}

Result<void> SimRegistryWriter::create_key(const KeyPath& key) {
    if (auto begun = begin(kCreating, key); !begun) return begun;
    (void)kernel_.create_key(key);  // false: it was there already
    return {};
}

Result<void> SimRegistryWriter::delete_key(const KeyPath& key) {
    if (auto begun = begin(kDeleting, key); !begun) return begun;
    {
        FakeLock lock(kernel_.mutex);
        const NodePtr node = kernel_.tree.find(key);
        if (node != nullptr && !node->subkeys.empty()) {
            return make_error(ErrorKind::denied, kDeleting, key.utf8());
        }
    }
    if (kernel_.delete_key(key)) return {};
    return make_error(ErrorKind::not_found, kDeleting, key.utf8());
}

}  // namespace regwatch::sim
