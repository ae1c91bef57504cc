#include "change/change_size.h"

namespace regwatch {
namespace {

std::size_t size_of_data(const std::optional<ChangeData>& data) noexcept {
    return data ? data->bytes.capacity() + data->sha256.capacity() : 0;
}

std::size_t size_of_texts(const std::vector<std::string>& texts) noexcept {
    std::size_t size = texts.capacity() * sizeof(std::string);
    for (const std::string& text : texts) size += text.capacity();
    return size;
}

}  // namespace

std::size_t size_in_memory(const Change& change) noexcept {
    const std::size_t wide = change.key.subkey.capacity() + change.control_set.capacity() +
                             change.value_name.capacity() + change.new_name.capacity();
    return sizeof(Change) + wide * sizeof(char16_t) + change.id.capacity() +
           change.hive_owner.capacity() + change.security_before.capacity() +
           change.security_after.capacity() + change.watch.capacity() +
           size_of_data(change.before) + size_of_data(change.after) + size_of_texts(change.tags) +
           size_of_texts(change.techniques);
}

}  // namespace regwatch
