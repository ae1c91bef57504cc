// Checks one JSON object against its section of the field table, and hands out what passed.
//
// One thread; borrows the node, the path and the list of problems, which outlive it. Everything
// that the table knows is checked by the constructor; an accessor answers with nothing for a field
// that is absent or was refused, so that its caller goes on and finds the other problems too.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "settings/fields.h"
#include "settings/json_tree.h"
#include "settings/problem_list.h"

namespace regwatch {

class ObjectReader {
public:
    ObjectReader(const JsonNode& object, const JsonPath& path, const SettingsSection& section,
                 ProblemList& problems);

    [[nodiscard]] const std::string* text(std::string_view field) const;
    [[nodiscard]] bool flag(std::string_view field, bool fallback) const;
    [[nodiscard]] std::optional<std::size_t> choice(std::string_view field) const;
    // Of a count, a size (bytes) or a duration (milliseconds).
    [[nodiscard]] std::optional<std::uint64_t> number(std::string_view field) const;
    // Of a list or of named objects; entries of a wrong kind are reported and are still among them.
    [[nodiscard]] const std::vector<JsonNode>* children(std::string_view field) const;

    // Whether the file has the field at all, right or wrong.
    [[nodiscard]] bool has(std::string_view field) const;

    // "found "x", which …; "name" takes …"
    void refuse(std::string_view field, std::string_view why);
    void refuse_entry(std::string_view field, std::size_t index, std::string_view why);

private:
    struct Member {
        const SettingsField* field = nullptr;
        const JsonNode* node = nullptr;
        bool accepted = false;
        std::uint64_t number = 0;  // of a count, size or duration; the index of a choice
    };

    void check_names();
    void check_required();
    bool check(Member& member);
    bool check_choice(Member& member);
    bool check_number(Member& member);
    bool check_children(const Member& member);
    void check_entries(const Member& member);
    bool refuse_value(const Member& member, std::string_view more = {});

    [[nodiscard]] const Member* member(std::string_view field) const;
    [[nodiscard]] const Member* accepted(std::string_view field) const;

    const JsonNode& object_;
    const JsonPath& path_;
    const SettingsSection& section_;
    ProblemList& problems_;
    std::vector<Member> members_;
    // Fields that an unknown one was probably meant to be: not reported as missing on top of it.
    std::vector<std::string_view> meant_;
};

// Reports members whose name was given before; `true` for each child that is the first of its name.
[[nodiscard]] std::vector<bool> first_of_their_name(const JsonNode& object, const JsonPath& path,
                                                    ProblemList& problems);

}  // namespace regwatch
