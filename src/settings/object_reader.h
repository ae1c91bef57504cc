// Checks one JSON object against its section of the field table, and hands out what passed.
//
// One thread; borrows the node, the path and the list of problems, which outlive it. Everything
// that the table knows is checked by the constructor; an accessor answers with nothing for a field
// that is absent or was refused, so that its caller goes on and finds the other problems too.
//
// A reader may have another one behind it, whose fields stand in for those that the object does not
// have: the defaults. What is wrong with them is reported once, when they are read for themselves.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
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
                 ProblemList& problems, const ObjectReader* behind = nullptr);
    ObjectReader(const ObjectReader&) = delete;
    ObjectReader& operator=(const ObjectReader&) = delete;

    [[nodiscard]] const std::string* text(std::string_view field) const;
    [[nodiscard]] bool flag(std::string_view field, bool fallback) const;
    [[nodiscard]] std::optional<std::size_t> choice(std::string_view field) const;
    // Of a count, a size (bytes) or a duration (milliseconds).
    [[nodiscard]] std::optional<std::uint64_t> number(std::string_view field) const;
    // Of a list or of named objects; entries of a wrong kind are reported and are still among them.
    [[nodiscard]] const std::vector<JsonNode>* children(std::string_view field) const;

    // Of an object, or of one text or more; for a reader of its own, together with the two below.
    [[nodiscard]] const JsonNode* node(std::string_view field) const;
    [[nodiscard]] JsonPath path_of(std::string_view field) const;
    [[nodiscard]] ProblemList& problems_of(std::string_view field) const;

    // Whether the file has the field at all, right or wrong.
    [[nodiscard]] bool has(std::string_view field) const;
    // The same, but not in what is behind.
    [[nodiscard]] bool has_own(std::string_view field) const;

    // "the field "name" is missing; …", unless it is there or something was meant to be it.
    void require(std::string_view field);
    // "found "x", which …; "name" takes …"; `at` is where in the text, as it was decoded.
    void refuse(std::string_view field, std::string_view why, std::size_t at = kWhole);
    void refuse_entry(std::string_view field, std::size_t index, std::string_view why,
                      std::size_t at = kWhole);

    static constexpr std::size_t kWhole = static_cast<std::size_t>(-1);

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
    void check_choices(const Member& member);
    void check_entries(const Member& member);
    bool refuse_value(const Member& member, std::string_view more = {});

    void report_missing(const SettingsField& field);

    [[nodiscard]] const Member* own(std::string_view field) const;
    [[nodiscard]] const Member* member(std::string_view field) const;
    [[nodiscard]] const Member* accepted(std::string_view field) const;

    const JsonNode& object_;
    const JsonPath& path_;
    const SettingsSection& section_;
    ProblemList& problems_;
    const ObjectReader* const behind_;
    // Takes what was reported before.
    std::unique_ptr<ProblemList> unheard_;
    std::vector<Member> members_;
    // Fields that an unknown one was probably meant to be: not reported as missing on top of it.
    std::vector<std::string_view> meant_;
};

// Reports members whose name was given before; `true` for each child that is the first of its name.
[[nodiscard]] std::vector<bool> first_of_their_name(const JsonNode& object, const JsonPath& path,
                                                    ProblemList& problems);

}  // namespace regwatch
