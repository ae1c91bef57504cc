#include "registry/key_path.h"

#include <algorithm>
#include <iterator>
#include <numeric>
#include <utility>

#include "text/fold.h"
#include "text/utf.h"

namespace regwatch {
namespace {

// Limits of the system: winreg.h's documentation, "Registry element size limits".
constexpr std::size_t kMaxNameLength = 255;
constexpr std::size_t kMaxDepth = 512;

struct Hive {
    std::u16string_view short_name;
    std::u16string_view long_name;
    Root root;
    std::u16string_view prefix;  // where in that root it really is
};

constexpr Hive kHives[] = {
    {u"HKLM", u"HKEY_LOCAL_MACHINE", Root::local_machine, u""},
    {u"HKU", u"HKEY_USERS", Root::users, u""},
    {u"HKCU", u"HKEY_CURRENT_USER", Root::current_user, u""},
    {u"HKCR", u"HKEY_CLASSES_ROOT", Root::local_machine, u"SOFTWARE\\Classes"},
    {u"HKCC", u"HKEY_CURRENT_CONFIG", Root::local_machine,
     u"SYSTEM\\CurrentControlSet\\Hardware Profiles\\Current"},
};

// Roots that are not kept as keys at all, and that no notification can be had for.
constexpr std::u16string_view kComputed[] = {
    u"HKPD", u"HKEY_PERFORMANCE_DATA", u"HKEY_PERFORMANCE_TEXT", u"HKEY_PERFORMANCE_NLSTEXT",
    u"HKDD", u"HKEY_DYN_DATA",
};

const Hive* find_hive(std::u16string_view name) {
    for (const Hive& hive : kHives) {
        if (equal_folded(name, hive.short_name) || equal_folded(name, hive.long_name)) return &hive;
    }
    return nullptr;
}

const Hive& hive_of(Root root) {
    return *std::find_if(std::begin(kHives), std::end(kHives), [root](const Hive& hive) {
        return hive.root == root && hive.prefix.empty();
    });
}

// How many letters have to be changed, added or removed to make one name the other.
std::size_t edit_distance(std::u16string_view a, std::u16string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = std::exchange(row[0], i);
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t replaced = diagonal + (fold(a[i - 1]) == fold(b[j - 1]) ? 0 : 1);
            diagonal = std::exchange(row[j], std::min({row[j] + 1, row[j - 1] + 1, replaced}));
        }
    }
    return row[b.size()];
}

// Empty where nothing is near.
std::u16string_view nearest_hive_name(std::u16string_view name) {
    std::u16string_view nearest;
    if (name.size() > 30) return nearest;
    std::size_t least = name.size() > 8 ? 5 : 3;
    for (const Hive& hive : kHives) {
        for (const std::u16string_view candidate : {hive.short_name, hive.long_name}) {
            const std::size_t distance = edit_distance(name, candidate);
            if (distance < least) {
                least = distance;
                nearest = candidate;
            }
        }
    }
    return nearest;
}

// The first part of `rest`, which is removed together with the backslash behind it.
std::u16string_view take_part(std::u16string_view& rest) {
    const std::size_t end = rest.find(u'\\');
    const std::u16string_view part = rest.substr(0, end);
    rest.remove_prefix(end == std::u16string_view::npos ? rest.size() : end + 1);
    return part;
}

bool take_prefix(std::u16string_view& text, std::u16string_view prefix) {
    if (!equal_folded(text.substr(0, prefix.size()), prefix)) return false;
    text.remove_prefix(prefix.size());
    return true;
}

class Parser {
public:
    Parser(std::u16string_view text, View view) : text_(text), view_(view) {}

    Result<KeyPath> parse() {
        if (text_.empty()) return wrong("it is empty; write it like HKLM\\SOFTWARE\\Example");
        if (std::optional<Error> error = check_characters()) return *std::move(error);

        std::u16string_view rest = text_;
        Result<const Hive*> hive = take_root(rest);
        if (!hive) return std::move(hive).error();

        std::u16string subkey(hive.value()->prefix);
        if (rest.size() > 1 && rest.back() == u'\\') rest.remove_suffix(1);
        if (std::optional<Error> error = check_parts(rest)) return *std::move(error);
        if (!subkey.empty() && !rest.empty()) subkey.push_back(u'\\');
        subkey += rest;
        return KeyPath{hive.value()->root, std::move(subkey), view_};
    }

    // Of a text that can be parsed.
    [[nodiscard]] bool is_classes_root() const {
        std::u16string_view rest = text_;
        const Result<const Hive*> hive = take_root(rest);
        return hive.ok() && hive.value()->short_name == u"HKCR";
    }

private:
    [[nodiscard]] Error wrong(std::string reason) const {
        return {ErrorKind::invalid, 0, "reading the key's name", readable(text_),
                std::move(reason)};
    }

    [[nodiscard]] std::optional<Error> check_characters() const {
        const auto bad = std::find_if(text_.begin(), text_.end(),
                                      [](char16_t unit) { return unit < 0x20 || unit == 0x7F; });
        if (bad == text_.end()) return std::nullopt;
        return wrong("it holds the control character " + readable(std::u16string_view(&*bad, 1)) +
                     " at position " + std::to_string(bad - text_.begin() + 1) +
                     "; in JSON a backslash is written twice: double the backslash");
    }

    // Removes the part that names the root, however it is written.
    [[nodiscard]] Result<const Hive*> take_root(std::u16string_view& rest) const {
        if (rest.front() == u'\\') return take_native_root(rest);
        // PowerShell's and regedit's ways of saying that a registry key follows.
        (void)take_prefix(rest, u"Microsoft.PowerShell.Core\\");
        if (!take_prefix(rest, u"Registry::")) (void)take_prefix(rest, u"Computer\\");

        std::u16string_view name = take_part(rest);
        if (!name.empty() && name.back() == u':') name.remove_suffix(1);
        if (const Hive* hive = find_hive(name)) return hive;

        // In other languages regedit's "Computer" is another word; the long name follows it.
        std::u16string_view after = rest;
        const std::u16string_view second = take_part(after);
        const Hive* hive = find_hive(second);
        if (hive && equal_folded(second, hive->long_name)) {
            rest = after;
            return hive;
        }
        return unknown_root(name);
    }

    [[nodiscard]] Result<const Hive*> take_native_root(std::u16string_view& rest) const {
        if (!take_prefix(rest, u"\\REGISTRY\\")) {
            return wrong(text_.substr(0, 2) == u"\\\\"
                             ? "a key of another computer cannot be watched from here; leave out "
                               "the computer's name"
                             : "it begins with a backslash; begin with HKLM or HKU, or with "
                               "\\REGISTRY\\MACHINE or \\REGISTRY\\USER");
        }
        const std::u16string_view name = take_part(rest);
        if (equal_folded(name, u"MACHINE")) return &hive_of(Root::local_machine);
        if (equal_folded(name, u"USER")) return &hive_of(Root::users);
        return wrong("below \\REGISTRY only MACHINE and USER can be watched");
    }

    [[nodiscard]] Error unknown_root(std::u16string_view name) const {
        const auto is_name = [name](std::u16string_view other) {
            return equal_folded(name, other);
        };
        if (std::any_of(std::begin(kComputed), std::end(kComputed), is_name)) {
            return wrong(readable(name) +
                         " holds no keys: its data is computed when it is read, and nothing tells "
                         "of a change; it cannot be watched");
        }
        const std::u16string_view head = name.substr(0, name.find(u'/'));
        if (head.size() < name.size() && find_hive(head)) {
            return wrong("'/' is part of a name in the registry; write '\\' between the parts");
        }
        std::string reason = "'" + readable(name) + "' is none of HKLM, HKU, HKCU, HKCR, HKCC";
        const std::u16string_view nearest = nearest_hive_name(name);
        if (!nearest.empty()) reason += "; did you mean " + readable(nearest) + "?";
        return wrong(std::move(reason));
    }

    [[nodiscard]] std::optional<Error> check_parts(std::u16string_view rest) const {
        for (std::size_t depth = 1; !rest.empty(); ++depth) {
            const bool ends_open = rest.back() == u'\\';
            const std::u16string_view part = take_part(rest);
            if (part.empty() || (rest.empty() && ends_open)) {
                return wrong("two backslashes follow each other; write one between two parts");
            }
            if (part.size() > kMaxNameLength) {
                return wrong("a part of it has " + std::to_string(part.size()) +
                             " characters; a key's name has at most 255");
            }
            if (depth > kMaxDepth) return wrong("it is deeper than 512 levels");
        }
        return std::nullopt;
    }

    std::u16string_view text_;
    View view_;
};

}  // namespace

Result<KeyPath> KeyPath::parse(std::u16string_view text, View view) {
    return Parser(text, view).parse();
}

Result<KeyPath> KeyPath::parse(std::string_view utf8, View view) {
    const std::u16string text = to_utf16(utf8);
    if (to_wtf8(text) != utf8) {
        return Error{ErrorKind::invalid, 0, "reading the key's name", readable(text),
                     "it is not valid UTF-8"};
    }
    return parse(text, view);
}

Result<std::vector<KeyPath>> KeyPath::parse_all(std::string_view utf8, View view) {
    auto first = parse(utf8, view);
    if (!first) return std::move(first).error();
    std::vector<KeyPath> all = {std::move(first).value()};
    if (Parser(to_utf16(utf8), view).is_classes_root()) {
        constexpr std::size_t kMachine = std::size("SOFTWARE\\Classes") - 1;
        KeyPath users = all.front();
        users.root = Root::current_user;
        users.subkey.replace(0, kMachine, u"Software\\Classes");
        all.push_back(std::move(users));
    }
    return all;
}

std::u16string KeyPath::text() const {
    std::u16string text(hive_of(root).short_name);
    if (!subkey.empty()) text.append(u"\\").append(subkey);
    return text;
}

std::string KeyPath::utf8() const { return readable(text()); }

std::u16string KeyPath::folded() const {
    return (view == View::bits64 ? u"64 " : u"32 ") + fold(text());
}

std::optional<KeyPath> KeyPath::parent() const {
    if (subkey.empty()) return std::nullopt;
    const std::size_t end = subkey.rfind(u'\\');
    return KeyPath{root, end == std::u16string::npos ? std::u16string() : subkey.substr(0, end),
                   view};
}

KeyPath KeyPath::child(std::u16string_view name) const {
    KeyPath below = *this;
    if (!below.subkey.empty()) below.subkey.push_back(u'\\');
    below.subkey += name;
    return below;
}

std::vector<std::u16string> KeyPath::components() const {
    std::vector<std::u16string> parts;
    for (std::u16string_view rest = subkey; !rest.empty();) parts.emplace_back(take_part(rest));
    return parts;
}

std::u16string_view KeyPath::leaf() const {
    const std::size_t end = subkey.rfind(u'\\');
    return std::u16string_view(subkey).substr(end == std::u16string::npos ? 0 : end + 1);
}

bool KeyPath::has_wildcards() const { return subkey.find_first_of(u"*?") != std::u16string::npos; }

}  // namespace regwatch
