#include "base/result.h"

#include <catch2/catch_test_macros.hpp>
#include <memory>
#include <string>
#include <utility>

using regwatch::Error;
using regwatch::ErrorKind;
using regwatch::Result;

namespace {

Error denied() {
    return {ErrorKind::denied, 5, "opening the key", "HKLM\\SAM", "access is denied"};
}

}  // namespace

TEST_CASE("an error says what was being done, on what, why, and the system's number") {
    CHECK(denied().text() == "opening the key HKLM\\SAM: access is denied (5)");
}

TEST_CASE("an error without a reason says its kind, and no number where there is none") {
    const Error error{ErrorKind::not_found, 0, "reading", "a.json", ""};
    CHECK(error.text() == "reading a.json: not found");
}

TEST_CASE("a result is its value or its error, never both") {
    const Result<std::string> good = std::string("data");
    REQUIRE(good.ok());
    CHECK(*good == "data");

    const Result<std::string> bad = denied();
    REQUIRE_FALSE(bad);
    CHECK(bad.error().kind == ErrorKind::denied);
    CHECK(bad.error().code == 5);
}

TEST_CASE("a result hands out what can only be moved") {
    Result<std::unique_ptr<int>> result = std::make_unique<int>(7);
    const std::unique_ptr<int> taken = std::move(result).value();
    REQUIRE(taken != nullptr);
    CHECK(*taken == 7);
}

TEST_CASE("a result of nothing has succeeded unless it was given an error") {
    CHECK(Result<void>().ok());
    const Result<void> failed = denied();
    REQUIRE_FALSE(failed.ok());
    CHECK(failed.error().subject == "HKLM\\SAM");
}
