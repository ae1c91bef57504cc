#include "change/reg_file.h"

#include <cstdio>
#include <optional>
#include <string_view>

#include "registry/views.h"
#include "text/utf.h"

namespace regwatch {
namespace {

using Kind = RegistryEdit::Kind;

std::u16string ascii(const std::string& text) { return {text.begin(), text.end()}; }

// Of a 64-bit Windows; what is in the 32-bit view has a place of its own there.
std::u16string full_path(const KeyPath& viewed) {
    const KeyPath key = as_64bit(viewed);
    std::u16string path = key.root == Root::local_machine  ? u"HKEY_LOCAL_MACHINE"
                          : key.root == Root::current_user ? u"HKEY_CURRENT_USER"
                                                           : u"HKEY_USERS";
    if (!key.subkey.empty()) path += u"\\" + key.subkey;
    return path;
}

bool can_be_written(std::u16string_view text) {
    return text.find_first_of(std::u16string_view(u"\0\r\n", 3)) == std::u16string_view::npos;
}

std::u16string quoted_text(std::u16string_view text) {
    std::u16string out = u"\"";
    for (const char16_t c : text) {
        if (c == u'\\' || c == u'"') out += u'\\';
        out += c;
    }
    return out + u"\"";
}

std::u16string hex(const ValueData& data) {
    std::string text = "hex";
    if (data.type != ValueType::binary) {
        char number[16] = {};
        std::snprintf(number, sizeof number, "(%x)", static_cast<unsigned>(data.type));
        text += number;
    }
    text += ":";
    for (std::size_t i = 0; i < data.bytes.size(); ++i) {
        char byte[8] = {};
        std::snprintf(byte, sizeof byte, "%s%02x", i == 0 ? "" : ",",
                      static_cast<unsigned>(data.bytes[i]));
        text += byte;
    }
    return ascii(text);
}

std::u16string data_text(const ValueData& data) {
    const std::optional<std::u16string> text = as_string(data);
    // With its terminator, which reading the file adds.
    if (data.type == ValueType::sz && text && can_be_written(*text) &&
        data.bytes.size() == 2 * text->size() + 2) {
        return quoted_text(*text);
    }
    if (data.type == ValueType::dword && data.bytes.size() == 4) {
        char number[24] = {};
        std::snprintf(number, sizeof number, "dword:%08x",
                      static_cast<unsigned>(as_number(data).value_or(0)));
        return ascii(number);
    }
    return hex(data);
}

std::u16string value_line(const RegistryEdit& edit) {
    if (!can_be_written(edit.value_name)) {
        return u"; a value whose name this format cannot hold: " + to_utf16(to_line(edit));
    }
    const std::u16string name = edit.value_name.empty() ? u"@" : quoted_text(edit.value_name);
    return name + u"=" + (edit.kind == Kind::set_value ? data_text(edit.data) : u"-");
}

}  // namespace

std::string to_reg_file(const std::vector<RegistryEdit>& edits) {
    std::u16string text = u"\uFEFFWindows Registry Editor Version 5.00\r\n";
    std::optional<std::u16string> section;
    for (const RegistryEdit& edit : edits) {
        if (!can_be_written(edit.key.subkey)) {
            text += u"\r\n; a key whose name this format cannot hold: " + to_utf16(to_line(edit)) +
                    u"\r\n";
            section.reset();
            continue;
        }
        const std::u16string key =
            (edit.kind == Kind::delete_key ? u"[-" : u"[") + full_path(edit.key) + u"]";
        if (section != key) text += u"\r\n" + key + u"\r\n";
        section = key;
        if (edit.kind == Kind::set_value || edit.kind == Kind::delete_value) {
            text += value_line(edit) + u"\r\n";
        }
    }
    std::string bytes;
    bytes.reserve(2 * text.size());
    for (const char16_t unit : text) {
        bytes += static_cast<char>(unit & 0xFF);
        bytes += static_cast<char>(unit >> 8);
    }
    return bytes;
}

}  // namespace regwatch
