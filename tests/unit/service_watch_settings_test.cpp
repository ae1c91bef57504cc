#include <catch2/catch_test_macros.hpp>
#include <string>

#include "service/watch_workload.h"

using namespace regwatch;

namespace {

constexpr const char* kOwn = "S-1-5-21-1-2-3-1001";

WatchSettings only_watch(const WatchCommand& command) {
    const auto settings = watch_settings(command, kOwn);
    REQUIRE(settings);
    REQUIRE(settings->watches.size() == 1);
    return settings->watches[0];
}

}  // namespace

TEST_CASE("HKCU on the command line of watch is the caller's own hive") {
    const auto watch = only_watch({{"HKCU\\Environment", "HKEY_CURRENT_USER"}, false, false, {}});
    REQUIRE(watch.keys.size() == 2);
    CHECK(watch.keys[0].root == Root::users);
    CHECK(watch.keys[0].utf8() == "HKU\\S-1-5-21-1-2-3-1001\\Environment");
    CHECK(watch.keys[1].utf8() == "HKU\\S-1-5-21-1-2-3-1001");
}

TEST_CASE("the keys of watch are in the view that was asked for, other roots are left alone") {
    const auto watch = only_watch({{"HKLM\\SOFTWARE\\a b"}, true, false, View::bits32});
    CHECK(watch.recursive);
    CHECK(watch.keys[0].view == View::bits32);
    CHECK(watch.keys[0].utf8() == "HKLM\\SOFTWARE\\a b");
}

TEST_CASE("a key of watch that is no key is an error that tells how to write it") {
    const auto settings = watch_settings({{"HKLM\\a", "HKXX\\b"}, false, false, {}}, kOwn);
    REQUIRE_FALSE(settings);
    CHECK(settings.error().kind == ErrorKind::invalid);
    CHECK(settings.error().text().find("HKXX") != std::string::npos);
}
