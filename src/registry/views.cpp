#include "registry/views.h"

#include <algorithm>
#include <initializer_list>
#include <optional>
#include <string_view>
#include <vector>

#include "text/fold.h"

namespace regwatch {
namespace {

using Parts = std::vector<std::u16string>;
using Place = std::initializer_list<std::u16string_view>;

bool could_begin_with(const Parts& parts, Place place) {
    auto part = parts.begin();
    for (const std::u16string_view name : place) {
        if (part == parts.end()) return false;
        if (*part == u"**") return true;
        if (name != u"*" && !matches_glob(*part, name)) return false;
        ++part;
    }
    return true;
}

bool is_companion_of_a_hive(const Parts& parts) {
    return !parts.empty() && matches_glob(u"*_Classes", parts.front());
}

constexpr std::u16string_view kNode = u"WOW6432Node";
constexpr std::u16string_view kClasses = u"Classes";

// Below HKLM\SOFTWARE these are shared, with all that is below them.
constexpr std::u16string_view kShared[] = {
    u"Clients",
    u"Microsoft\\COM3",
    u"Microsoft\\Cryptography\\Calais\\Current",
    u"Microsoft\\Cryptography\\Calais\\Readers",
    u"Microsoft\\Cryptography\\Services",
    u"Microsoft\\CTF\\SystemShared",
    u"Microsoft\\CTF\\TIP",
    u"Microsoft\\DFS",
    u"Microsoft\\Driver Signing",
    u"Microsoft\\EnterpriseCertificates",
    u"Microsoft\\EventSystem",
    u"Microsoft\\MSMQ",
    u"Microsoft\\Non-Driver Signing",
    u"Microsoft\\Notepad\\DefaultFonts",
    u"Microsoft\\OLE",
    u"Microsoft\\RAS",
    u"Microsoft\\RPC",
    u"Microsoft\\Shared Tools\\MSInfo",
    u"Microsoft\\SystemCertificates",
    u"Microsoft\\TermServLicensing",
    u"Microsoft\\Transaction Server",
    u"Microsoft\\Windows\\CurrentVersion\\App Paths",
    u"Microsoft\\Windows\\CurrentVersion\\Control Panel\\Cursors\\Schemes",
    u"Microsoft\\Windows\\CurrentVersion\\Explorer\\AutoplayHandlers",
    u"Microsoft\\Windows\\CurrentVersion\\Explorer\\DriveIcons",
    u"Microsoft\\Windows\\CurrentVersion\\Explorer\\KindMap",
    u"Microsoft\\Windows\\CurrentVersion\\Group Policy",
    u"Microsoft\\Windows\\CurrentVersion\\PreviewHandlers",
    u"Microsoft\\Windows\\CurrentVersion\\Setup",
    u"Microsoft\\Windows\\CurrentVersion\\Telephony\\Locations",
    u"Microsoft\\Windows NT\\CurrentVersion\\Console",
    u"Microsoft\\Windows NT\\CurrentVersion\\FontDpi",
    u"Microsoft\\Windows NT\\CurrentVersion\\FontLink",
    u"Microsoft\\Windows NT\\CurrentVersion\\FontMapper",
    u"Microsoft\\Windows NT\\CurrentVersion\\Fonts",
    u"Microsoft\\Windows NT\\CurrentVersion\\FontSubstitutes",
    u"Microsoft\\Windows NT\\CurrentVersion\\Gre_initialize",
    u"Microsoft\\Windows NT\\CurrentVersion\\Image File Execution Options",
    u"Microsoft\\Windows NT\\CurrentVersion\\ICM",
    u"Microsoft\\Windows NT\\CurrentVersion\\LanguagePack",
    u"Microsoft\\Windows NT\\CurrentVersion\\NetworkCards",
    u"Microsoft\\Windows NT\\CurrentVersion\\Perflib",
    u"Microsoft\\Windows NT\\CurrentVersion\\Ports",
    u"Microsoft\\Windows NT\\CurrentVersion\\Print",
    u"Microsoft\\Windows NT\\CurrentVersion\\ProfileList",
    u"Microsoft\\Windows NT\\CurrentVersion\\Time Zones",
    u"Policies",
    u"RegisteredApplications",
};
// Classes are shared but for these.
constexpr std::u16string_view kApart[] = {u"CLSID", u"DirectShow", u"Interface", u"Media Type",
                                          u"MediaFoundation"};

// What is left of the path below the place. Nothing: it is not there.
std::optional<std::u16string_view> rest_below(std::u16string_view path, std::u16string_view place) {
    if (!equal_folded(path.substr(0, place.size()), place)) return std::nullopt;
    path.remove_prefix(place.size());
    if (path.empty()) return path;
    if (path.front() != u'\\') return std::nullopt;
    return path.substr(1);
}

template <class Places>
bool is_in(const Places& places, std::u16string_view path) {
    return std::any_of(std::begin(places), std::end(places), [path](std::u16string_view place) {
        return rest_below(path, place).has_value();
    });
}

// In a hive of classes of its own, or below Software.
std::optional<std::u16string_view> rest_below_classes(std::u16string_view path, Root root) {
    if (root == Root::current_user) return rest_below(path, u"Software\\Classes");
    const std::size_t end = std::min(path.find(u'\\'), path.size());
    const std::u16string_view hive = path.substr(0, end);
    const std::u16string_view rest = path.substr(std::min(end + 1, path.size()));
    if (matches_glob(u"*_Classes", hive)) return rest;
    return rest_below(rest, u"Software\\Classes");
}

// What follows after the place of the node. Nothing: the key has no node in its way.
std::optional<std::u16string_view> rest_below_node(const KeyPath& key) {
    std::optional<std::u16string_view> classes;
    if (key.root == Root::local_machine) {
        const auto software = rest_below(key.subkey, u"SOFTWARE");
        if (!software || is_in(kShared, *software) || rest_below(*software, kNode))
            return std::nullopt;
        classes = rest_below(*software, kClasses);
        if (!classes) return software;
    } else {
        classes = rest_below_classes(key.subkey, key.root);
    }
    return classes && is_in(kApart, *classes) ? classes : std::nullopt;
}

}  // namespace

bool has_32bit_view(const KeyPath& key) {
    const Parts parts = key.components();
    switch (key.root) {
        case Root::local_machine:
            return could_begin_with(parts, {u"SOFTWARE"});
        case Root::users:
            return is_companion_of_a_hive(parts) ||
                   could_begin_with(parts, {u"*", u"Software", u"Classes"});
        case Root::current_user:
            return could_begin_with(parts, {u"Software", u"Classes"});
    }
    return false;
}

KeyPath as_64bit(const KeyPath& key) {
    KeyPath wide = key;
    wide.view = View::bits64;
    if (key.view == View::bits64) return wide;
    const auto rest = rest_below_node(key);
    if (!rest) return wide;
    if (rest->empty()) return wide.child(kNode);
    wide.subkey.insert(wide.subkey.size() - rest->size(), std::u16string(kNode).append(u"\\"));
    return wide;
}

bool contains_32bit_view(const KeyPath& key) {
    if (!has_32bit_view(key)) return false;
    const std::size_t depth = key.components().size();
    switch (key.root) {
        case Root::local_machine:
            return depth == 1 || (depth == 2 && equal_folded(key.leaf(), u"Classes"));
        case Root::users:
            return depth == 1 || (depth == 3 && equal_folded(key.leaf(), u"Classes"));
        case Root::current_user:
            return depth == 2;
    }
    return false;
}

}  // namespace regwatch
