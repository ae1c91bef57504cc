// Every error code that is documented for opening, registering or reading, and one that nobody has
// heard of: the key is tried again with back-off, says so once, and is awake when the error is over.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <chrono>

#include "contract/bound.h"
#include "contract/stress_bench.h"
#include "win32/error.h"

namespace regwatch::test {
namespace {

using namespace std::chrono_literals;

constexpr DWORD kHandleRevoked = 811;
constexpr DWORD kUnheardOf = 0x2FFF;

// What the pages of RegOpenKeyEx, RegNotifyChangeKeyValue, RegEnumValue, RegEnumKeyEx and
// RegQueryInfoKey, and those of the registry's own codes, can answer.
DWORD any_code() {
    return GENERATE(DWORD{ERROR_KEY_DELETED}, DWORD{ERROR_FILE_NOT_FOUND},
                    DWORD{ERROR_PATH_NOT_FOUND}, DWORD{ERROR_ACCESS_DENIED},
                    DWORD{ERROR_PRIVILEGE_NOT_HELD}, DWORD{ERROR_INVALID_HANDLE},
                    DWORD{ERROR_INVALID_PARAMETER}, DWORD{ERROR_NOT_ENOUGH_MEMORY},
                    DWORD{ERROR_OUTOFMEMORY}, DWORD{ERROR_NO_SYSTEM_RESOURCES},
                    DWORD{ERROR_MORE_DATA}, DWORD{ERROR_BADDB}, DWORD{ERROR_BADKEY},
                    DWORD{ERROR_CANTOPEN}, DWORD{ERROR_CANTREAD}, DWORD{ERROR_REGISTRY_CORRUPT},
                    DWORD{ERROR_REGISTRY_IO_FAILED}, DWORD{ERROR_CHILD_MUST_BE_VOLATILE},
                    kHandleRevoked, DWORD{ERROR_INTERNAL_ERROR}, kUnheardOf);
}

std::size_t complaints(StressBench& bench) {
    return bench.journal().count(EventId::key_denied) + bench.journal().count(EventId::key_failed);
}

// One notice per transition: between two complaints the key stood well, or was known to be missing.
bool complains_once_at_a_time(StressBench& bench) {
    const auto is_complaint = [](const Notice& notice) {
        return notice.id == EventId::key_denied || notice.id == EventId::key_failed;
    };
    const auto notices = bench.journal().notices();
    return std::adjacent_find(notices.begin(), notices.end(),
                              [&](const Notice& a, const Notice& b) {
                                  return is_complaint(a) && is_complaint(b);
                              }) == notices.end();
}

// Until the watch has met the error so often, however it goes about that.
void meet_errors(StressBench& bench, int count) {
    const bool met = comes_true([&] {
        if (bench.points().failures() >= count) return true;
        bench.timers().fire();
        return false;
    });
    CAPTURE(bench.points().failures(), bench.timers().last_delay().count());
    REQUIRE(met);
}

void check_recovery(StressBench& bench, Watched& watched) {
    bench.points().recover();
    CHECK(comes_true([&] {
        bench.timers().fire();
        return watched.state() == WatchState::watching;
    }));
    bench.write(u"p\\k", 7);
    CHECK(watched.seen().wait_for_value(u"v", dword(7)));
    CHECK(watched.seen().faults() == std::vector<std::string>{});
    CHECK(bench.points().broken() == std::vector<std::string>{});
}

TEST_CASE("any error of a port call is told at most once, and the key is awake when it is over") {
    const DWORD code = any_code();
    const PortCall call = GENERATE(PortCall::open, PortCall::request_signal, PortCall::read);
    CAPTURE(code, static_cast<int>(call));
    StressBench bench;
    bench.editor().create_key(u"p\\k");
    bench.write(u"p\\k", 1);
    const Error error = win32::system_error(code, "asking for", "the key");
    Watched watched(bench, u"p\\k");

    SECTION("from the beginning") {
        bench.points().fail(call, u"k", error);
        watched.start_without_waiting();
        meet_errors(bench, 30);
        CHECK(complaints(bench) <= 1);
        CHECK(watched.state() != WatchState::watching);
        check_recovery(bench, watched);
    }
    SECTION("later, twice") {
        watched.start();
        REQUIRE(watched.reaches(WatchState::watching));
        for (std::uint32_t round = 1; round <= 2; ++round) {
            bench.points().fail(call, u"k", error);
            // Makes the watch open, register and read again.
            bench.editor().delete_key(u"p\\k");
            bench.editor().create_key(u"p\\k");
            bench.write(u"p\\k", round + 1);
            meet_errors(bench, 30);
            CHECK(complains_once_at_a_time(bench));
            check_recovery(bench, watched);
        }
    }
}

TEST_CASE("an error that stays leads to retrying with growing delays and one notice") {
    const DWORD code =
        GENERATE(DWORD{ERROR_ACCESS_DENIED}, DWORD{ERROR_INVALID_HANDLE}, DWORD{ERROR_OUTOFMEMORY},
                 DWORD{ERROR_NO_SYSTEM_RESOURCES}, DWORD{ERROR_INTERNAL_ERROR}, kUnheardOf);
    const PortCall call = GENERATE(PortCall::open, PortCall::request_signal, PortCall::read);
    CAPTURE(code, static_cast<int>(call));
    StressBench bench;
    bench.editor().create_key(u"p\\k");
    bench.points().fail(call, u"k", win32::system_error(code, "asking for", "the key"));
    Watched watched(bench, u"p\\k");
    watched.start();
    REQUIRE(watched.state() == WatchState::retrying);
    Duration delay = bench.timers().last_delay();
    CHECK(delay >= 50ms);
    while (delay < 60s) {
        bench.timers().fire();
        REQUIRE(comes_true([&] { return bench.timers().last_delay() != delay; }));
        CHECK(bench.timers().last_delay() >= std::min<Duration>(delay * 2, 60s));
        CHECK(bench.timers().last_delay() <= 60s);
        delay = bench.timers().last_delay();
        CHECK(watched.state() == WatchState::retrying);
    }
    CHECK(complaints(bench) == 1);
    check_recovery(bench, watched);
}

}  // namespace
}  // namespace regwatch::test
