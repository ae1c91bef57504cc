// The README names every field that a record can have, and no other.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "change/json.h"
#include "support/markdown.h"
#include "support/samples.h"

namespace regwatch {
namespace {

using Json = nlohmann::json;

void collect(const Json& object, const std::string& above, std::set<std::string>& fields) {
    for (const auto& [name, value] : object.items()) {
        const std::string path = above.empty() ? name : above + "." + name;
        if (value.is_object()) {
            collect(value, path, fields);
        } else {
            fields.insert(path);
        }
    }
}

std::set<std::string> fields_of_records() {
    Change odd_names = test::value_change(test::sz(u"old"), test::qword(1));
    odd_names.value_name = u"\xD800";
    odd_names.key.subkey += u"\\\xDC00";
    const Change odd_renaming = test::renamed_key(u"\xD800");
    Change long_data = test::value_change(test::sz(u"old"), test::sz(u"new"));
    long_data.before = truncated_to(2, *long_data.before);
    long_data.after = truncated_to(2, *long_data.after);
    Change hidden = long_data;
    hidden.hive_owner = "SRV01\\joe";
    hidden.before = redacted(ValueType::sz, 8);
    hidden.after = redacted(ValueType::sz, 8);
    const Change changes[] = {
        odd_names,
        test::value_change(test::dword(1), test::sz(u"text")),
        test::value_change(test::dword(1), std::nullopt),
        test::key_change(DifferenceKind::key_created),
        test::key_change(DifferenceKind::key_deleted),
        odd_renaming,
        long_data,
        hidden,
        test::security_change("O:BA", "O:SY"),
    };
    std::set<std::string> fields;
    for (const Change& change : changes)
        collect(Json::parse(to_json_line(change, {"SRV01"})), "", fields);
    return fields;
}

TEST_CASE("the README lists the fields of a record as the program writes them", "[docs]") {
    const std::string readme =
        test::read_text(std::filesystem::path(REGWATCH_SOURCE_DIR) / "README.md");
    std::set<std::string> listed;
    for (const test::Row& row : test::table_under(readme, "| field | is |")) {
        INFO(row.at(0));
        CHECK(listed.insert(row.at(0)).second);
        CHECK_FALSE(row.at(1).empty());
    }
    const std::set<std::string> written = fields_of_records();
    for (const std::string& field : written) {
        INFO("a record has the field " << field << ", which README.md does not list");
        CHECK(listed.contains(field));
    }
    for (const std::string& field : listed) {
        INFO("README.md lists the field " << field << ", which no record has");
        CHECK(written.contains(field));
    }
}

}  // namespace
}  // namespace regwatch
