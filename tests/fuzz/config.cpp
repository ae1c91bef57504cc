// Any bytes as a config, together with a file that it may include: an answer comes back, it is one or
// the other, and every problem has words and a place that is there.
//
// What is behind the first two NULs is the file that every include gets.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "fuzz/expect.h"
#include "settings/loader.h"

namespace regwatch::fuzz {
namespace {

void check(const LoadOutcome& outcome, std::size_t largest) {
    expect(outcome.settings.has_value() == outcome.problems.empty(), "neither or both");
    for (const Problem& problem : outcome.problems) {
        expect(!problem.message.empty(), "a problem without words");
        expect(problem.text().find('\n') == std::string::npos, "a problem of two lines");
        expect((problem.line == 0) == (problem.column == 0), "half a place");
        expect(problem.line <= largest + 1 && problem.column <= largest + 1, "a place outside");
    }
}

void run(std::string_view bytes) {
    constexpr std::string_view kCut("\0\0", 2);
    const std::size_t cut = bytes.find(kCut);
    const std::string_view main = bytes.substr(0, cut);
    const std::string_view other =
        cut == bytes.npos ? std::string_view() : bytes.substr(cut + kCut.size());
    ConfigSource source;
    source.read = [&](const std::string& path) -> Result<std::string> {
        if (path.size() % 8 != 0) return std::string(other);
        return Error{ErrorKind::not_found, 0, "reading", path, "there is no such file"};
    };
    source.packs = [](const std::string&) {
        return std::vector<std::string>{"autostart", "services"};
    };
    check(load_settings(main, "c/main.json", source), std::max(main.size(), other.size()));
}

}  // namespace
}  // namespace regwatch::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    regwatch::fuzz::run({reinterpret_cast<const char*>(data), size});
    return 0;
}
