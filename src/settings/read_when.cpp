#include <algorithm>
#include <string>
#include <utility>

#include "settings/object_reader.h"
#include "settings/readers.h"
#include "settings/wording.h"
#include "text/utf.h"

namespace regwatch {
namespace {

constexpr const char* kDoubled = " (in JSON, double the backslash)";

bool takes_list(Comparison comparison) noexcept {
    switch (comparison) {
        case Comparison::is_any:
        case Comparison::contains_any:
        case Comparison::contains_all:
        case Comparison::excludes_any:
        case Comparison::excludes_all:
            return true;
        default:
            return false;
    }
}

std::string complaint_about(const std::string& text) {
    const std::string control = first_control_character(text);
    return control.empty() ? "" : "holds the control character " + control + kDoubled;
}

std::vector<std::u16string> read_list(ObjectReader& reader, std::string_view field) {
    std::vector<std::u16string> texts;
    const std::vector<JsonNode>* const entries = reader.children(field);
    if (entries == nullptr) return texts;
    for (std::size_t i = 0; i < entries->size(); ++i) {
        const JsonNode& entry = (*entries)[i];
        if (entry.kind != JsonKind::string) continue;
        const std::string complaint = entry.text.empty() ? "is empty" : complaint_about(entry.text);
        if (!complaint.empty()) {
            reader.refuse_entry(field, i, complaint, control_character_at(entry.text));
        }
        texts.push_back(to_utf16(entry.text));
    }
    return texts;
}

std::vector<ChangeKind> read_kinds(const ObjectReader& reader) {
    std::vector<ChangeKind> kinds;
    const std::vector<JsonNode>* const entries = reader.children("kinds");
    if (entries == nullptr) return kinds;
    const auto choices = kWhenSection.find("kinds")->choices;
    for (const JsonNode& entry : *entries) {
        const auto found = std::find(choices.begin(), choices.end(), entry.text);
        if (found != choices.end()) {
            kinds.push_back(static_cast<ChangeKind>(found - choices.begin()));
        }
    }
    return kinds;
}

std::vector<std::u16string> read_value(ObjectReader& reader, Comparison comparison) {
    const JsonNode* const value = reader.node("value");
    if (value == nullptr) return {};
    const bool is_list = value->kind == JsonKind::array;
    if (is_list && !takes_list(comparison)) {
        reader.refuse("value", "is too much for this \"condition\", which compares with one text");
    } else if (!is_list && takes_list(comparison)) {
        reader.refuse("value", "should be a list, because \"condition\" ends in any or all");
    }
    if (is_list) return read_list(reader, "value");
    const std::string complaint = complaint_about(value->text);
    if (!complaint.empty()) reader.refuse("value", complaint, control_character_at(value->text));
    const bool may_be_empty = comparison == Comparison::is || comparison == Comparison::is_not;
    if (value->text.empty() && !may_be_empty) reader.refuse("value", "is empty");
    return {to_utf16(value->text)};
}

FieldCondition read_condition(const JsonNode& node, const JsonPath& path, ProblemList& problems) {
    FieldCondition condition;
    if (node.kind != JsonKind::object) {
        problems.add(path, node.offset,
                     "found " + describe(node) +
                         "; a condition is an object such as {\"field\": \"Details\", "
                         "\"condition\": \"contains\", \"value\": \"powershell\"}");
        return condition;
    }
    ObjectReader reader(node, path, kConditionSection, problems);
    condition.field = static_cast<SysmonField>(reader.choice("field").value_or(0));
    const bool known = !reader.has("condition") || reader.choice("condition");
    condition.comparison = static_cast<Comparison>(reader.choice("condition").value_or(0));
    if (known) condition.texts = read_value(reader, condition.comparison);
    return condition;
}

bool is_about_values(ChangeKind kind) noexcept {
    return kind == ChangeKind::value_created || kind == ChangeKind::value_changed ||
           kind == ChangeKind::value_deleted;
}

}  // namespace

ChangeFilter read_when(const ObjectReader& outer) {
    ChangeFilter filter;
    const JsonNode* const node = outer.node("when");
    if (node == nullptr) return filter;
    const JsonPath path = outer.path_of("when");
    ProblemList& problems = outer.problems_of("when");
    ObjectReader reader(*node, path, kWhenSection, problems);
    filter.kinds = read_kinds(reader);
    filter.severity = static_cast<Severity>(reader.choice("severity").value_or(0));
    filter.values = read_list(reader, "values");
    const auto& kinds = filter.kinds;
    if (!filter.values.empty() && !kinds.empty() &&
        std::none_of(kinds.begin(), kinds.end(), is_about_values)) {
        reader.refuse("values", "lets nothing through, because \"kinds\" has no change of a value");
    }
    if (const std::vector<JsonNode>* const nodes = reader.children("conditions")) {
        const JsonPath list = reader.path_of("conditions");
        for (std::size_t i = 0; i < nodes->size(); ++i) {
            filter.conditions.push_back(read_condition((*nodes)[i], list.element(i), problems));
        }
    }
    return filter;
}

}  // namespace regwatch
