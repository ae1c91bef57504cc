// Key paths and path patterns, from any bytes: what parses is one key under one name.
#include <cstdint>
#include <string>
#include <string_view>

#include "fuzz/expect.h"
#include "registry/key_path.h"
#include "text/path_pattern.h"
#include "text/utf.h"

namespace regwatch::fuzz {
namespace {

void check_key(const KeyPath& key) {
    const auto again = KeyPath::parse(key.text(), key.view);
    expect(again.ok(), "what was parsed once is refused under its own text");
    expect(again->folded() == key.folded(), "two spellings of a key differ");
    std::u16string joined;
    for (const std::u16string& component : key.components()) {
        expect(!component.empty(), "a component is empty");
        if (!joined.empty()) joined += u'\\';
        joined += component;
    }
    expect(joined == key.subkey, "the components are not the path");
    if (const auto parent = key.parent()) {
        expect(parent->child(key.leaf()) == key, "a key is not the child of its parent");
    } else {
        expect(key.is_root(), "a key that is no root has no parent");
    }
    for (const char c : key.utf8()) {
        expect(static_cast<unsigned char>(c) >= 0x20, "a control character is shown as it is");
    }
}

void check_pattern(std::u16string_view pattern_text, std::u16string_view path) {
    const PathPattern pattern(pattern_text);
    const PathPattern::Fit fit = pattern.fit(path);
    expect(!fit.whole || fit.above, "a path fits, but nothing down to it does");
    const std::u16string lower = std::u16string(path) + (path.empty() ? u"x" : u"\\x");
    expect(!fit.above || pattern.fit(lower).above, "what is below a key that fits is not");
    expect(!pattern.fit(lower).whole || fit.below, "a path fits that its parent did not expect");
}

void run(std::string_view bytes) {
    for (const View view : {View::bits64, View::bits32}) {
        if (const auto key = KeyPath::parse(bytes, view)) check_key(*key);
    }
    const std::u16string text = to_utf16(bytes);
    if (const auto key = KeyPath::parse(text)) check_key(*key);
    const std::size_t split = text.find(u'\n');
    if (split == std::u16string::npos) return;
    check_pattern(std::u16string_view(text).substr(0, split),
                  std::u16string_view(text).substr(split + 1));
}

}  // namespace
}  // namespace regwatch::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    regwatch::fuzz::run({reinterpret_cast<const char*>(data), size});
    return 0;
}
