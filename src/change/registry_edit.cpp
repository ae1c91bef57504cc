#include "change/registry_edit.h"

#include "change/data_text.h"
#include "registry/views.h"
#include "text/utf.h"

namespace regwatch {
namespace {

using Kind = RegistryEdit::Kind;

std::optional<RegistryEdit> value_edit(const Change& change,
                                       const std::optional<ChangeData>& data) {
    if (data && !data->whole()) return std::nullopt;
    return RegistryEdit{data ? Kind::set_value : Kind::delete_value, change.key, change.value_name,
                        data ? static_cast<const ValueData&>(*data) : ValueData{}};
}

std::string why_no_edit(const Change& change, const std::optional<ChangeData>& data,
                        const std::string& security) {
    switch (change.kind) {
        case DifferenceKind::key_renamed:
            return "a key that was renamed is not renamed by RegWatch, which would have to copy "
                   "all "
                   "that is in it: it was " +
                   readable(as_64bit(change.key).text()) + " and is " +
                   readable(as_64bit(key_after(change)).text());
        case DifferenceKind::security_changed:
            return "RegWatch does not write the permissions of a key; those wanted are " + security;
        default:
            break;
    }
    if (data && data->redacted)
        return "the watch keeps the value's data to itself, so that it is in no history";
    if (data && !data->whole())
        return "of the " + std::to_string(data->size) + " bytes of the data the history has only " +
               std::to_string(data->bytes.size());
    return {};
}

}  // namespace

std::string why_no_forward_edit(const Change& change) {
    return why_no_edit(change, change.after, change.security_after);
}

std::string why_no_inverse_edit(const Change& change) {
    return why_no_edit(change, change.before, change.security_before);
}

std::optional<RegistryEdit> forward_edit(const Change& change) {
    switch (change.kind) {
        case DifferenceKind::value_set:
        case DifferenceKind::value_deleted:
            return value_edit(change, change.after);
        case DifferenceKind::key_created:
            return RegistryEdit{Kind::create_key, change.key, {}, {}};
        case DifferenceKind::key_deleted:
            return RegistryEdit{Kind::delete_key, change.key, {}, {}};
        default:
            return std::nullopt;
    }
}

std::optional<RegistryEdit> inverse_edit(const Change& change) {
    switch (change.kind) {
        case DifferenceKind::value_set:
        case DifferenceKind::value_deleted:
            return value_edit(change, change.before);
        case DifferenceKind::key_created:
            return RegistryEdit{Kind::delete_key, change.key, {}, {}};
        case DifferenceKind::key_deleted:
            return RegistryEdit{Kind::create_key, change.key, {}, {}};
        default:
            return std::nullopt;
    }
}

std::string to_line(const RegistryEdit& edit) {
    const std::string key = readable(as_64bit(edit.key).text());
    const std::string name =
        readable(edit.value_name.empty() ? std::u16string(kDefaultValueText) : edit.value_name);
    switch (edit.kind) {
        case Kind::set_value:
            return "set " + key + "  " + name + "  " + name_of(edit.data.type) + " " +
                   readable(to_text(edit.data));
        case Kind::delete_value:
            return "delete " + key + "  " + name;
        case Kind::create_key:
            return "create the key " + key;
        case Kind::delete_key:
            return "delete the key " + key;
    }
    return {};
}

std::string object_text(const KeyPath& key, const std::optional<std::u16string>& value) {
    std::string text = readable(key.text());
    if (!value) return text;
    return text + ", value " +
           readable(value->empty() ? std::u16string(kDefaultValueText) : *value);
}

}  // namespace regwatch
