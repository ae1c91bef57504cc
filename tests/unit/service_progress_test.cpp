// How far a command is: said late, seldom, and wiped.
#include <catch2/catch_test_macros.hpp>
#include <string>
#include <vector>

#include "service/progress.h"
#include "support/manual_clock.h"

using namespace regwatch;
using namespace std::chrono_literals;

namespace {

struct Terminal {
    test::ManualClock clock;
    std::vector<std::string> writes;

    [[nodiscard]] std::function<void(const std::string&)> sink() {
        return [this](const std::string& text) { writes.push_back(text); };
    }
};

}  // namespace

TEST_CASE("what is done within a second says nothing of how far it is") {
    Terminal terminal;
    {
        Progress progress("reading", terminal.clock, terminal.sink());
        progress.step(1, 10);
        terminal.clock.advance(999ms);
        progress.step(10, 10);
    }
    CHECK(terminal.writes.empty());
}

TEST_CASE("after a second it is said four times a second, and wiped at the end") {
    Terminal terminal;
    {
        Progress progress("reading the history", terminal.clock, terminal.sink());
        terminal.clock.advance(1s);
        for (std::uint64_t i = 1'000; i <= 1'010; ++i) {
            progress.step(i, 1'234'567);
            terminal.clock.advance(50ms);
        }
        CHECK(terminal.writes ==
              std::vector<std::string>{"\rregwatch: reading the history: 1,000 of 1,234,567",
                                       "\rregwatch: reading the history: 1,005 of 1,234,567",
                                       "\rregwatch: reading the history: 1,010 of 1,234,567"});
    }
    REQUIRE(terminal.writes.size() == 4);
    CHECK(terminal.writes.back() ==
          "\r" + std::string(terminal.writes.front().size() - 1, ' ') + "\r");
}

TEST_CASE("a shorter line covers the longer one before it") {
    Terminal terminal;
    Progress progress("x", terminal.clock, terminal.sink());
    terminal.clock.advance(2s);
    progress.step(1'000);
    terminal.clock.advance(1s);
    progress.step(7);
    CHECK(terminal.writes.back() == "\rregwatch: x: 7    ");
}

TEST_CASE("without a terminal nothing is written") {
    Terminal terminal;
    Progress progress("x", terminal.clock, nullptr);
    terminal.clock.advance(1h);
    progress.step(1, 2);
    progress.done();
    CHECK(terminal.writes.empty());
}
