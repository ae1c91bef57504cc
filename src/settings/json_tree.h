// A JSON document as a tree in which every value knows where it stands in the text.
//
// Plain values; one thread. The JSON library reads in json_tree.cpp and nowhere else. Members
// keep their order, and a name that is given twice is there twice: who reads the tree says so.
// Reading stops at the first thing that is not JSON.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace regwatch {

enum class JsonKind { null, boolean, number, string, array, object };

struct JsonNode {
    JsonKind kind = JsonKind::null;
    bool flag = false;            // of a boolean
    std::size_t offset = 0;       // of its first character
    std::size_t name_offset = 0;  // of the name's opening quote, for members
    std::string name;             // for members
    std::string text;             // of a string, decoded; of a number, as written
    std::vector<JsonNode> children;
};

// "the number 5", "a list": what a message says was found.
[[nodiscard]] std::string describe(const JsonNode& node);

struct JsonError {
    std::size_t offset = 0;
    std::string pointer;  // of the innermost value that is not complete
    std::string message;
    // Where the bracket stands that is still open at the end of the file.
    std::optional<std::size_t> left_open;
};

struct JsonDocument {
    JsonNode root;
    std::optional<JsonError> error;
    bool is_blank = false;  // nothing but white space and comments
};

// `text` is well-formed UTF-8 without a byte order mark and without NUL (settings/decoding.h).
[[nodiscard]] JsonDocument read_json(std::string_view text);

}  // namespace regwatch
