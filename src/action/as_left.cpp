#include "action/as_left.h"

#include <algorithm>

#include "change/data_text.h"
#include "text/fold.h"
#include "text/sha256.h"
#include "text/utf.h"

namespace regwatch {
namespace {

constexpr const char* kLooking = "looking at";

Error other(const Change& change, std::string reason) {
    return {ErrorKind::invalid, 0, kLooking, change.key.utf8(), std::move(reason)};
}

Result<std::optional<ValueData>> value_now(const Change& change, RegistryKey& key) {
    auto values = key.values();
    if (!values) return std::move(values).error();
    const auto found = std::find_if(values->begin(), values->end(), [&](const Value& value) {
        return equal_folded(value.name, change.value_name);
    });
    if (found == values->end()) return std::optional<ValueData>();
    return std::optional<ValueData>(std::move(found->data));
}

bool is_what_was_left(const std::optional<ValueData>& now, const std::optional<ChangeData>& then) {
    if (!now || !then || then->whole()) return now == then;
    return now->type == then->type && now->bytes.size() == then->size &&
           sha256(now->bytes) == then->sha256;
}

Result<void> check_value(const Change& change, RegistryKey& key) {
    auto now = value_now(change, key);
    if (!now) return std::move(now).error();
    if (change.after && change.after->redacted) {
        return other(change,
                     "nobody may see the value's data, so nobody can tell whether it is "
                     "still what the change made it");
    }
    if (is_what_was_left(*now, change.after)) return {};
    return other(change, "the value has been changed since: it is " +
                             (*now ? readable(to_text(**now)) : std::string("gone")) + " now");
}

bool is_out_of_reach(const Error& error) {
    return error.kind == ErrorKind::not_found || error.kind == ErrorKind::gone;
}

std::string now_it_is(const std::optional<ValueData>& now) {
    constexpr std::size_t kMostUnits = 200;
    return "it has been changed since: it is " +
           (now ? to_utf8(clip_readable(to_text(*now), kMostUnits)) : std::string("gone")) +
           " now.";
}

}  // namespace

bool same_data(const std::optional<ChangeData>& one, const std::optional<ChangeData>& other) {
    if (!one || !other) return one.has_value() == other.has_value();
    return one->type == other->type && one->size == other->size &&
           one->redacted == other->redacted && one->bytes == other->bytes &&
           one->sha256 == other->sha256;
}

Result<std::string> changed_since(const Change& change, Registry& registry) {
    auto key = registry.open(change.key);
    if (!key && !is_out_of_reach(key.error())) return std::move(key).error();
    const bool is_there = key.ok();
    switch (change.kind) {
        case DifferenceKind::key_created:
            return std::string(is_there ? "" : now_it_is(std::nullopt));
        case DifferenceKind::key_deleted:
            return std::string(is_there ? "the key exists again." : "");
        default:
            break;
    }
    std::optional<ValueData> now;
    if (is_there) {
        auto found = value_now(change, **key);
        if (!found && !is_out_of_reach(found.error())) return std::move(found).error();
        if (found) now = std::move(*found);
    }
    // Of redacted data there is no more than its size to go by.
    const bool is_same =
        now && change.after && change.after->redacted
            ? now->type == change.after->type && now->bytes.size() == change.after->size
            : is_what_was_left(now, change.after);
    return is_same ? std::string() : now_it_is(now);
}

Result<void> is_as_the_change_left_it(const Change& change, Registry& registry) {
    auto key = registry.open(change.key);
    if (!key && key.error().kind != ErrorKind::not_found) return std::move(key).error();
    const bool is_there = key.ok();
    switch (change.kind) {
        case DifferenceKind::value_set:
        case DifferenceKind::value_deleted:
            if (!is_there) return other(change, "the key does not exist any more");
            return check_value(change, **key);
        case DifferenceKind::key_created: {
            if (!is_there) return other(change, "the key does not exist any more");
            auto info = (*key)->info();
            if (!info) return std::move(info).error();
            if (info->subkey_count == 0 && info->value_count == 0) return {};
            return other(change, "there is something in the key; take that back first");
        }
        case DifferenceKind::key_deleted:
            if (!is_there) return {};
            return other(change, "the key exists again");
        default:
            return other(change, "a change of this kind cannot be taken back");
    }
}

}  // namespace regwatch
