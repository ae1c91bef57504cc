// Data that is handed on in part or not at all: what each rendering says of it.
#include "change/change_data.h"

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

#include "change/data_text.h"
#include "change/event_entry.h"
#include "change/json.h"
#include "change/line.h"
#include "change/sysmon.h"
#include "support/samples.h"
#include "text/sha256.h"
#include "text/utf.h"

namespace regwatch::test {
namespace {

// Everything that leaves the process about a change.
std::string all_renderings(const Change& change) {
    std::string all = to_json_line(change, {}) + to_line(change);
    all += to_utf8(render(event_entry(change)));
    const SysmonFields sysmon = sysmon_fields(change);
    return all + to_utf8(sysmon.target_object) + to_utf8(sysmon.details.value_or(u""));
}

TEST_CASE("redacted data is in no rendering, nor is its hash") {
    const ValueData secret = sz(u"hunter2");
    Change change = value_change(std::nullopt, std::nullopt);
    change.kind = DifferenceKind::value_set;
    change.before = redacted(ValueType::sz, 4);
    change.after = redacted(secret.type, secret.bytes.size());
    const std::string all = all_renderings(change);
    CHECK(all.find("hunter2") == std::string::npos);
    CHECK(all.find(sha256(secret.bytes)) == std::string::npos);
    CHECK(all.find("(redacted, 16 bytes)") != std::string::npos);

    const auto record = nlohmann::json::parse(to_json_line(change, {}));
    CHECK(record["registry"]["data"] == nlohmann::json{{"type", "REG_SZ"}});
    CHECK(record["regwatch"]["data"] == nlohmann::json{{"size", 16}, {"redacted", true}});
    CHECK(record["regwatch"]["previous"]["data"] ==
          nlohmann::json{{"size", 4}, {"redacted", true}});
    CHECK_FALSE(change.after->whole());
}

TEST_CASE("of data that is too long the first part is handed on, with the size and the hash") {
    const ValueData data = sz(std::u16string(100, u'x'));
    const ChangeData kept = truncated_to(64, data);
    CHECK(kept.truncated());
    CHECK_FALSE(kept.whole());
    CHECK(kept.bytes.size() == 64);
    CHECK(kept.sha256 == sha256(data.bytes));
    const Change change = value_change(std::nullopt, data);
    Change cut = change;
    cut.after = kept;
    const auto record = nlohmann::json::parse(to_json_line(cut, {}));
    CHECK(record["registry"]["data"]["strings"][0] == std::string(32, 'x'));
    CHECK(record["regwatch"]["data"] ==
          nlohmann::json{{"size", 202}, {"truncated", true}, {"sha256", kept.sha256}});
    CHECK(to_utf8(to_text(kept)) ==
          std::string(32, 'x') + " … (202 bytes, SHA-256 " + kept.sha256 + ")");
    CHECK(to_line(cut).find("(202 bytes, SHA-256 ") != std::string::npos);
}

TEST_CASE("data within the limit is handed on as it is") {
    const ValueData data = binary({1, 2, 3});
    const ChangeData kept = truncated_to(3, data);
    CHECK(kept.whole());
    CHECK(kept.bytes == data.bytes);
    CHECK(kept.sha256.empty());
}

TEST_CASE("a character of two units is not cut in two") {
    std::u16string text(3, u'x');
    for (int i = 0; i < 10; ++i) text += u"\U0001F600";
    const ChangeData kept = truncated_to(16, sz(text));
    CHECK(kept.bytes.size() == 14);
    CHECK(as_string(kept) == u"xxx\U0001F600\U0001F600");
}

}  // namespace
}  // namespace regwatch::test
