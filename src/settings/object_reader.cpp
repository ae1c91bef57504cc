#include "settings/object_reader.h"

#include <algorithm>
#include <unordered_map>

#include "settings/nearest_name.h"
#include "settings/values.h"
#include "settings/wording.h"

namespace regwatch {
namespace {

JsonKind kind_for(FieldShape shape) noexcept {
    switch (shape) {
        case FieldShape::flag:
            return JsonKind::boolean;
        case FieldShape::count:
            return JsonKind::number;
        case FieldShape::texts:
        case FieldShape::distinct_texts:
        case FieldShape::some_choices:
        case FieldShape::references:
        case FieldShape::objects:
            return JsonKind::array;
        case FieldShape::object:
        case FieldShape::named_objects:
            return JsonKind::object;
        default:
            return JsonKind::string;
    }
}

std::vector<std::string_view> field_names(const SettingsSection& section) {
    std::vector<std::string_view> names;
    for (const std::span<const SettingsField> group : {section.common, section.fields}) {
        for (const SettingsField& field : group) names.push_back(field.name);
    }
    return names;
}

std::string takes(const SettingsField& field) {
    std::string out = in_quotes(field.name) + " takes " + allowed_text(field);
    if (!field.fallback.empty()) out += " (default: " + std::string(field.fallback) + ")";
    return out + ": " + std::string(field.description);
}

std::string unknown_field(std::string_view name, std::string_view nearest,
                          const SettingsSection& section) {
    return "unknown field " + in_quotes(name) + did_you_mean(nearest) + "; " +
           std::string(section.name) + " has " + field_names_text(section);
}

}  // namespace

std::vector<bool> first_of_their_name(const JsonNode& object, const JsonPath& path,
                                      ProblemList& problems) {
    std::vector<bool> first(object.children.size(), true);
    std::unordered_map<std::string_view, std::size_t> offsets;
    for (std::size_t i = 0; i < object.children.size(); ++i) {
        const JsonNode& child = object.children[i];
        const auto [earlier, is_new] = offsets.emplace(child.name, child.name_offset);
        if (is_new) continue;
        first[i] = false;
        problems.add(path.member(child.name), child.name_offset,
                     in_quotes(child.name) + " is here twice; the first one is in " +
                         problems.line_of(earlier->second));
    }
    return first;
}

ObjectReader::ObjectReader(const JsonNode& object, const JsonPath& path,
                           const SettingsSection& section, ProblemList& problems,
                           const ObjectReader* behind)
    : object_(object), path_(path), section_(section), problems_(problems), behind_(behind) {
    if (behind != nullptr) unheard_ = std::make_unique<ProblemList>("", "");
    if (object.kind != JsonKind::object) return;
    check_names();
    check_required();
    for (Member& member : members_) member.accepted = check(member);
}

void ObjectReader::check_names() {
    const std::vector<bool> first = first_of_their_name(object_, path_, problems_);
    for (std::size_t i = 0; i < object_.children.size(); ++i) {
        const JsonNode& child = object_.children[i];
        const SettingsField* field = section_.find(child.name);
        if (field == nullptr) {
            const std::string_view nearest =
                problems_.is_full() ? "" : meant_field(child.name, field_names(section_));
            meant_.push_back(nearest);
            problems_.add(path_.member(child.name), child.name_offset,
                          unknown_field(child.name, nearest, section_));
        } else if (first[i]) {
            members_.push_back({field, &child});
        }
    }
}

void ObjectReader::check_required() {
    for (const std::span<const SettingsField> group : {section_.common, section_.fields}) {
        for (const SettingsField& field : group) {
            if (field.required) report_missing(field);
        }
    }
}

void ObjectReader::report_missing(const SettingsField& field) {
    const bool meant = std::find(meant_.begin(), meant_.end(), field.name) != meant_.end();
    if (has(field.name) || meant) return;
    problems_.add(path_, object_.offset,
                  "the field " + in_quotes(field.name) + " is missing; " + takes(field));
}

bool ObjectReader::check(Member& member) {
    const FieldShape shape = member.field->shape;
    const JsonKind kind = member.node->kind;
    const bool one_text = shape == FieldShape::text_or_texts && kind == JsonKind::string;
    const bool list = shape == FieldShape::text_or_texts && kind == JsonKind::array;
    if (!one_text && !list && kind != kind_for(shape)) return refuse_value(member);
    if (one_text) return true;
    switch (shape) {
        case FieldShape::text:
        case FieldShape::flag:
        case FieldShape::object:
            return true;
        case FieldShape::choice:
            return check_choice(member);
        case FieldShape::count:
        case FieldShape::size:
        case FieldShape::duration:
            return check_number(member);
        default:
            return check_children(member);
    }
}

bool ObjectReader::check_choice(Member& member) {
    const std::span<const std::string_view> choices = member.field->choices;
    const auto found = std::find(choices.begin(), choices.end(), member.node->text);
    member.number = static_cast<std::uint64_t>(found - choices.begin());
    if (found != choices.end()) return true;
    return refuse_value(member, did_you_mean(nearest_name(member.node->text, choices)));
}

bool ObjectReader::check_number(Member& member) {
    const SettingsField& field = *member.field;
    const std::string& text = member.node->text;
    const std::optional<std::uint64_t> number = field.shape == FieldShape::count ? parse_count(text)
                                                : field.shape == FieldShape::size
                                                    ? parse_size(text)
                                                    : parse_duration(text);
    if (!number || *number < field.minimum || *number > field.maximum) return refuse_value(member);
    member.number = *number;
    return true;
}

bool ObjectReader::check_children(const Member& member) {
    const std::size_t count = member.node->children.size();
    if (count < member.field->minimum) return refuse_value(member);
    if (count > member.field->maximum) {
        return refuse_value(member, "; there are " + std::to_string(count) + " here");
    }
    check_entries(member);
    return true;
}

void ObjectReader::check_entries(const Member& member) {
    const SettingsField& field = *member.field;
    const FieldShape shape = field.shape;
    if (shape == FieldShape::named_objects) {
        (void)first_of_their_name(*member.node, path_.member(field.name), problems_);
    }
    const bool distinct = shape == FieldShape::distinct_texts || shape == FieldShape::some_choices;
    if (!distinct && shape != FieldShape::texts && shape != FieldShape::text_or_texts) return;
    std::unordered_map<std::string_view, std::size_t> seen;
    const std::vector<JsonNode>& entries = member.node->children;
    for (std::size_t i = 0; i < entries.size(); ++i) {
        if (entries[i].kind != JsonKind::string) {
            refuse_entry(field.name, i, "is not a string");
        } else if (distinct) {
            const auto [earlier, is_new] = seen.emplace(entries[i].text, i);
            if (is_new) continue;
            const std::string line = problems_.line_of(entries[earlier->second].offset);
            refuse_entry(field.name, i, "is here twice; the first one is in " + line);
        }
    }
    if (shape == FieldShape::some_choices) check_choices(member);
}

void ObjectReader::check_choices(const Member& member) {
    const SettingsField& field = *member.field;
    const std::vector<JsonNode>& entries = member.node->children;
    for (std::size_t i = 0; i < entries.size(); ++i) {
        if (entries[i].kind != JsonKind::string) continue;
        const std::string& text = entries[i].text;
        const auto found = std::find(field.choices.begin(), field.choices.end(), text);
        if (found != field.choices.end()) continue;
        refuse_entry(field.name, i,
                     "is none of them" + did_you_mean(nearest_name(text, field.choices)));
    }
}

bool ObjectReader::refuse_value(const Member& member, std::string_view more) {
    problems_.add(
        path_.member(member.field->name), member.node->offset,
        "found " + describe(*member.node) + std::string(more) + "; " + takes(*member.field));
    return false;
}

void ObjectReader::require(std::string_view field) {
    if (object_.kind == JsonKind::object) report_missing(*section_.find(field));
}

void ObjectReader::refuse(std::string_view field, std::string_view why, std::size_t at) {
    const Member* const found = own(field);
    if (found == nullptr) return;
    problems_.add(path_.member(field), problems_.offset_within(*found->node, at),
                  "found " + describe(*found->node) + ", which " + std::string(why) + "; " +
                      takes(*found->field));
}

void ObjectReader::refuse_entry(std::string_view field, std::size_t index, std::string_view why,
                                std::size_t at) {
    const Member* const found = own(field);
    if (found == nullptr) return;
    const JsonNode& entry = found->node->children[index];
    const JsonPath list = path_.member(field);
    const bool choices = found->field->shape == FieldShape::some_choices;
    const std::string allowed =
        choices ? in_quotes(field) + " takes " + allowed_text(*found->field)
                : "each entry of " + in_quotes(field) + " is " + std::string(found->field->entry);
    problems_.add(list.element(index), problems_.offset_within(entry, at),
                  "found " + describe(entry) + ", which " + std::string(why) + "; " + allowed);
}

const ObjectReader::Member* ObjectReader::own(std::string_view field) const {
    const auto has_name = [&](const Member& known) { return known.field->name == field; };
    const auto found = std::find_if(members_.begin(), members_.end(), has_name);
    return found == members_.end() ? nullptr : &*found;
}

const ObjectReader::Member* ObjectReader::member(std::string_view field) const {
    const Member* const found = own(field);
    return found == nullptr && behind_ != nullptr ? behind_->member(field) : found;
}

const ObjectReader::Member* ObjectReader::accepted(std::string_view field) const {
    const Member* const found = member(field);
    return found != nullptr && found->accepted ? found : nullptr;
}

bool ObjectReader::has(std::string_view field) const { return member(field) != nullptr; }

bool ObjectReader::has_own(std::string_view field) const { return own(field) != nullptr; }

const JsonNode* ObjectReader::node(std::string_view field) const {
    const Member* const found = accepted(field);
    return found == nullptr ? nullptr : found->node;
}

JsonPath ObjectReader::path_of(std::string_view field) const {
    return own(field) == nullptr && behind_ != nullptr ? behind_->path_of(field)
                                                       : path_.member(field);
}

ProblemList& ObjectReader::problems_of(std::string_view field) const {
    return own(field) == nullptr && unheard_ != nullptr ? *unheard_ : problems_;
}

const std::string* ObjectReader::text(std::string_view field) const {
    const Member* const found = accepted(field);
    return found == nullptr ? nullptr : &found->node->text;
}

bool ObjectReader::flag(std::string_view field, bool fallback) const {
    const Member* const found = accepted(field);
    return found == nullptr ? fallback : found->node->flag;
}

std::optional<std::size_t> ObjectReader::choice(std::string_view field) const {
    const Member* const found = accepted(field);
    if (found == nullptr) return {};
    return static_cast<std::size_t>(found->number);
}

std::optional<std::uint64_t> ObjectReader::number(std::string_view field) const {
    const Member* const found = accepted(field);
    if (found == nullptr) return {};
    return found->number;
}

const std::vector<JsonNode>* ObjectReader::children(std::string_view field) const {
    const Member* const found = accepted(field);
    return found == nullptr ? nullptr : &found->node->children;
}

}  // namespace regwatch
