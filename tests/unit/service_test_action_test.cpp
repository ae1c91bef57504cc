// What `test-action` tries, and what it will not.
#include "service/test_action.h"

#include <catch2/catch_test_macros.hpp>
#include <vector>

namespace regwatch {
namespace {

struct Recorder final : Action {
    struct Record {
        std::vector<Change> changes;
        std::optional<ActionFailure> answer;
    };
    explicit Recorder(Record& record_in) : record(record_in) {}
    std::optional<ActionFailure> deliver(const Change& change) override {
        record.changes.push_back(change);
        return record.answer;
    }
    Record& record;
};

Result<std::optional<ActionFailure>> run(const std::string& name, Recorder::Record& record) {
    Settings settings;
    settings.actions = {{"eventlog", EventLogSettings{}}, {"back", RestoreSettings{}}};
    const auto make = [&](const ActionSettings&) -> Result<std::unique_ptr<Action>> {
        return std::unique_ptr<Action>(std::make_unique<Recorder>(record));
    };
    return test_action(settings, name, make, WallTime(WallTicks(17'000'000'000'000'000)));
}

TEST_CASE("an action gets one change that says that it is a test") {
    Recorder::Record record;
    const auto outcome = run("eventlog", record);
    REQUIRE(outcome);
    CHECK_FALSE(outcome->has_value());
    REQUIRE(record.changes.size() == 1);
    CHECK(record.changes[0].watch == "test-action");
    CHECK(record.changes[0].tags == std::vector<std::string>{"test"});
    CHECK(record.changes[0].id.size() == 26);
    CHECK(as_string(*record.changes[0].after) == u"the new data");
}

TEST_CASE("an action that fails is told with its reason") {
    Recorder::Record record;
    record.answer = ActionFailure{EventId::program_failed, "it ended with exit code 3."};
    const auto outcome = run("eventlog", record);
    REQUIRE(outcome);
    REQUIRE(outcome->has_value());
    CHECK((*outcome)->id == EventId::program_failed);
}

TEST_CASE("a name that no action has is answered with those there are") {
    Recorder::Record record;
    const auto outcome = run("evntlog", record);
    REQUIRE_FALSE(outcome);
    CHECK(outcome.error().reason.ends_with("there is eventlog, back"));
}

TEST_CASE("an action that writes to the registry is not tried") {
    Recorder::Record record;
    const auto outcome = run("back", record);
    REQUIRE_FALSE(outcome);
    CHECK(outcome.error().kind == ErrorKind::unsupported);
    CHECK(record.changes.empty());
}

}  // namespace
}  // namespace regwatch
