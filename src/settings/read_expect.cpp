#include <algorithm>
#include <limits>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "settings/object_reader.h"
#include "settings/readers.h"
#include "settings/wording.h"
#include "text/fold.h"
#include "text/utf.h"

namespace regwatch {
namespace {

// In the order of the field's choices.
constexpr ValueType kTypes[] = {ValueType::sz,    ValueType::expand_sz, ValueType::multi_sz,
                                ValueType::dword, ValueType::qword,     ValueType::binary};

std::optional<unsigned> digit(char c) {
    if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
    const char lower = static_cast<char>(c | 0x20);
    if (lower >= 'a' && lower <= 'f') return static_cast<unsigned>(lower - 'a' + 10);
    return std::nullopt;
}

std::optional<std::uint64_t> number_of(std::string_view text) {
    const bool is_hex = text.starts_with("0x") || text.starts_with("0X");
    const unsigned base = is_hex ? 16 : 10;
    if (is_hex) text.remove_prefix(2);
    if (text.empty()) return std::nullopt;
    std::uint64_t number = 0;
    for (const char c : text) {
        const auto next = digit(c);
        if (!next || *next >= base) return std::nullopt;
        if (number > (std::numeric_limits<std::uint64_t>::max() - *next) / base)
            return std::nullopt;
        number = number * base + *next;
    }
    return number;
}

std::optional<Bytes> bytes_of(std::string_view text) {
    Bytes bytes;
    if (text.size() % 2 != 0) return std::nullopt;
    for (std::size_t i = 0; i < text.size(); i += 2) {
        const auto high = digit(text[i]);
        const auto low = digit(text[i + 1]);
        if (!high || !low) return std::nullopt;
        bytes.push_back(static_cast<std::uint8_t>(*high << 4 | *low));
    }
    return bytes;
}

void append(Bytes& bytes, std::u16string_view text) {
    for (const char16_t unit : text) {
        bytes.push_back(static_cast<std::uint8_t>(unit & 0xFF));
        bytes.push_back(static_cast<std::uint8_t>(unit >> 8));
    }
}

void append_with_end(Bytes& bytes, const std::string& text) {
    append(bytes, to_utf16(text));
    append(bytes, std::u16string_view(u"\0", 1));
}

std::optional<Bytes> little_endian(std::string_view text, std::size_t size) {
    const auto number = number_of(text);
    if (!number || (size == 4 && *number > 0xFFFFFFFF)) return std::nullopt;
    Bytes bytes;
    for (std::size_t i = 0; i < size; ++i)
        bytes.push_back(static_cast<std::uint8_t>(*number >> (8 * i) & 0xFF));
    return bytes;
}

// Nothing: the text is none of this type.
std::optional<Bytes> to_bytes(ValueType type, const std::string& text) {
    switch (type) {
        case ValueType::dword:
            return little_endian(text, 4);
        case ValueType::qword:
            return little_endian(text, 8);
        case ValueType::binary:
            return bytes_of(text);
        default: {
            Bytes bytes;
            append_with_end(bytes, text);
            return bytes;
        }
    }
}

std::optional<Bytes> read_data(ObjectReader& reader, ValueType type) {
    const JsonNode* const node = reader.node("data");
    if (node == nullptr) {
        if (!reader.has("data")) reader.require("data");
        return std::nullopt;
    }
    const bool is_list = node->kind == JsonKind::array;
    if (is_list != (type == ValueType::multi_sz)) {
        reader.refuse("data",
                      is_list ? "only REG_MULTI_SZ takes" : "is no list, as REG_MULTI_SZ takes");
        return std::nullopt;
    }
    if (!is_list) {
        auto bytes = to_bytes(type, node->text);
        if (!bytes) reader.refuse("data", "is no data of this \"type\"");
        return bytes;
    }
    Bytes bytes;
    for (const JsonNode& entry : node->children) append_with_end(bytes, entry.text);
    append(bytes, std::u16string_view(u"\0", 1));
    return bytes;
}

// True: there is one, and it is said.
bool refuse_control_character(ObjectReader& reader, std::string_view field,
                              const std::string& text) {
    const std::string control = first_control_character(text);
    if (control.empty()) return false;
    reader.refuse(field,
                  "holds the control character " + control + " (in JSON, double the backslash)",
                  control_character_at(text));
    return true;
}

Expectation read_expectation(const JsonNode& node, const JsonPath& path, const WatchSettings& watch,
                             ProblemList& problems) {
    Expectation expectation;
    if (node.kind != JsonKind::object) {
        problems.add(path, node.offset,
                     "found " + describe(node) +
                         "; an expectation is an object such as {\"value\": \"EnableLUA\", "
                         "\"type\": \"REG_DWORD\", \"data\": \"1\"}");
        return expectation;
    }
    ObjectReader reader(node, path, kExpectationSection, problems);
    if (const std::string* const subkey = reader.text("subkey")) {
        if (refuse_control_character(reader, "subkey", *subkey)) {
            // Nothing more can be said of it.
        } else if (!subkey->empty() && !watch.recursive)
            reader.refuse("subkey", "is not watched, because \"recursive\" is false");
        else if (subkey->starts_with('\\') || subkey->ends_with('\\'))
            reader.refuse("subkey", "begins or ends with a backslash");
        else if (!subkey->empty() && !watch.selection.reads(to_utf16(*subkey)))
            reader.refuse("subkey", "this watch leaves out");
        expectation.subkey = to_utf16(*subkey);
    }
    if (const std::string* const name = reader.text("value")) {
        expectation.value_name = to_utf16(*name);
        const Selection& seen = watch.selection;
        // It would never be as expected.
        if (!refuse_control_character(reader, "value", *name) &&
            (!seen.wants_value(expectation.value_name) || seen.redacts(expectation.value_name)))
            reader.refuse("value", "this watch leaves out or redacts");
    }
    const ValueType type = kTypes[reader.choice("type").value_or(0)];
    const bool is_present = reader.choice("state").value_or(0) == 0;
    if (!is_present) {
        if (reader.has("data"))
            reader.refuse("data", "is expected of a value that must not be there");
        return expectation;
    }
    if (auto bytes = read_data(reader, type)) expectation.data = {type, *std::move(bytes)};
    return expectation;
}

}  // namespace

std::vector<Expectation> read_expectations(ObjectReader& reader, const WatchSettings& watch) {
    std::vector<Expectation> expectations;
    std::set<std::pair<std::u16string, std::u16string>> seen;
    const std::vector<JsonNode>* const entries = reader.children("expect");
    if (entries == nullptr) return expectations;
    const JsonPath list = reader.path_of("expect");
    ProblemList& problems = reader.problems_of("expect");
    for (std::size_t i = 0; i < entries->size(); ++i) {
        const std::size_t before = problems.count();
        Expectation one = read_expectation((*entries)[i], list.element(i), watch, problems);
        if (problems.count() == before &&
            !seen.emplace(fold(one.subkey), fold(one.value_name)).second)
            problems.add(list.element(i), (*entries)[i].offset,
                         "is about the same value as an expectation before it");
        expectations.push_back(std::move(one));
    }
    return expectations;
}

}  // namespace regwatch
