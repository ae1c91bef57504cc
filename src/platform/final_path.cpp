#include "platform/final_path.h"

#include <algorithm>

namespace regwatch {
namespace {

constexpr std::string_view kPrefix = "\\\\?\\";
constexpr std::string_view kSharePrefix = "\\\\?\\UNC\\";

bool is_share(std::string_view path) {
    return path.starts_with(kSharePrefix) ||
           (path.starts_with("\\\\") && !path.starts_with(kPrefix));
}

}  // namespace

std::string without_prefix(std::string_view final_path) {
    if (final_path.starts_with(kSharePrefix))
        return "\\\\" + std::string(final_path.substr(kSharePrefix.size()));
    const bool is_drive =
        final_path.starts_with(kPrefix) && final_path.substr(kPrefix.size() + 1).starts_with(":\\");
    return std::string(is_drive ? final_path.substr(kPrefix.size()) : final_path);
}

std::vector<std::string> folders_above(std::string_view path) {
    constexpr std::ptrdiff_t kOfAShare = 3;  // separators in "\\server\share"
    std::vector<std::string> folders;
    for (std::size_t end = path.find_last_of('\\'); end != std::string_view::npos && end != 0;
         end = path.find_last_of('\\')) {
        path = path.substr(0, end);
        if (path.ends_with(':')) {
            folders.push_back(std::string(path) + '\\');
            break;
        }
        if (is_share(path) && std::count(path.begin(), path.end(), '\\') < kOfAShare) break;
        folders.emplace_back(path);
    }
    return folders;
}

bool leads_to_another_machine(std::string_view named, std::string_view found) {
    return is_share(found) && !is_share(named);
}

}  // namespace regwatch
