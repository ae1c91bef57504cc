#include "settings/schema.h"

#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

#include "settings/fields.h"

namespace regwatch {
namespace {

using Json = nlohmann::ordered_json;

// Upper and lower case of the units are the same.
constexpr const char* kDurationPattern = "^[0-9]+([mM][sS]|[sSmMhHdD])$";
constexpr const char* kSizePattern = "^[0-9]+([kKmMgG]?[bB])$";

// The name of a section's definition: "a watch" is "watch".
std::string definition_name(const SettingsSection& section) {
    std::string name;
    for (const char c : section.name) {
        if (c != '"') name += c == ' ' ? '-' : c;
    }
    for (const std::string_view article : {"a-", "an-", "the-"}) {
        if (name.starts_with(article)) return name.substr(article.size());
    }
    return name;
}

Json reference(std::string_view name) { return {{"$ref", "#/definitions/" + std::string(name)}}; }

// Texts such as "all actions" are no JSON, and say what cannot be written.
Json parsed(std::string_view text) { return Json::parse(text, nullptr, false); }

Json any_of(Json one, Json other) {
    Json made = Json::object();
    made["anyOf"] = Json::array({std::move(one), std::move(other)});
    return made;
}

Json requires_field(std::string_view field) {
    Json made = Json::object();
    made["required"] = Json::array({field});
    return made;
}

Json choices_of(const SettingsField& field) {
    Json choices = Json::array();
    for (const std::string_view choice : field.choices) choices.push_back(choice);
    return choices;
}

Json text_schema(const SettingsField& field) {
    Json text = {{"type", "string"}};
    if (!field.pattern.empty()) text["pattern"] = field.pattern;
    return text;
}

Json list_of(Json items, const SettingsField& field, bool distinct) {
    Json list = {{"type", "array"}, {"items", std::move(items)}};
    if (field.minimum != 0) list["minItems"] = field.minimum;
    list["maxItems"] = field.maximum;
    if (distinct) list["uniqueItems"] = true;
    return list;
}

Json named_objects(const SettingsField& field) {
    return {{"type", "object"},
            {"minProperties", field.minimum},
            {"maxProperties", field.maximum},
            {"propertyNames", {{"pattern", kNamePattern}}},
            {"additionalProperties", reference("action")}};
}

Json shape_of(const SettingsField& field) {
    switch (field.shape) {
        case FieldShape::text: {
            Json text = text_schema(field);
            if (field.maximum != 0) text["maxLength"] = field.maximum;
            return text;
        }
        case FieldShape::flag:
            return {{"type", "boolean"}};
        case FieldShape::choice:
            return {{"enum", choices_of(field)}};
        case FieldShape::count:
            return {{"type", "integer"}, {"minimum", field.minimum}, {"maximum", field.maximum}};
        case FieldShape::size:
            return {{"type", "string"}, {"pattern", kSizePattern}};
        case FieldShape::duration:
            return {{"type", "string"}, {"pattern", kDurationPattern}};
        case FieldShape::texts:
            return list_of(text_schema(field), field, false);
        case FieldShape::distinct_texts:
            return list_of(text_schema(field), field, true);
        case FieldShape::some_choices:
            return list_of({{"enum", choices_of(field)}}, field, true);
        case FieldShape::text_or_texts:
            return any_of(text_schema(field), list_of(text_schema(field), field, false));
        case FieldShape::references: {
            Json name = Json::object({{"type", "string"}, {"pattern", kNamePattern}});
            return list_of(any_of(std::move(name), reference(definition_name(*field.section))),
                           field, true);
        }
        case FieldShape::object:
            return Json::object(
                {{"allOf", Json::array({reference(definition_name(*field.section))})}});
        case FieldShape::objects:
            return list_of(reference(definition_name(*field.section)), field, false);
        case FieldShape::named_objects:
            return named_objects(field);
    }
    return {};
}

std::string sentence(std::string_view text) {
    std::string out(text);
    if (!out.empty() && out[0] >= 'a' && out[0] <= 'z') {
        out[0] = static_cast<char>(out[0] - 'a' + 'A');
    }
    return out + ".";
}

Json property(const SettingsField& field) {
    Json made = shape_of(field);
    std::string description = sentence(field.description);
    if (field.shape == FieldShape::size || field.shape == FieldShape::duration) {
        description += " It is " + allowed_text(field) + ".";
    }
    const Json fallback = parsed(field.fallback);
    if (!field.fallback.empty() && fallback.is_discarded()) {
        description += " Default: " + std::string(field.fallback) + ".";
    }
    made["description"] = std::move(description);
    if (!fallback.is_discarded()) made["default"] = fallback;
    if (const Json example = parsed(field.example); !example.is_discarded()) {
        made["examples"] = Json::array({example});
    }
    return made;
}

Json object_schema(const SettingsSection& section) {
    Json properties = Json::object();
    Json required = Json::array();
    for (const std::span<const SettingsField> group : {section.common, section.fields}) {
        for (const SettingsField& field : group) {
            properties[std::string(field.name)] = property(field);
            if (field.required) required.push_back(field.name);
        }
    }
    Json made = {{"type", "object"}, {"properties", std::move(properties)}};
    if (!required.empty()) made["required"] = std::move(required);
    made["additionalProperties"] = false;
    return made;
}

// The type decides on the other fields. Told apart with `if`, because an editor then complains of
// the field that is wrong, and not of all types that do not fit.
Json action_schema() {
    const SettingsField& type = *action_section(0).find("type");
    Json rules = Json::array();
    for (std::size_t i = 0; i < action_types().size(); ++i) {
        Json is_type = requires_field("type");
        is_type["properties"]["type"]["const"] = action_types()[i];
        Json rule = Json::object();
        rule["if"] = std::move(is_type);
        rule["then"] = reference(definition_name(action_section(i)));
        rules.push_back(std::move(rule));
    }
    Json made = requires_field("type");
    made["type"] = "object";
    made["properties"]["type"] = property(type);
    made["allOf"] = std::move(rules);
    return made;
}

}  // namespace

std::string settings_schema() {
    Json schema = {{"$schema", "http://json-schema.org/draft-07/schema#"},
                   {"title", "The configuration of RegWatch"}};
    schema.update(object_schema(kConfigSection));
    // The file that is asked for needs the first or the second; what is included may lack both.
    for (const char* const one : {"watches", "include", "actions", "defaults", "state"})
        schema["anyOf"].push_back(requires_field(one));
    Json definitions = Json::object();
    for (const SettingsSection* section : all_sections()) {
        if (section != &kConfigSection)
            definitions[definition_name(*section)] = object_schema(*section);
    }
    definitions["action"] = action_schema();
    schema["definitions"] = std::move(definitions);
    return schema.dump(4) + "\n";
}

}  // namespace regwatch
