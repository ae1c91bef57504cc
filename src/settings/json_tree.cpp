#include "settings/json_tree.h"

#include <cstdint>
#include <nlohmann/json.hpp>
#include <utility>

#include "settings/json_syntax.h"
#include "settings/json_text.h"
#include "settings/problem_list.h"
#include "settings/wording.h"

namespace regwatch {
namespace {

constexpr std::size_t kMaxDepth = 32;
constexpr std::size_t kMaxValues = 1'000'000;

// Takes the library's events, one per token, and follows them in the text for the positions.
class TreeBuilder {
public:
    explicit TreeBuilder(std::string_view text) : text_(text) {}

    // The names that the library calls; false stops it.
    bool null() { return add(JsonKind::null) != nullptr; }
    bool boolean(bool value) {
        JsonNode* node = add(JsonKind::boolean);
        if (node != nullptr) node->flag = value;
        return node != nullptr;
    }
    bool number_integer(std::int64_t) { return add_number(); }
    bool number_unsigned(std::uint64_t) { return add_number(); }
    bool number_float(double, const std::string&) { return add_number(); }
    bool string(std::string& value) {
        JsonNode* node = add(JsonKind::string);
        if (node != nullptr) node->text = std::move(value);
        return node != nullptr;
    }
    bool binary(nlohmann::json::binary_t&) { return false; }  // only in other formats than JSON
    bool start_object(std::size_t) { return open(JsonKind::object); }
    bool start_array(std::size_t) { return open(JsonKind::array); }
    bool end_object() { return close(); }
    bool end_array() { return close(); }
    bool key(std::string& name) {
        name_offset_ = next_token();
        name_ = std::move(name);
        last_ = JsonProgress::Last::name;
        return true;
    }
    bool parse_error(std::size_t consumed, const std::string&, const nlohmann::json::exception&) {
        const JsonBlame found = blame(text_, {inside(), last_, understood_, consumed});
        fail(found.offset, found.message);
        if (found.at_end && !open_.empty()) document_.error->left_open = open_.back()->offset;
        return false;
    }

    JsonDocument take() && { return std::move(document_); }

private:
    std::size_t next_token() {
        const std::size_t start = skip_to_token(text_, understood_);
        understood_ = token_end(text_, start);
        return start;
    }

    // The new node, in its parent; null when there are too many.
    JsonNode* add(JsonKind kind) {
        const std::size_t offset = next_token();
        if (++values_ > kMaxValues) {
            fail(offset,
                 "there are more than " + std::to_string(kMaxValues) + " values in the file");
            return nullptr;
        }
        JsonNode node;
        node.kind = kind;
        node.offset = offset;
        node.name_offset = name_offset_;
        node.name = std::exchange(name_, {});
        last_ = JsonProgress::Last::value;
        if (open_.empty()) {
            document_.root = std::move(node);
            return &document_.root;
        }
        return &open_.back()->children.emplace_back(std::move(node));
    }

    bool add_number() {
        JsonNode* node = add(JsonKind::number);
        if (node != nullptr) node->text = text_.substr(node->offset, understood_ - node->offset);
        return node != nullptr;
    }

    bool open(JsonKind kind) {
        JsonNode* node = add(kind);
        if (node == nullptr) return false;
        if (open_.size() == kMaxDepth) {
            fail(node->offset,
                 "this is nested deeper than " + std::to_string(kMaxDepth) + " levels");
            return false;
        }
        // Stays valid: only the innermost open node's list of children grows.
        open_.push_back(node);
        last_ = JsonProgress::Last::opening;
        return true;
    }

    bool close() {
        next_token();
        open_.pop_back();
        last_ = JsonProgress::Last::value;
        return true;
    }

    JsonProgress::Inside inside() const {
        if (open_.empty()) return JsonProgress::Inside::nothing;
        return open_.back()->kind == JsonKind::object ? JsonProgress::Inside::object
                                                      : JsonProgress::Inside::array;
    }

    void fail(std::size_t offset, std::string message) {
        std::string pointer;
        for (std::size_t i = 1; i < open_.size(); ++i) {
            const JsonNode& parent = *open_[i - 1];
            const JsonPath root;
            pointer += parent.kind == JsonKind::object
                           ? root.member(open_[i]->name).pointer()
                           : root.element(parent.children.size() - 1).pointer();
        }
        document_.error = JsonError{offset, std::move(pointer), std::move(message), std::nullopt};
    }

    // The text, and how far it is understood.
    const std::string_view text_;
    std::size_t understood_ = 0;
    JsonProgress::Last last_ = JsonProgress::Last::nothing;

    JsonDocument document_;
    std::vector<JsonNode*> open_;
    std::size_t values_ = 0;

    // Of the member whose value comes next.
    std::string name_;
    std::size_t name_offset_ = 0;
};

}  // namespace

std::string describe(const JsonNode& node) {
    switch (node.kind) {
        case JsonKind::null:
            return "null";
        case JsonKind::boolean:
            return node.flag ? "true" : "false";
        case JsonKind::number:
            return "the number " + clip(node.text, 40);
        case JsonKind::string:
            return in_quotes(node.text);
        case JsonKind::array:
            return node.children.empty() ? "an empty list" : "a list";
        case JsonKind::object:
            return node.children.empty() ? "an empty object" : "an object";
    }
    return "something else";
}

JsonDocument read_json(std::string_view text) {
    if (skip_blank(text, 0) == text.size()) {
        JsonDocument blank;
        blank.is_blank = true;
        return blank;
    }
    TreeBuilder builder(text);
    // strict: nothing may follow the value; ignore_comments.
    nlohmann::json::sax_parse(text.begin(), text.end(), &builder,
                              nlohmann::json::input_format_t::json, true, true);
    return std::move(builder).take();
}

}  // namespace regwatch
