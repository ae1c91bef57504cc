#include "text/base64.h"

#include <catch2/catch_test_macros.hpp>
#include <vector>

using namespace regwatch;

namespace {

std::string of(const char* text) {
    const std::string_view view = text;
    return to_base64(std::vector<std::uint8_t>(view.begin(), view.end()));
}

}  // namespace

TEST_CASE("base64 of the examples in RFC 4648") {
    CHECK(of("").empty());
    CHECK(of("f") == "Zg==");
    CHECK(of("fo") == "Zm8=");
    CHECK(of("foo") == "Zm9v");
    CHECK(of("foob") == "Zm9vYg==");
    CHECK(of("fooba") == "Zm9vYmE=");
    CHECK(of("foobar") == "Zm9vYmFy");
}

TEST_CASE("base64 uses all its digits") {
    CHECK(to_base64(std::vector<std::uint8_t>{0xFB, 0xEF, 0xBE, 0xFF, 0xFF, 0xFF}) == "++++////");
}

TEST_CASE("base64 of text is of its units, low byte first") {
    CHECK(to_base64(std::u16string_view(u"a\u20AC")) == "YQCsIA==");
}
